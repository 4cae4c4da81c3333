"""Orders as other parts, the API and the console read them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from core import ids, local_days
from core.clock import Instant
from core.db import Session
from tracking.orders import moments
from tracking.orders.errors import UnknownOrder
from tracking.orders.reactions import REACTIONS
from tracking.orders.repository import pages, returning
from tracking.orders.schemas import (
    DayFigures,
    DayReturns,
    Line,
    Order,
    OrderHeader,
    OrderPage,
    OrderStatistics,
    RefundedLine,
    RefundView,
    ReportView,
    Status,
)
from tracking.people.schemas import Moment

__all__ = [
    "REACTIONS",
    "bought_again",
    "headers",
    "order",
    "order_figures",
    "orders",
    "orders_by_id",
    "statistics_of",
    "timeline",
]

_EPOCH = date(1970, 1, 1)


def order(session: Session, store_id: int, order_id: str) -> Order:
    """An order with its lines, refunds and reports; raises UnknownOrder."""
    rows = pages.orders_by_id(session, store_id, [order_id])
    if not rows:
        raise UnknownOrder(order_id)
    return _order(
        rows[0],
        tuple(_line(row) for row in pages.lines(session, store_id, [order_id])),
        _refunds(session, store_id, order_id),
        tuple(_report(row, rows[0]) for row in pages.reports(session, store_id, order_id)),
    )


def orders(
    session: Session,
    store_id: int,
    *,
    person_ids: Collection[int] | None = None,
    status: Status | None = None,
    search: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> OrderPage:
    """Orders with their lines, newest first; `search` is the beginning of an order id or e-mail address."""
    rows = pages.orders(
        session,
        store_id,
        person_ids=person_ids,
        status=status,
        search=search,
        before=_read_cursor(cursor),
        limit=limit + 1,
    )
    shown, has_more = rows[:limit], len(rows) > limit
    last = shown[-1] if has_more else None
    return OrderPage(
        items=tuple(_with_lines(session, store_id, shown)),
        next=f"{last['placed_at']}:{last['order_id']}" if last else None,
    )


def orders_by_id(session: Session, store_id: int, order_ids: Collection[str]) -> dict[str, Order]:
    """Those of these orders that exist, with their lines."""
    if not order_ids:
        return {}
    rows = pages.orders_by_id(session, store_id, order_ids)
    return {found.order_id: found for found in _with_lines(session, store_id, rows)}


def headers(session: Session, store_id: int, order_ids: Collection[str]) -> dict[str, OrderHeader]:
    """Whose these orders are and when they were promised; one that does not exist is missing."""
    if not order_ids:
        return {}
    rows = pages.headers(session, store_id, order_ids)
    return {row["order_id"]: OrderHeader(**row) for row in rows}


def order_figures(
    session: Session, store_id: int, since: Instant, until: Instant, *, zone: str = "UTC"
) -> list[DayFigures]:
    """Placed orders from `since` to before `until` per local day and currency; days without an order are not listed."""
    rows = pages.figures(session, store_id, since, until, local_days.offsets(since, until, zone))
    return [
        DayFigures(
            day=_EPOCH + timedelta(days=int(row["day"])),
            currency=row["currency"],
            orders=row["orders"],
            revenue=int(row["revenue"]),
            returning_orders=int(row["returning_orders"]),
            returning_revenue=int(row["returning_revenue"]),
        )
        for row in rows
    ]


def bought_again(
    session: Session, store_id: int, since: Instant, until: Instant, *, within: Instant, zone: str = "UTC"
) -> list[DayReturns]:
    """Placed orders of known buyers from `since` to before `until` per local day, and those that were followed by another
    order of the same buyer within `within` milliseconds. Ask for a period that ended so long ago."""
    rows = returning.bought_again(session, store_id, since, until, within, local_days.offsets(since, until, zone))
    return [
        DayReturns(day=_EPOCH + timedelta(days=int(row["day"])), orders=row["orders"], again=int(row["again"]))
        for row in rows
    ]


def statistics_of(session: Session, store_id: int, person_ids: Collection[int]) -> dict[int, OrderStatistics]:
    """What each of these people has bought; who has bought nothing is missing."""
    if not person_ids:
        return {}
    rows = pages.statistics(session, store_id, person_ids)
    return {
        row["person_id"]: OrderStatistics(**{name: row[name] for name in OrderStatistics.__dataclass_fields__})
        for row in rows
    }


def timeline(
    session: Session, store_id: int, person_ids: Collection[int], before: Instant | None = None, limit: int = 50
) -> list[Moment]:
    """Orders, refunds and cancellations of a person, newest first."""
    if not person_ids:
        return []
    told, given, cancelled = pages.moments(session, store_id, person_ids, before, limit)
    lines = _lines_of(session, store_id, [row["order_id"] for row in told])
    found = [moments.placed(row, lines.get(row["order_id"], ())) for row in told]
    found += [moments.refunded(row) for row in given]
    found += [moments.cancelled(row) for row in cancelled]
    return sorted(found, key=lambda moment: (moment.at, moment.position), reverse=True)[:limit]


def _with_lines(session: Session, store_id: int, rows: Sequence[Mapping[str, Any]]) -> list[Order]:
    lines = _lines_of(session, store_id, [row["order_id"] for row in rows])
    return [_order(row, lines.get(row["order_id"], ())) for row in rows]


def _lines_of(session: Session, store_id: int, order_ids: Sequence[str]) -> dict[str, tuple[Line, ...]]:
    found: dict[str, list[Line]] = {}
    for row in pages.lines(session, store_id, order_ids) if order_ids else ():
        found.setdefault(row["order_id"], []).append(_line(row))
    return {order_id: tuple(lines) for order_id, lines in found.items()}


def _refunds(session: Session, store_id: int, order_id: str) -> tuple[RefundView, ...]:
    rows = pages.refunds(session, store_id, [order_id])
    lines: dict[str, list[RefundedLine]] = {}
    for part in pages.refund_lines(session, store_id, [row["refund_id"] for row in rows]) if rows else ():
        line = RefundedLine(line_id=part["line_id"], quantity=part["quantity"], amount=part["amount"])
        lines.setdefault(part["refund_id"], []).append(line)
    return tuple(
        RefundView(
            refund_id=row["refund_id"],
            amount=row["amount"],
            at=row["at"],
            waits=row["waits"],
            lines=tuple(lines.get(row["refund_id"], ())),
            position=row["position"],
        )
        for row in rows
    )


def _report(row: Mapping[str, Any], counted: Mapping[str, Any]) -> ReportView:
    is_comparable = row["total"] is not None and row["currency"] == counted["currency"]
    return ReportView(
        kind=row["kind"],
        source=row["source"],
        name=row["name"],
        at=row["at"],
        total=row["total"],
        currency=row["currency"],
        difference=row["total"] - counted["total"] if is_comparable else None,
        problem=row["problem"],
        position=row["position"],
    )


def _order(
    row: Mapping[str, Any],
    lines: tuple[Line, ...],
    refunds: tuple[RefundView, ...] = (),
    reports: tuple[ReportView, ...] = (),
) -> Order:
    names = Order.__dataclass_fields__.keys() - {"lines", "refunds", "reports"}
    return Order(**{name: row[name] for name in names}, lines=lines, refunds=refunds, reports=reports)


def _line(row: Mapping[str, Any]) -> Line:
    return Line(**{name: row[name] for name in Line.__dataclass_fields__})


def _read_cursor(cursor: str | None) -> tuple[Instant, str] | None:
    at, mark, order_id = (cursor or "").partition(":")
    instant = ids.whole(at)
    return (instant, order_id) if mark and instant is not None else None
