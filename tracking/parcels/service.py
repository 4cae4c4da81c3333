"""Parcels as other parts, the API and the console read them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from core import clock, ids
from core.clock import Instant
from core.db import Session
from tracking.parcels import repository
from tracking.parcels.carriers import tracking_url
from tracking.parcels.errors import UnknownParcel
from tracking.parcels.punctuality import punctuality
from tracking.parcels.reactions import REACTIONS
from tracking.parcels.schemas import Checkpoint, Parcel, ParcelPage
from tracking.people.schemas import Moment

__all__ = ["REACTIONS", "late", "parcel", "parcels", "parcels_of_orders", "punctuality", "timeline"]

_ICONS = {"delivered": "check", "returning": "undo", "returned": "undo", "delayed": "warn", "attempt_failed": "warn"}
_SENTENCES = {
    "created": "Parcel announced",
    "label_ready": "Parcel label ready",
    "picked_up": "Parcel picked up by the carrier",
    "in_transit": "Parcel in transit",
    "customs": "Parcel at customs",
    "delayed": "Parcel delayed",
    "out_for_delivery": "Parcel out for delivery",
    "attempt_failed": "Delivery attempt failed",
    "ready_for_pickup": "Parcel ready for pickup",
    "returning": "Parcel on its way back",
    "lost_or_cancelled": "Parcel lost or cancelled",
    "delivered": "Parcel delivered",
    "returned": "Parcel back at the shop",
}


def parcel(session: Session, store_id: int, parcel_id: str, *, now: Instant, zone: str = "UTC") -> Parcel:
    """A parcel with its checkpoints; raises UnknownParcel."""
    row = repository.parcel(session, store_id, parcel_id)
    if row is None:
        raise UnknownParcel(parcel_id)
    return _with_checkpoints(session, store_id, [row], now, zone)[0]


def parcels(
    session: Session,
    store_id: int,
    *,
    now: Instant,
    zone: str = "UTC",
    person_ids: Collection[int] | None = None,
    states: Collection[str] | None = None,
    search: str | None = None,
    only_late: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> ParcelPage:
    """Parcels, the last moved first; `search` is the beginning of a parcel id, order id or tracking number."""
    rows = repository.parcels(
        session,
        store_id,
        person_ids=person_ids,
        states=states,
        search=search,
        late_before=_today(now, zone) if only_late else None,
        before=_read_cursor(cursor),
        limit=limit + 1,
    )
    shown, has_more = rows[:limit], len(rows) > limit
    last = shown[-1] if has_more else None
    return ParcelPage(
        items=tuple(_parcel(row, (), now, zone) for row in shown),
        next=f"{last['moved_at']}:{last['parcel_id']}" if last else None,
    )


def parcels_of_orders(
    session: Session, store_id: int, order_ids: Collection[str], *, now: Instant, zone: str = "UTC"
) -> dict[str, list[Parcel]]:
    """The parcels of each of these orders with their checkpoints."""
    if not order_ids:
        return {}
    rows = repository.parcels(session, store_id, order_ids=order_ids, limit=20 * len(order_ids))
    found: dict[str, list[Parcel]] = {}
    for one in _with_checkpoints(session, store_id, rows, now, zone):
        found.setdefault(one.order_id, []).append(one)
    return found


def late(session: Session, store_id: int, now: Instant, *, zone: str = "UTC", limit: int = 500) -> list[Parcel]:
    """Parcels on their way whose promised day has ended in the zone, the last moved first."""
    rows = repository.parcels(session, store_id, late_before=_today(now, zone), limit=limit)
    return [_parcel(row, (), now, zone) for row in rows]


def timeline(
    session: Session, store_id: int, person_ids: Collection[int], before: Instant | None = None, limit: int = 50
) -> list[Moment]:
    """The scans of a person's parcels, newest first."""
    if not person_ids:
        return []
    return [_moment(row) for row in repository.scans_of_people(session, store_id, person_ids, before, limit)]


def _with_checkpoints(
    session: Session, store_id: int, rows: Sequence[Mapping[str, Any]], now: Instant, zone: str
) -> list[Parcel]:
    found: dict[str, list[Checkpoint]] = {}
    names = Checkpoint.__dataclass_fields__
    for row in repository.checkpoints(session, store_id, [row["parcel_id"] for row in rows]) if rows else ():
        found.setdefault(row["parcel_id"], []).append(Checkpoint(**{name: row[name] for name in names}))
    return [_parcel(row, tuple(found.get(row["parcel_id"], ())), now, zone) for row in rows]


def _parcel(row: Mapping[str, Any], checkpoints: tuple[Checkpoint, ...], now: Instant, zone: str) -> Parcel:
    return Parcel(
        parcel_id=row["parcel_id"],
        order_id=row["order_id"],
        person_id=row["person_id"],
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        tracking_url=tracking_url(row["carrier"], row["tracking_number"]),
        state=row["state"],
        state_at=row["moved_at"],
        place=row["place"],
        promised_at=row["promised_at"],
        delivered_at=row["delivered_at"],
        stale_since=row["stale_since"],
        is_open=row["is_open"],
        is_late=_is_late(row, now, zone),
        checkpoints=checkpoints,
        position=row["position"],
    )


def _is_late(row: Mapping[str, Any], now: Instant, zone: str) -> bool:
    promised, delivered = row["promised_at"], row["delivered_at"]
    if promised is None or (delivered is None and not row["is_open"]):
        return False
    until = now if delivered is None else delivered
    return until >= _day_after(promised, zone)


def _day_after(instant: Instant, zone: str) -> Instant:
    return clock.start_of_day(clock.local_day(instant, zone) + timedelta(days=1), zone)


def _today(now: Instant, zone: str) -> Instant:
    return clock.start_of_day(clock.local_day(now, zone), zone)


def _read_cursor(cursor: str | None) -> tuple[Instant, str] | None:
    at, mark, parcel_id = (cursor or "").partition(":")
    instant = ids.whole(at)
    return (instant, parcel_id) if mark and instant is not None else None


def _moment(row: Mapping[str, Any]) -> Moment:
    state = row["state"]
    told = row["raw_code"] or row["status"]
    return Moment(
        at=row["at"],
        kind="parcels",
        icon=_ICONS.get(state or "", "truck"),
        text=_SENTENCES[state] if state else f"The carrier reports “{row['status']}”",
        detail=", ".join(part for part in (row["place"], row["carrier"], told) if part),
        link=f"/console/parcels/{quote(row['parcel_id'], safe='')}",
        position=row["position"],
    )
