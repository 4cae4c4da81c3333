"""What the simulator tells: one frozen struct per thing that happened.

`at` is when the shop learns of it (the stream is ordered by it), in milliseconds since 1970 UTC. Amounts are integer minor units (cents).
Products are named by their index in the assortment, so that a year stays small.
"""

from typing import Literal

from msgspec import Struct

Call = Literal["page", "identify", "track"]


class Line(Struct, frozen=True):
    """A product in a cart or an order; `price` is for one piece, in minor units."""

    product: int
    quantity: int
    price: int


class Amounts(Struct, frozen=True, kw_only=True):
    """What an order costs: goods - discount + shipping = total. `tax` is included in `total`, as on German shelves."""

    goods: int
    discount: int
    shipping: int
    tax: int
    total: int


class Address(Struct, frozen=True):
    """Where a parcel goes."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str


class AccountOpened(Struct, frozen=True, kw_only=True, tag="account opened"):
    """A shopper made an account, in the simulated year or in a year before it."""

    at: int
    user_id: str
    email: str
    first_name: str
    last_name: str
    country: str
    city: str
    accepts_marketing: bool


class Browsed(Struct, frozen=True, kw_only=True, tag="browsed"):
    """One call that the snippet on a page of the shop would have made."""

    at: int
    message_id: str
    call: Call
    name: str
    anonymous_id: str
    user_id: str | None
    referrer: str = ""
    category: str | None = None
    lines: tuple[Line, ...] = ()
    order_id: str | None = None
    amounts: Amounts | None = None
    accepts_personalization: bool = True


class OrderPlaced(Struct, frozen=True, kw_only=True, tag="order placed"):
    """The shop took an order."""

    at: int
    order_id: str
    email: str
    user_id: str | None
    anonymous_id: str
    address: Address
    lines: tuple[Line, ...]
    amounts: Amounts
    promised_at: int


class OrderRefunded(Struct, frozen=True, kw_only=True, tag="order refunded"):
    """Pieces came back; `amount` is what the buyer got for `lines`, the order's discount taken off in proportion."""

    at: int
    refund_id: str
    order_id: str
    lines: tuple[Line, ...]
    amount: int


class ParcelScanned(Struct, frozen=True, kw_only=True, tag="parcel scanned"):
    """A carrier scanned a parcel at `scanned_at`; the shop heard of it at `at`, now and then later than of the next scan."""

    at: int
    parcel_id: str
    order_id: str
    carrier: str
    tracking_number: str
    status: str
    raw_code: str
    scanned_at: int
    place: str


Occurrence = AccountOpened | Browsed | OrderPlaced | OrderRefunded | ParcelScanned
