"""An order while a batch is folded: what the tables hold, changed in memory and written back once."""

from dataclasses import dataclass, field
from typing import Any

from core.clock import Instant
from tracking.orders.pricing import PricedLine
from tracking.orders.reports import OrderReport, Rank


@dataclass(slots=True)
class LineState:
    """A line; `returned` pieces and `refunded` minor units were taken back."""

    number: int
    line: PricedLine
    returned: int = 0
    refunded: int = 0

    @property
    def pieces_left(self) -> int:
        return max(0, self.line.quantity - self.returned)

    @property
    def amount_left(self) -> int:
        return max(0, self.line.total - self.refunded)


@dataclass(slots=True, kw_only=True)
class OrderState:
    """An order; amounts in minor units."""

    order_id: str
    person_id: int = 0
    status: str = "reported"
    source: str = ""
    currency: str = ""
    total: int = 0
    goods: int = 0
    tax: int = 0
    shipping: int = 0
    discount: int = 0
    refunded: int = 0
    email: str | None = None
    user_id: str | None = None
    anonymous_id: str | None = None
    placed_at: Instant = 0
    promised_at: Instant | None = None
    cancelled_at: Instant | None = None
    address: dict[str, Any] = field(default_factory=dict)
    rank: Rank = (0, 0, 0)
    lines: dict[str, LineState] = field(default_factory=dict)
    is_stored: bool = False
    replaces_lines: bool = False

    @property
    def counts(self) -> bool:
        """Whether a trusted source has confirmed it (it may have been cancelled since)."""
        return self.status != "reported"

    def take(self, report: OrderReport, person_id: int) -> None:
        """Let the report's figures be the order's; what was refunded of a line that is still there stays.

        Who bought, where it goes and the lines stay as a trusted report said them where a later one does not say them.
        """
        assert report.price is not None
        assert report.currency is not None
        self._take_buyer(report, person_id)
        self.source, self.currency, self.rank = report.event.source, report.currency, report.rank
        self.total, self.tax = report.price.total, report.price.tax
        self.shipping, self.discount = report.price.shipping, report.price.discount
        self.placed_at = report.placed_at
        if not self.counts or self.promised_at is None:
            self.promised_at = report.promised_at  # a promise is never rewritten
        if report.lines or not self.counts:
            self.goods = report.price.goods
            self._replace_lines(report.lines)

    def _take_buyer(self, report: OrderReport, person_id: int) -> None:
        if not self.counts:
            self.person_id, self.address = person_id, report.address
            self.email, self.user_id, self.anonymous_id = report.email, report.user_id, report.anonymous_id
            return
        if _strength(report) >= _strength(self):
            self.person_id = person_id
        self.email, self.user_id = report.email or self.email, report.user_id or self.user_id
        self.anonymous_id = report.anonymous_id or self.anonymous_id
        self.address = report.address or self.address

    def _replace_lines(self, lines: tuple[PricedLine, ...]) -> None:
        before, self.lines = self.lines, {}
        for number, line in enumerate(lines, 1):
            old = before.get(line.line_id)
            self.lines[line.line_id] = LineState(number, line, old.returned if old else 0, old.refunded if old else 0)
        self.replaces_lines = True


def _strength(order: OrderReport | OrderState) -> int:
    """Which identity decides whose an order is, as in `people.resolve`: a user id, else an e-mail, else an anonymous id."""
    return 3 if order.user_id else 2 if order.email else 1 if order.anonymous_id else 0
