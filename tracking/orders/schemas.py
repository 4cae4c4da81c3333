"""Documents a shop sends about orders, the facts concluded from them, and what other parts see."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from core.clock import Instant

Amount: TypeAlias = str | float | int | None
Status: TypeAlias = Literal["reported", "placed", "cancelled"]


class LineDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line as the shop reports it; `price` is for one piece."""

    line_id: str
    product_id: str
    variant_id: str | None = None
    name: str | None = None
    quantity: int = 1
    price: Amount = None


class OrderDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`order received`: generic topics `order.created` and `order.updated`, and files. Times are ISO 8601."""

    v: int = 1
    order_id: str
    occurred_at: str
    currency: str
    total: Amount = None
    tax: Amount = None
    shipping: Amount = None
    discount: Amount = None
    email: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    promised_at: str | None = None
    address: dict[str, Any] = {}
    lines: list[LineDocument] = []


class RefundLineDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What of a line is given back."""

    line_id: str
    quantity: int = 1
    amount: Amount = None


class RefundDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`refund received`."""

    v: int = 1
    refund_id: str
    order_id: str
    occurred_at: str
    amount: Amount = None
    lines: list[RefundLineDocument] = []


class CancellationDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`order cancellation received`."""

    v: int = 1
    order_id: str
    occurred_at: str


class PlacedLine(msgspec.Struct, kw_only=True, frozen=True):
    """A line of `order placed`; `price` (one piece) and `total` in minor units; categories as of the order's position."""

    line_id: str
    product_id: str
    variant_id: str | None
    name: str
    quantity: int
    price: int
    total: int
    categories: list[str]


class OrderPlaced(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `order placed`, key ("order placed", order_id): a trusted source has confirmed the order. Amounts in minor units.

    `goods` is the sum of the lines after `discount`, what points are counted on; `total` is what the buyer pays.
    """

    v: int = 1
    order_id: str
    person_id: int
    user_id: str | None
    anonymous_id: str | None
    email: str | None
    currency: str
    total: int
    goods: int
    tax: int
    shipping: int
    discount: int
    placed_at: Instant
    promised_at: Instant | None
    source: str
    lines: list[PlacedLine]
    country: str | None = None


class RefundedLine(msgspec.Struct, kw_only=True, frozen=True):
    """What of a line was given back, minor units."""

    line_id: str
    quantity: int
    amount: int


class OrderRefunded(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `order refunded`, key ("order refunded", refund_id)."""

    v: int = 1
    refund_id: str
    order_id: str
    person_id: int
    currency: str
    amount: int
    refunded_at: Instant
    lines: list[RefundedLine]


class OrderCancelled(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `order cancelled`, key ("order cancelled", order_id)."""

    v: int = 1
    order_id: str
    person_id: int
    currency: str
    total: int
    cancelled_at: Instant


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an order as it is now."""

    line_id: str
    product_id: str
    variant_id: str | None
    name: str
    quantity: int
    price: int
    total: int
    refunded: int


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as it is now; amounts in minor units."""

    order_id: str
    person_id: int
    status: Status
    source: str
    currency: str
    total: int
    goods: int
    tax: int
    shipping: int
    discount: int
    refunded: int
    email: str | None
    placed_at: Instant
    promised_at: Instant | None
    address: dict[str, Any]
    lines: tuple[Line, ...] = ()
    position: int = 0
