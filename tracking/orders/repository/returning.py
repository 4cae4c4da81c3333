"""How many orders were followed by another one of the same buyer."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import case, exists, func, select

from core import local_days
from core.clock import Instant
from core.db import Session
from core.local_days import Offsets
from tracking.orders.models import OrderRow

_ORDER = OrderRow.__table__
_LATER = OrderRow.__table__.alias("later")


def bought_again(
    session: Session, store_id: int, since: Instant, until: Instant, within: Instant, known: Offsets
) -> Sequence[Mapping[str, Any]]:
    """Per local day: placed orders of known buyers, and those followed by another within so many milliseconds."""
    followed = exists().where(
        _LATER.c.store_id == _ORDER.c.store_id,
        _LATER.c.person_id == _ORDER.c.person_id,
        _LATER.c.status == "placed",
        _LATER.c.placed_at > _ORDER.c.placed_at,
        _LATER.c.placed_at <= _ORDER.c.placed_at + within,
    )
    day = local_days.number_of(_ORDER.c.placed_at, known).label("day")
    statement = (
        select(day, func.count().label("orders"), func.sum(case((followed, 1), else_=0)).label("again"))
        .where(
            _ORDER.c.store_id == store_id,
            _ORDER.c.placed_at >= since,
            _ORDER.c.placed_at < until,
            _ORDER.c.status == "placed",
            _ORDER.c.person_id != 0,
        )
        .group_by(day)
        .order_by(day)
    )
    return cast("Sequence[Mapping[str, Any]]", session.execute(statement).mappings().all())
