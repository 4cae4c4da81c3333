"""What a shopper can be told instead of a page.

ShopError
├── NotFound            404
├── FormExpired         403
├── NotReturnable       422
└── OutOfStock          422
"""


class ShopError(Exception):
    """Something the shopper is told in one sentence."""

    status = 500


class NotFound(ShopError):
    """The address names nothing that is here, or nothing this shopper may see."""

    status = 404


class FormExpired(ShopError):
    """The form does not carry the token of this session."""

    status = 403

    def __init__(self) -> None:
        super().__init__("This form is too old. Go back, load the page again, and send it once more.")


class NotReturnable(ShopError):
    """The line cannot be returned, now or at all."""

    status = 422


class OutOfStock(ShopError):
    """Less is left than the cart holds."""

    status = 422

    def __init__(self, name: str, left: int) -> None:
        super().__init__(f"Only {left} of {name} left: change the number in your basket.")
