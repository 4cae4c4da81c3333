"""Whether parcels came when they were promised, counted by the promised day."""

from typing import Any

from sqlalchemy import and_, case, func, select

from core import local_days
from core.clock import Instant
from core.db import Session
from tracking.parcels.models import ParcelRow
from tracking.parcels.schemas import DayPunctuality

_PARCEL: Any = ParcelRow.__table__.c


def punctuality(session: Session, store_id: int, since: Instant, until: Instant, *, zone: str) -> list[DayPunctuality]:
    """Parcels promised from `since` to before `until`, per promised local day; one that never came was not on time."""
    known = local_days.offsets(since, until, zone)
    promised = local_days.number_of(_PARCEL.promised_at, known).label("day")
    is_on_time = and_(_PARCEL.delivered_at.is_not(None), local_days.number_of(_PARCEL.delivered_at, known) <= promised)
    statement = (
        select(promised, func.count().label("promised"), func.sum(case((is_on_time, 1), else_=0)).label("on_time"))
        .where(
            _PARCEL.store_id == store_id,
            _PARCEL.is_open.in_((True, False)),  # both, so that the index by promise is used
            _PARCEL.promised_at >= since,
            _PARCEL.promised_at < until,
            _PARCEL.is_known,
        )
        .group_by(promised)
        .order_by(promised)
    )
    return [
        DayPunctuality(day=local_days.day_of(row.day), promised=row.promised, on_time=int(row.on_time))
        for row in session.execute(statement)
    ]
