"""What the fold loads before a batch and stores after it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, delete, insert, select, update

from core.clock import Instant
from core.db import Session, upsert
from core.log import PUBLIC
from tracking.orders.models import LineRow, OrderRow, RefundLineRow, RefundRow, ReportRow
from tracking.orders.pricing import PricedLine
from tracking.orders.reports import AskedLine, Refund
from tracking.orders.schemas import RefundedLine
from tracking.orders.state import LineState, OrderState

_ORDER = OrderRow.__table__
_LINE = LineRow.__table__
_REFUND = RefundRow.__table__
_REFUND_LINE = RefundLineRow.__table__
_REPORT = ReportRow.__table__
_ORDER_KEY = ("store_id", "order_id")
# Statements are built once: building costs more than running.
_STORE: BindParameter[int] = bindparam("store")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ORDER_UPDATE = tuple(column.name for column in _ORDER.columns if column.name not in _ORDER_KEY)

_ORDERS = select(_ORDER).where(_ORDER.c.store_id == _STORE, _ORDER.c.order_id.in_(_IDS))
_ORDERS_OF_PEOPLE = select(_ORDER).where(_ORDER.c.store_id == _STORE, _ORDER.c.person_id.in_(_IDS))
_LINES = (
    select(_LINE)
    .where(_LINE.c.store_id == _STORE, _LINE.c.order_id.in_(_IDS))
    .order_by(_LINE.c.order_id, _LINE.c.number)
)
_KNOWN_REFUNDS = select(_REFUND.c.refund_id).where(_REFUND.c.store_id == _STORE, _REFUND.c.refund_id.in_(_IDS))
_WAITING_REFUNDS = (
    select(_REFUND)
    .where(_REFUND.c.store_id == _STORE, _REFUND.c.order_id.in_(_IDS), _REFUND.c.waits)
    .order_by(_REFUND.c.position)
)
_ASKED_LINES = (
    select(_REFUND_LINE)
    .where(_REFUND_LINE.c.store_id == _STORE, _REFUND_LINE.c.refund_id.in_(_IDS))
    .order_by(_REFUND_LINE.c.refund_id, _REFUND_LINE.c.line_id)
)
_CANCELLATIONS = (
    select(_REPORT.c.order_id, _REPORT.c.at)
    .where(
        _REPORT.c.store_id == _STORE,
        _REPORT.c.order_id.in_(_IDS),
        _REPORT.c.kind == "cancellation",
        _REPORT.c.source != PUBLIC,
    )
    .order_by(_REPORT.c.position.desc())
)
_INSERT_LINES, _INSERT_REFUNDS, _INSERT_REFUND_LINES = insert(LineRow), insert(RefundRow), insert(RefundLineRow)


def load_orders(session: Session, store_id: int, order_ids: Collection[str]) -> dict[str, OrderState]:
    """The orders of these ids that are there, with their lines."""
    if not order_ids:
        return {}
    states = {state.order_id: state for state in _states(session, _ORDERS, store_id, order_ids)}
    if states:
        for order_id, line in _load_lines(session, store_id, list(states)):
            states[order_id].lines[line.line.line_id] = line
    return states


def _load_lines(session: Session, store_id: int, order_ids: Sequence[str]) -> Iterable[tuple[str, LineState]]:
    for row in session.execute(_LINES, {"store": store_id, "ids": list(order_ids)}):
        line = PricedLine(row.line_id, row.product_id, row.variant_id, row.name, row.quantity, row.price, row.total)
        yield row.order_id, LineState(row.number, line, row.returned, row.refunded)


def _states(
    session: Session, statement: Select[Any], store_id: int, ids: Collection[str] | Collection[int]
) -> Iterable[OrderState]:
    for row in session.execute(statement, {"store": store_id, "ids": list(ids)}):
        values = row._asdict()
        rank = (values.pop("updated_at"), values.pop("revision"), values.pop("position"))
        values.pop("store_id")
        yield OrderState(**values, rank=rank, is_stored=True)


def known_refunds(session: Session, store_id: int, refund_ids: Collection[str]) -> set[str]:
    """Which of these refunds were reported before."""
    if not refund_ids:
        return set()
    return set(session.execute(_KNOWN_REFUNDS, {"store": store_id, "ids": list(refund_ids)}).scalars())


def waiting_refunds(session: Session, store_id: int, order_ids: Collection[str]) -> dict[str, list[Refund]]:
    """Refunds that came before their order, by order, in the order they were told."""
    if not order_ids:
        return {}
    rows = session.execute(_WAITING_REFUNDS, {"store": store_id, "ids": list(order_ids)}).all()
    asked = _asked_lines(session, store_id, [row.refund_id for row in rows]) if rows else {}
    found: dict[str, list[Refund]] = {}
    for row in rows:
        refund = Refund(
            order_id=row.order_id,
            refund_id=row.refund_id,
            at=row.at,
            position=row.position,
            amount=row.asked,
            shipping=row.asked_shipping,
            lines=tuple(asked.get(row.refund_id, ())),
        )
        found.setdefault(row.order_id, []).append(refund)
    return found


def _asked_lines(session: Session, store_id: int, refund_ids: Sequence[str]) -> dict[str, list[AskedLine]]:
    found: dict[str, list[AskedLine]] = {}
    for row in session.execute(_ASKED_LINES, {"store": store_id, "ids": list(refund_ids)}):
        found.setdefault(row.refund_id, []).append(AskedLine(row.line_id, row.quantity, row.asked))
    return found


def waiting_cancellations(session: Session, store_id: int, order_ids: Collection[str]) -> dict[str, Instant]:
    """When these orders were called off by a trusted source, the earliest report."""
    if not order_ids:
        return {}
    rows = session.execute(_CANCELLATIONS, {"store": store_id, "ids": list(order_ids)})
    return {row.order_id: row.at for row in rows}


def store_orders(session: Session, store_id: int, states: Sequence[OrderState]) -> None:
    """Write orders and their lines."""
    upsert(session, OrderRow, [_order_row(store_id, state) for state in states], key=_ORDER_KEY, update=_ORDER_UPDATE)
    replaced = [state.order_id for state in states if state.is_stored and state.replaces_lines]
    if replaced:
        session.execute(delete(LineRow).where(_LINE.c.store_id == store_id, _LINE.c.order_id.in_(replaced)))
    anew = [state for state in states if state.replaces_lines]
    rows = [_line_row(store_id, state.order_id, line) for state in anew for line in state.lines.values()]
    if rows:
        session.execute(_INSERT_LINES, rows)
    _update_lines(session, store_id, [state for state in states if not state.replaces_lines])


def _update_lines(session: Session, store_id: int, states: Sequence[OrderState]) -> None:
    rows = [
        _line_row(store_id, state.order_id, line)
        for state in states
        for line in state.lines.values()
        if line.returned or line.refunded
    ]
    upsert(session, LineRow, rows, key=("store_id", "order_id", "line_id"), update=("returned", "refunded"))


def _order_row(store_id: int, state: OrderState) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "order_id": state.order_id,
        "person_id": state.person_id,
        "status": state.status,
        "source": state.source,
        "currency": state.currency,
        "total": state.total,
        "goods": state.goods,
        "tax": state.tax,
        "shipping": state.shipping,
        "discount": state.discount,
        "refunded": state.refunded,
        "email": state.email,
        "user_id": state.user_id,
        "anonymous_id": state.anonymous_id,
        "placed_at": state.placed_at,
        "promised_at": state.promised_at,
        "cancelled_at": state.cancelled_at,
        "address": state.address,
        "updated_at": state.rank[0],
        "revision": state.rank[1],
        "position": state.rank[2],
    }


def _line_row(store_id: int, order_id: str, state: LineState) -> dict[str, Any]:
    line = state.line
    return {
        "store_id": store_id,
        "order_id": order_id,
        "line_id": line.line_id,
        "number": state.number,
        "product_id": line.product_id,
        "variant_id": line.variant_id,
        "name": line.name,
        "quantity": line.quantity,
        "price": line.price,
        "total": line.total,
        "returned": state.returned,
        "refunded": state.refunded,
    }


def store_waiting(session: Session, store_id: int, refunds: Sequence[Refund]) -> None:
    """Keep refunds whose order is not there yet."""
    if not refunds:
        return
    session.execute(_INSERT_REFUNDS, [_refund_row(store_id, refund, waits=True, amount=0) for refund in refunds])
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for refund in refunds:
        for line in refund.lines:
            rows[(refund.refund_id, line.line_id)] = _refund_line_row(
                store_id, refund.refund_id, line.line_id, line.quantity, line.amount, 0
            )
    if rows:
        session.execute(_INSERT_REFUND_LINES, list(rows.values()))


def store_settled(
    session: Session, store_id: int, refunds: Sequence[tuple[Refund, int, Sequence[RefundedLine]]]
) -> None:
    """Write refunds that were applied, each with its amount and lines."""
    if not refunds:
        return
    rows = [_refund_row(store_id, refund, waits=False, amount=amount) for refund, amount, _ in refunds]
    upsert(session, RefundRow, rows, key=("store_id", "refund_id"), update=("waits", "amount"))
    ids = [refund.refund_id for refund, _, _ in refunds]
    session.execute(delete(RefundLineRow).where(_REFUND_LINE.c.store_id == store_id, _REFUND_LINE.c.refund_id.in_(ids)))
    lines = [
        _refund_line_row(store_id, refund.refund_id, line.line_id, line.quantity, None, line.amount)
        for refund, _, given in refunds
        for line in given
    ]
    if lines:
        session.execute(_INSERT_REFUND_LINES, lines)


def _refund_row(store_id: int, refund: Refund, *, waits: bool, amount: int) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "refund_id": refund.refund_id,
        "order_id": refund.order_id,
        "waits": waits,
        "asked": refund.amount,
        "asked_shipping": refund.shipping,
        "amount": amount,
        "at": refund.at,
        "position": refund.position,
    }


def _refund_line_row(
    store_id: int, refund_id: str, line_id: str, quantity: int, asked: str | None, amount: int
) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "refund_id": refund_id,
        "line_id": line_id,
        "quantity": quantity,
        "asked": asked,
        "amount": amount,
    }


def store_reports(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was said."""
    upsert(session, ReportRow, rows, key=("store_id", "order_id", "position"))


def orders_of(session: Session, store_id: int, person_ids: Collection[int]) -> list[OrderState]:
    """Every order of these people, without lines."""
    return list(_states(session, _ORDERS_OF_PEOPLE, store_id, person_ids))


def move_orders(session: Session, store_id: int, owners: Mapping[str, int]) -> None:
    """Give orders to other people."""
    if not owners:
        return
    statement = (
        update(OrderRow)
        .where(_ORDER.c.store_id == store_id, _ORDER.c.order_id == bindparam("which"))
        .values(person_id=bindparam("owner"))
    )
    rows = [{"which": order_id, "owner": person_id} for order_id, person_id in owners.items()]
    session.connection.execute(statement, rows)
