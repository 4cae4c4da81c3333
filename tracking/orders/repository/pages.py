"""What pages and other parts read."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal, or_, select

from core import clock
from core.clock import Instant
from core.db import Session
from tracking.orders.models import LineRow, OrderRow, PersonOrdersRow, RefundLineRow, RefundRow, ReportRow

_ORDER = OrderRow.__table__
_LINE = LineRow.__table__
_REFUND = RefundRow.__table__
_REFUND_LINE = RefundLineRow.__table__
_REPORT = ReportRow.__table__
_PERSON = PersonOrdersRow.__table__
Row: TypeAlias = Mapping[str, Any]

_HEADERS = select(
    _ORDER.c.order_id, _ORDER.c.person_id, _ORDER.c.status, _ORDER.c.placed_at, _ORDER.c.promised_at
).where(_ORDER.c.store_id == bindparam("store"), _ORDER.c.order_id.in_(bindparam("ids", expanding=True)))


def orders(
    session: Session,
    store_id: int,
    *,
    person_ids: Collection[int] | None,
    status: str | None,
    search: str | None,
    before: tuple[Instant, str] | None,
    limit: int,
) -> Sequence[Row]:
    """Orders, newest first."""
    statement = select(_ORDER).where(_ORDER.c.store_id == store_id)
    if person_ids is not None:
        statement = statement.where(_ORDER.c.person_id.in_(person_ids))
    if status is not None:
        statement = statement.where(_ORDER.c.status == status)
    if search:
        statement = statement.where(_matches(search))
    if before is not None:
        at, order_id = before
        statement = statement.where(
            or_(_ORDER.c.placed_at < at, and_(_ORDER.c.placed_at == at, _ORDER.c.order_id < order_id))
        )
    statement = statement.order_by(_ORDER.c.placed_at.desc(), _ORDER.c.order_id.desc()).limit(limit)
    return _rows(session, statement)


def _matches(search: str) -> ColumnElement[bool]:
    text = search.strip()
    return or_(
        _ORDER.c.order_id.startswith(text, autoescape=True), _ORDER.c.email.startswith(text.lower(), autoescape=True)
    )


def orders_by_id(session: Session, store_id: int, order_ids: Collection[str]) -> Sequence[Row]:
    """The orders of these ids that exist."""
    statement = select(_ORDER).where(_ORDER.c.store_id == store_id, _ORDER.c.order_id.in_(order_ids))
    return _rows(session, statement)


def headers(session: Session, store_id: int, order_ids: Collection[str]) -> Sequence[Row]:
    """Whose these orders are, how they stand and when they were promised."""
    return cast(
        "Sequence[Row]", session.execute(_HEADERS, {"store": store_id, "ids": list(order_ids)}).mappings().all()
    )


def lines(session: Session, store_id: int, order_ids: Collection[str]) -> Sequence[Row]:
    """The lines of these orders in their order."""
    statement = (
        select(_LINE)
        .where(_LINE.c.store_id == store_id, _LINE.c.order_id.in_(order_ids))
        .order_by(_LINE.c.order_id, _LINE.c.number)
    )
    return _rows(session, statement)


def refunds(session: Session, store_id: int, order_ids: Collection[str]) -> Sequence[Row]:
    """The refunds of these orders, in the order they were told."""
    statement = (
        select(_REFUND)
        .where(_REFUND.c.store_id == store_id, _REFUND.c.order_id.in_(order_ids))
        .order_by(_REFUND.c.position)
    )
    return _rows(session, statement)


def refund_lines(session: Session, store_id: int, refund_ids: Collection[str]) -> Sequence[Row]:
    """What of which line these refunds gave back."""
    statement = (
        select(_REFUND_LINE)
        .where(_REFUND_LINE.c.store_id == store_id, _REFUND_LINE.c.refund_id.in_(refund_ids))
        .order_by(_REFUND_LINE.c.refund_id, _REFUND_LINE.c.line_id)
    )
    return _rows(session, statement)


def reports(session: Session, store_id: int, order_id: str) -> Sequence[Row]:
    """What was said about an order, in the order it was told."""
    statement = (
        select(_REPORT)
        .where(_REPORT.c.store_id == store_id, _REPORT.c.order_id == order_id)
        .order_by(_REPORT.c.position)
    )
    return _rows(session, statement)


def statistics(session: Session, store_id: int, person_ids: Collection[int]) -> Sequence[Row]:
    """The statistics of those of these people who have bought."""
    statement = select(_PERSON).where(_PERSON.c.store_id == store_id, _PERSON.c.person_id.in_(person_ids))
    return _rows(session, statement)


def moments(
    session: Session, store_id: int, person_ids: Collection[int], before: Instant | None, limit: int
) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """The newest orders, refunds and cancellations of these people before an instant."""
    mine = and_(_ORDER.c.store_id == store_id, _ORDER.c.person_id.in_(person_ids))
    placed = select(_ORDER).where(mine, *_before(_ORDER.c.placed_at, before))
    cancelled = select(_ORDER).where(mine, _ORDER.c.cancelled_at.is_not(None), *_before(_ORDER.c.cancelled_at, before))
    given = (
        select(_REFUND, _ORDER.c.currency)
        .join(_ORDER, and_(_ORDER.c.store_id == _REFUND.c.store_id, _ORDER.c.order_id == _REFUND.c.order_id))
        .where(mine, _REFUND.c.waits.is_(False), *_before(_REFUND.c.at, before))
    )
    return (
        _rows(session, placed.order_by(_ORDER.c.placed_at.desc()).limit(limit)),
        _rows(session, given.order_by(_REFUND.c.at.desc()).limit(limit)),
        _rows(session, cancelled.order_by(_ORDER.c.cancelled_at.desc()).limit(limit)),
    )


def _before(column: ColumnElement[Any], before: Instant | None) -> tuple[ColumnElement[bool], ...]:
    return () if before is None else (column < before,)


def figures(
    session: Session, store_id: int, since: Instant, until: Instant, offsets: Sequence[tuple[Instant, int]]
) -> Sequence[Row]:
    """Placed orders per local day (days since 1970) and currency; `offsets` are the zone's, each from an instant on."""
    day = (_ORDER.c.placed_at + _offset(offsets)) // clock.DAY
    is_returning = _ORDER.c.placed_at > _PERSON.c.first_order_at
    net = _ORDER.c.total - _ORDER.c.refunded
    columns = (
        day.label("day"),
        _ORDER.c.currency,
        func.count().label("orders"),
        func.sum(net).label("revenue"),
        func.sum(case((is_returning, 1), else_=0)).label("returning_orders"),
        func.sum(case((is_returning, net), else_=0)).label("returning_revenue"),
    )
    same_person = and_(_PERSON.c.store_id == _ORDER.c.store_id, _PERSON.c.person_id == _ORDER.c.person_id)
    statement = (
        select(*columns)
        .select_from(_ORDER.outerjoin(_PERSON, same_person))
        .where(
            _ORDER.c.store_id == store_id,
            _ORDER.c.placed_at >= since,
            _ORDER.c.placed_at < until,
            _ORDER.c.status == "placed",
        )
        .group_by(columns[0], _ORDER.c.currency)
        .order_by(columns[0], _ORDER.c.currency)
    )
    return _rows(session, statement)


def _offset(offsets: Sequence[tuple[Instant, int]]) -> ColumnElement[Any]:
    """The zone's offset at the order's time, in milliseconds."""
    first, *later = offsets
    if not later:
        return literal(first[1])
    return case(*((_ORDER.c.placed_at >= start, offset) for start, offset in reversed(later)), else_=first[1])


def _rows(session: Session, statement: Select[Any]) -> Sequence[Row]:
    return cast("Sequence[Row]", session.execute(statement).mappings().all())
