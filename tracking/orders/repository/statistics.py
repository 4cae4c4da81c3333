"""What people have bought, counted from their orders."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, func, select

from core.db import Session, upsert
from tracking.orders.models import OrderRow, PersonOrdersRow

_ORDER = OrderRow.__table__
_PERSON = PersonOrdersRow.__table__

_COUNTS = (
    select(
        _ORDER.c.person_id,
        _ORDER.c.currency,
        func.min(_ORDER.c.placed_at).label("first"),
        func.max(_ORDER.c.placed_at).label("last"),
        func.count().label("orders"),
        func.sum(_ORDER.c.total - _ORDER.c.refunded).label("net"),
        func.sum(case((_ORDER.c.refunded > 0, 1), else_=0)).label("refunds"),
    )
    .where(
        _ORDER.c.store_id == bindparam("store"),
        _ORDER.c.person_id.in_(bindparam("ids", expanding=True)),
        _ORDER.c.status == "placed",
    )
    .group_by(_ORDER.c.person_id, _ORDER.c.currency)
)


def recount(session: Session, store_id: int, person_ids: Collection[int]) -> None:
    """Compute the statistics of these people anew from their orders; nobody (0) has none."""
    people = sorted(set(person_ids) - {0})
    if not people:
        return
    rows = _statistics(session, store_id, people)
    gone = [person_id for person_id in people if person_id not in rows]
    if gone:
        session.execute(delete(PersonOrdersRow).where(_PERSON.c.store_id == store_id, _PERSON.c.person_id.in_(gone)))
    update_columns = ("first_order_at", "last_order_at", "order_count", "currency", "total_minor", "refund_count")
    upsert(session, PersonOrdersRow, list(rows.values()), key=("store_id", "person_id"), update=update_columns)


def _statistics(session: Session, store_id: int, people: Sequence[int]) -> dict[int, dict[str, Any]]:
    """One row per person; totals in the currency of the latest order, counts over all."""
    rows: dict[int, dict[str, Any]] = {}
    parts = session.execute(_COUNTS, {"store": store_id, "ids": list(people)})
    for part in sorted(parts, key=lambda row: (row.last, row.currency)):
        before = rows.get(part.person_id)
        rows[part.person_id] = {
            "store_id": store_id,
            "person_id": part.person_id,
            "first_order_at": min(part.first, before["first_order_at"]) if before else part.first,
            "last_order_at": part.last,
            "order_count": part.orders + (before["order_count"] if before else 0),
            "currency": part.currency,
            "total_minor": int(part.net),
            "refund_count": int(part.refunds) + (before["refund_count"] if before else 0),
        }
    return rows
