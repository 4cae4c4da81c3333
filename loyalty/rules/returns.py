"""What of each order was given back, line by line: the base on which points are taken back."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.db import Session
from core.log import Event
from loyalty.ledger.schemas import EarnedLot
from loyalty.rules import evaluation, repository, service
from loyalty.rules.schemas import RuleBody
from tracking.orders.schemas import OrderCancelled, OrderRefunded

EVERYTHING = "*"


class Returns:
    """Refunded amounts by order and line, minor units; a refund counts once, a cancelled order keeps nothing."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[str, int]] = {}
        self._seen: set[str] = set()
        self.added: list[dict[str, Any]] = []

    def put(self, order_id: str, refund_id: str, line_id: str, amount: int) -> None:
        """Remember what was recorded before."""
        self._seen.add(refund_id)
        lines = self._lines.setdefault(order_id, {})
        lines[line_id] = lines.get(line_id, 0) + amount

    def add(self, event: Event) -> None:
        """Count a refund or a cancellation, unless it was counted before."""
        refund_id, order_id, lines = _read(event)
        if refund_id in self._seen:
            return
        for line_id, amount in lines.items():
            self.put(order_id, refund_id, line_id, amount)
            self.added.append(
                {
                    "store_id": event.store_id,
                    "refund_id": refund_id,
                    "line_id": line_id,
                    "order_id": order_id,
                    "amount": amount,
                    "cause": event.position,
                }
            )
        self._seen.add(refund_id)

    def kept_points(self, lot: EarnedLot) -> int:
        """What the kept lines of the lot's order earn by the lot's own rule."""
        body = service.read_body(lot.explanation["rule"])
        return self.kept(lot.order_id, body, lot.explanation["basis"])

    def kept(self, order_id: str, body: RuleBody, basis: Mapping[str, int]) -> int:
        """The same for a rule and what it counted."""
        lines = self._lines.get(order_id, {})
        return 0 if EVERYTHING in lines else evaluation.kept_points(body, basis, lines)


def load(session: Session, store_id: int, order_ids: Sequence[str]) -> Returns:
    """What was given back of these orders so far."""
    found = Returns()
    for row in repository.returned(session, store_id, order_ids):
        found.put(row.order_id, row.refund_id, row.line_id, row.amount)
    return found


def save(session: Session, given_back: Returns) -> None:
    """Record what was added."""
    repository.record_returned(session, given_back.added)


def order_of(event: Event) -> str:
    """The order that a refund or a cancellation is about."""
    return _read(event)[1]


def _read(event: Event) -> tuple[str, str, dict[str, int]]:
    if event.name == "order cancelled":
        order_id = event.read(OrderCancelled).order_id
        return f"cancelled {order_id}", order_id, {EVERYTHING: 0}
    refund = event.read(OrderRefunded)
    lines: dict[str, int] = {}
    for line in refund.lines:
        lines[line.line_id] = lines.get(line.line_id, 0) + line.amount
    return refund.refund_id, refund.order_id, lines
