"""The fold of reports into orders: one batch of one store, a few statements, facts for what a trusted source has said.

An order counts once per id. Among trusted reports the highest rank counts; a browser's report makes an order `reported` until a
trusted one confirms it, and stays as a report. A refund or cancellation that comes before its order waits for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.db import Session
from core.log import Event, NewEvent
from tracking.catalog import service as catalog
from tracking.orders.refunds import settle
from tracking.orders.reports import CancellationReport, OrderReport, Refund, RefundReport, Report
from tracking.orders.repository import batches, statistics
from tracking.orders.schemas import OrderCancelled, OrderPlaced, OrderRefunded, PlacedLine, RefundedLine
from tracking.orders.state import OrderState
from tracking.people import service as people
from tracking.people.schemas import Identity


def fold(session: Session, store_id: int, reports: Sequence[Report]) -> None:
    """Apply what a batch says, in its order."""
    if not reports:
        return
    batch = _load(session, store_id, reports)
    for report in reports:
        batch.take(report)
    batch.store(session)


def _load(session: Session, store_id: int, reports: Sequence[Report]) -> "_Batch":
    order_ids = {report.order_id for report in reports}
    orders = [report for report in reports if isinstance(report, OrderReport)]
    refund_ids = {report.refund.refund_id for report in reports if isinstance(report, RefundReport)}
    states = batches.load_orders(session, store_id, order_ids)
    missing = {report.order_id for report in orders if not (found := states.get(report.order_id)) or not found.counts}
    return _Batch(
        store_id=store_id,
        states=states,
        people=_people(session, store_id, orders),
        categories=_Categories(session, store_id, orders),
        refund_ids=batches.known_refunds(session, store_id, refund_ids),
        refunds=batches.waiting_refunds(session, store_id, missing),
        cancellations=batches.waiting_cancellations(session, store_id, missing),
    )


@dataclass(kw_only=True)
class _Batch:
    store_id: int
    states: dict[str, OrderState]
    people: Mapping[int, int]
    categories: "_Categories"
    refund_ids: set[str]
    refunds: dict[str, list[Refund]]
    cancellations: dict[str, int]
    touched: dict[str, OrderState] = field(default_factory=dict)
    affected: set[int] = field(default_factory=set)
    waiting: dict[str, Refund] = field(default_factory=dict)
    settled: list[tuple[Refund, int, Sequence[RefundedLine]]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    facts: list[NewEvent] = field(default_factory=list)

    def take(self, report: Report) -> None:
        self.reports.append(_report_row(self.store_id, report))
        match report:
            case OrderReport():
                self._order(report)
            case RefundReport() if report.event.trusted:
                self._refund(report)
            case CancellationReport() if report.event.trusted:
                self._cancellation(report)
            case _:
                return

    def store(self, session: Session) -> None:
        batches.store_orders(session, self.store_id, list(self.touched.values()))
        batches.store_waiting(session, self.store_id, list(self.waiting.values()))
        batches.store_settled(session, self.store_id, self.settled)
        batches.store_reports(session, self.reports)
        statistics.recount(session, self.store_id, self.affected)
        session.append(*self.facts)

    def _order(self, report: OrderReport) -> None:
        state = self.states.get(report.order_id)
        if report.price is None or not _prevails(report, state):
            return
        if state is None:
            state = self.states[report.order_id] = OrderState(order_id=report.order_id)
        self._touch(state)
        state.take(report, self.people.get(report.event.position, 0))
        self._touch(state)
        if report.event.trusted and not state.counts:
            self._place(state, report.event)

    def _place(self, state: OrderState, event: Event) -> None:
        state.status = "placed"
        self.facts.append(_placed(state, event, self.categories))
        for refund in self.refunds.pop(state.order_id, ()):
            self.waiting.pop(refund.refund_id, None)
            self._settle(state, refund, event)
        cancelled_at = self.cancellations.pop(state.order_id, None)
        if cancelled_at is not None:
            self._cancel(state, event, cancelled_at)

    def _refund(self, report: RefundReport) -> None:
        refund, state = report.refund, self.states.get(report.order_id)
        if refund.refund_id in self.refund_ids:
            return
        self.refund_ids.add(refund.refund_id)
        if state is None or not state.counts:
            self.waiting[refund.refund_id] = refund
            self.refunds.setdefault(report.order_id, []).append(refund)
        else:
            self._settle(state, refund, report.event)

    def _settle(self, state: OrderState, refund: Refund, event: Event) -> None:
        self._touch(state)
        given = settle(state, refund)
        self.settled.append((refund, given.amount, given.lines))
        if given.amount or given.lines:
            self.facts.append(_refunded(state, refund, given.amount, given.lines, event))

    def _cancellation(self, report: CancellationReport) -> None:
        state = self.states.get(report.order_id)
        if state is None or not state.counts:
            self.cancellations.setdefault(report.order_id, report.at)
        elif state.status == "placed":
            self._cancel(state, report.event, report.at)

    def _cancel(self, state: OrderState, event: Event, at: int) -> None:
        self._touch(state)
        state.status, state.cancelled_at = "cancelled", max(at, state.placed_at)
        self.facts.append(_cancelled(state, event))

    def _touch(self, state: OrderState) -> None:
        self.touched[state.order_id] = state
        self.affected.add(state.person_id)


class _Categories:
    """The categories of products as of each order's place in the log.

    They are read once for the whole batch; only for a product that changed inside the batch are they read again.
    """

    def __init__(self, session: Session, store_id: int, reports: Sequence[OrderReport]) -> None:
        self._session, self._store_id = session, store_id
        counted = [report for report in reports if report.event.trusted]
        wanted = sorted({line.product_id for report in counted for line in report.lines})
        last = max((report.event.position for report in counted), default=0)
        self._known = catalog.categories_as_of(session, store_id, wanted, last) if wanted else {}

    def of(self, product_id: str, position: int) -> list[str]:
        since, categories = self._known.get(product_id, (0, ()))
        if since > position:
            asked = catalog.categories_as_of(self._session, self._store_id, [product_id], position)
            _, categories = asked.get(product_id, (0, ()))
        return list(categories)


def _prevails(report: OrderReport, state: OrderState | None) -> bool:
    if state is None:
        return True
    return report.event.trusted and (not state.counts or report.rank > state.rank)


def _people(session: Session, store_id: int, reports: Sequence[OrderReport]) -> dict[int, int]:
    """The person of each report, by its position; who cannot be known is nobody, 0."""
    named = [report for report in reports if report.user_id or report.anonymous_id or report.email]
    if not named:
        return {}
    found = people.resolve(session, store_id, [identity(report) for report in named])
    return {report.event.position: person or 0 for report, person in zip(named, found, strict=True)}


def identity(order: OrderReport | OrderState) -> Identity:
    """Who an order says its buyer is."""
    return Identity(anonymous_id=order.anonymous_id, user_id=order.user_id, email=order.email)


def _report_row(store_id: int, report: Report) -> dict[str, Any]:
    event = report.event
    row: dict[str, Any] = {
        "store_id": store_id,
        "order_id": report.order_id,
        "position": event.position,
        "kind": "order",
        "source": event.source,
        "name": event.name,
        "at": event.occurred_at,
        "currency": None,
        "total": None,
        "problem": None,
    }
    match report:
        case OrderReport():
            row |= {"currency": report.currency, "total": report.price.total if report.price else None}
            row["problem"] = report.problem[:200] if report.problem else None
        case RefundReport():
            row["kind"], row["at"] = "refund", report.refund.at
        case CancellationReport():
            row["kind"], row["at"] = "cancellation", report.at
    return row


def _placed(state: OrderState, event: Event, categories: _Categories) -> NewEvent:
    lines = [
        PlacedLine(
            line_id=line.line_id,
            product_id=line.product_id,
            variant_id=line.variant_id,
            name=line.name,
            quantity=line.quantity,
            price=line.price,
            total=line.total,
            categories=categories.of(line.product_id, event.position),
        )
        for line in (part.line for part in state.lines.values())
    ]
    country = state.address.get("country")
    body = OrderPlaced(
        order_id=state.order_id,
        person_id=state.person_id,
        user_id=state.user_id,
        anonymous_id=state.anonymous_id,
        email=state.email,
        currency=state.currency,
        total=state.total,
        goods=state.goods,
        tax=state.tax,
        shipping=state.shipping,
        discount=state.discount,
        placed_at=state.placed_at,
        promised_at=state.promised_at,
        source=state.source,
        lines=lines,
        country=country if isinstance(country, str) else None,
    )
    key = ("order placed", state.order_id)
    return NewEvent.fact(cause=event, name="order placed", body=body, key=key, occurred_at=state.placed_at)


def _refunded(state: OrderState, refund: Refund, amount: int, lines: Sequence[RefundedLine], event: Event) -> NewEvent:
    body = OrderRefunded(
        refund_id=refund.refund_id,
        order_id=state.order_id,
        person_id=state.person_id,
        currency=state.currency,
        amount=amount,
        refunded_at=refund.at,
        lines=list(lines),
    )
    key = ("order refunded", refund.refund_id)
    return NewEvent.fact(cause=event, name="order refunded", body=body, key=key, occurred_at=refund.at)


def _cancelled(state: OrderState, event: Event) -> NewEvent:
    assert state.cancelled_at is not None
    body = OrderCancelled(
        order_id=state.order_id,
        person_id=state.person_id,
        currency=state.currency,
        total=state.total,
        cancelled_at=state.cancelled_at,
    )
    key = ("order cancelled", state.order_id)
    return NewEvent.fact(cause=event, name="order cancelled", body=body, key=key, occurred_at=state.cancelled_at)
