"""Documents a shop sends about orders, the facts concluded from them, and what other parts see."""

from dataclasses import dataclass
from datetime import date
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
    """`order received`: generic topics `order.created` and `order.updated`, and files. Times are ISO 8601.

    Of several documents about one order the one with the latest `updated_at`, then the higher `revision` (0 created, 1 updated),
    then the later in the log counts. Without `total` it is goods + shipping + tax.
    """

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
    updated_at: str | None = None
    revision: int = 0


class RefundLineDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What of a line is given back."""

    line_id: str
    quantity: int = 1
    amount: Amount = None


class RefundDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`refund received`: `lines` and the money for them; `shipping` is what of `amount` is not for goods.

    Without lines the amount is spread over what is left of the goods; without an amount the lines' prices count; without both
    everything that is left is given back.
    """

    v: int = 1
    refund_id: str
    order_id: str
    occurred_at: str
    amount: Amount = None
    shipping: Amount = None
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
class RefundView:
    """A refund as it was applied, minor units; one that waits for its order has the amount 0."""

    refund_id: str
    amount: int
    at: Instant
    waits: bool
    lines: tuple[RefundedLine, ...]
    position: int


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """What one source said about an order. `difference` is its total less the one that counts, where both are known."""

    kind: str
    source: str
    name: str
    at: Instant
    total: int | None
    currency: str | None
    difference: int | None
    problem: str | None
    position: int


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order as it is now; amounts in minor units. `refunds` and `reports` are filled for a single order only."""

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
    cancelled_at: Instant | None
    address: dict[str, Any]
    lines: tuple[Line, ...] = ()
    refunds: tuple[RefundView, ...] = ()
    reports: tuple[ReportView, ...] = ()
    position: int = 0

    @property
    def net(self) -> int:
        """What the buyer has paid and not got back."""
        return self.total - self.refunded


@dataclass(frozen=True, kw_only=True)
class OrderHeader:
    """What other parts need of an order without its lines."""

    order_id: str
    person_id: int
    status: Status
    placed_at: Instant
    promised_at: Instant | None


@dataclass(frozen=True, kw_only=True)
class OrderPage:
    """Some orders, newest first; `next` is the cursor of the following page or None."""

    items: tuple[Order, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class OrderStatistics:
    """What a person has bought: placed orders, `total_minor` net of refunds in the currency of the latest order."""

    person_id: int
    first_order_at: Instant
    last_order_at: Instant
    order_count: int
    currency: str
    total_minor: int
    refund_count: int


@dataclass(frozen=True, kw_only=True)
class DayFigures:
    """Placed orders of one local day in one currency; revenue net of refunds in minor units.

    A buyer is returning when the order is not their first one; orders of nobody are not.
    """

    day: date
    currency: str
    orders: int
    revenue: int
    returning_orders: int
    returning_revenue: int


@dataclass(frozen=True, kw_only=True)
class DayReturns:
    """Placed orders of known buyers on one local day, and how many were followed by another one in time."""

    day: date
    orders: int
    again: int
