"""What a source says about an order, in one form whoever said it."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.clock import Instant
from core.log import Event
from tracking.orders.pricing import Price, PricedLine

Rank: TypeAlias = tuple[Instant, int, int]
"""`updated_at` (0 when not told), revision, position: of several trusted reports the highest counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReport:
    """An order. `price` is None where the amounts cannot be read; then `problem` says why."""

    order_id: str
    event: Event
    placed_at: Instant
    rank: Rank
    currency: str | None
    price: Price | None = None
    lines: tuple[PricedLine, ...] = ()
    promised_at: Instant | None = None
    email: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    address: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What of a line is to be given back. `line_id` may also be a product of the order; `amount` is a text in major units."""

    line_id: str
    quantity: int
    amount: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A refund as asked. Amounts stay texts in major units, because only the order knows its currency."""

    order_id: str
    refund_id: str
    at: Instant
    position: int
    amount: str | None
    shipping: str | None
    lines: tuple[AskedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReport:
    """A refund told by an event."""

    order_id: str
    event: Event
    refund: Refund


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationReport:
    """An order called off."""

    order_id: str
    event: Event
    at: Instant


Report: TypeAlias = OrderReport | RefundReport | CancellationReport
