"""CatalogError
├── UnreadableProduct
└── UnknownCursor
"""


class CatalogError(Exception):
    """Something about the catalog cannot be done."""


class UnreadableProduct(CatalogError):
    def __init__(self, product_id: str, reason: str) -> None:
        super().__init__(f"The product “{product_id[:40]}” cannot be read: {reason}.")


class UnknownCursor(CatalogError):
    def __init__(self, text: str) -> None:
        super().__init__(f"“{text[:40]}” is not a cursor that a page of products has given.")
