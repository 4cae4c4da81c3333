"""Statements over parcels and checkpoints, scoped by store."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import BindParameter, Select, and_, bindparam, or_, select

from core.clock import Instant
from core.db import Session, upsert
from tracking.parcels.folding import Scan, fold
from tracking.parcels.models import CheckpointRow, ParcelRow
from tracking.parcels.state import ParcelState, Told

_PARCEL = ParcelRow.__table__
_CHECKPOINT = CheckpointRow.__table__
_KEY = ("store_id", "parcel_id")
_UPDATE = tuple(column.name for column in _PARCEL.columns if column.name not in _KEY)
Row: TypeAlias = Mapping[str, Any]

# What every batch asks is built once: building a statement costs more than running it.
_STORE: BindParameter[int] = bindparam("store")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_BY_ID = select(_PARCEL).where(_PARCEL.c.store_id == _STORE, _PARCEL.c.parcel_id.in_(_IDS))
_BY_ORDER = select(_PARCEL).where(_PARCEL.c.store_id == _STORE, _PARCEL.c.order_id.in_(_IDS))
_BY_PERSON = select(_PARCEL).where(_PARCEL.c.store_id == _STORE, _PARCEL.c.person_id.in_(_IDS))
_CHECKPOINTS = (
    select(_CHECKPOINT)
    .where(_CHECKPOINT.c.store_id == _STORE, _CHECKPOINT.c.parcel_id.in_(_IDS))
    .order_by(_CHECKPOINT.c.parcel_id, _CHECKPOINT.c.at, _CHECKPOINT.c.position)
)


def load(session: Session, store_id: int, parcel_ids: Collection[str]) -> dict[str, ParcelState]:
    """The parcels of these ids with their scans."""
    if not parcel_ids:
        return {}
    return _with_scans(session, store_id, _rows(session, _BY_ID, {"store": store_id, "ids": list(parcel_ids)}))


def load_of_orders(session: Session, store_id: int, order_ids: Collection[str]) -> dict[str, ParcelState]:
    """The parcels of these orders with their scans."""
    if not order_ids:
        return {}
    return _with_scans(session, store_id, _rows(session, _BY_ORDER, {"store": store_id, "ids": list(order_ids)}))


def load_of_people(session: Session, store_id: int, person_ids: Collection[int]) -> dict[str, ParcelState]:
    """The parcels of these people with their scans."""
    if not person_ids:
        return {}
    return _with_scans(session, store_id, _rows(session, _BY_PERSON, {"store": store_id, "ids": list(person_ids)}))


def _with_scans(session: Session, store_id: int, rows: Sequence[Row]) -> dict[str, ParcelState]:
    names = ParcelState.__dataclass_fields__.keys() - {"scans", "folded"}
    states = {row["parcel_id"]: ParcelState(**{name: row[name] for name in names}) for row in rows}
    for row in checkpoints(session, store_id, list(states)) if states else ():
        scan = Scan.of(
            at=row["at"],
            state=row["state"],
            status=row["status"],
            raw_code=row["raw_code"],
            place=row["place"],
            mark=row["mark"],
        )
        states[row["parcel_id"]].scans.add(scan)
    for state in states.values():
        state.folded = fold(state.scans)
    return states


def store(session: Session, store_id: int, states: Iterable[ParcelState]) -> None:
    """Write parcels."""
    upsert(session, ParcelRow, [_row(store_id, state) for state in states], key=_KEY, update=_UPDATE)


def store_checkpoints(session: Session, store_id: int, told: Iterable[Told]) -> None:
    """Write scans; one that is there stays as it came first."""
    rows = [_checkpoint_row(store_id, one) for one in told]
    upsert(session, CheckpointRow, rows, key=("store_id", "parcel_id", "content"))


def _row(store_id: int, state: ParcelState) -> dict[str, Any]:
    folded = state.folded
    return {
        "store_id": store_id,
        "parcel_id": state.parcel_id,
        "is_known": state.is_known,
        "order_id": state.order_id,
        "person_id": state.person_id,
        "carrier": state.carrier,
        "tracking_number": state.tracking_number,
        "state": folded.state,
        "told": state.told,
        "moved_at": state.created_at if folded.at is None else folded.at,
        "place": folded.place,
        "is_open": state.is_open,
        "delivered_at": folded.delivered_at,
        "stale_since": folded.stale_since,
        "has_alarm": folded.alarm,
        "promised_at": state.promised_at,
        "created_at": state.created_at,
        "position": state.position,
    }


def _checkpoint_row(store_id: int, told: Told) -> dict[str, Any]:
    scan, event = told.scan, told.event
    return {
        "store_id": store_id,
        "parcel_id": told.parcel_id,
        "content": told.content,
        "at": scan.at,
        "state": scan.state,
        "mark": scan.mark,
        "reason": told.reason,
        "status": scan.status,
        "raw_code": scan.raw_code or None,
        "place": scan.place or None,
        "is_ahead": scan.at > event.received_at,
        "received_at": event.received_at,
        "position": event.position,
    }


def parcels(
    session: Session,
    store_id: int,
    *,
    person_ids: Collection[int] | None = None,
    order_ids: Collection[str] | None = None,
    states: Collection[str] | None = None,
    search: str | None = None,
    late_before: Instant | None = None,
    before: tuple[Instant, str] | None = None,
    limit: int = 50,
) -> Sequence[Row]:
    """Known parcels, the last moved first. `late_before`: still open and promised before that instant."""
    statement = select(_PARCEL).where(_PARCEL.c.store_id == store_id, _PARCEL.c.is_known)
    if person_ids is not None:
        statement = statement.where(_PARCEL.c.person_id.in_(person_ids))
    if order_ids is not None:
        statement = statement.where(_PARCEL.c.order_id.in_(order_ids))
    if states is not None:
        statement = statement.where(_PARCEL.c.state.in_(states))
    if late_before is not None:
        statement = statement.where(_PARCEL.c.is_open, _PARCEL.c.promised_at < late_before)
    if search and search.strip():
        columns = (_PARCEL.c.parcel_id, _PARCEL.c.order_id, _PARCEL.c.tracking_number)
        statement = statement.where(or_(*(column.startswith(search.strip(), autoescape=True) for column in columns)))
    if before is not None:
        at, parcel_id = before
        earlier = and_(_PARCEL.c.moved_at == at, _PARCEL.c.parcel_id < parcel_id)
        statement = statement.where(or_(_PARCEL.c.moved_at < at, earlier))
    statement = statement.order_by(_PARCEL.c.moved_at.desc(), _PARCEL.c.parcel_id.desc()).limit(limit)
    return _rows(session, statement)


def parcel(session: Session, store_id: int, parcel_id: str) -> Row | None:
    """One parcel, if it is known."""
    statement = select(_PARCEL).where(
        _PARCEL.c.store_id == store_id, _PARCEL.c.parcel_id == parcel_id, _PARCEL.c.is_known
    )
    rows = _rows(session, statement)
    return rows[0] if rows else None


def checkpoints(session: Session, store_id: int, parcel_ids: Collection[str]) -> Sequence[Row]:
    """The scans of these parcels by the carrier's time."""
    return _rows(session, _CHECKPOINTS, {"store": store_id, "ids": list(parcel_ids)})


def scans_of_people(
    session: Session, store_id: int, person_ids: Collection[int], before: Instant | None, limit: int
) -> Sequence[Row]:
    """The newest scans of these people's parcels, each with the parcel's order and carrier."""
    same = and_(_PARCEL.c.store_id == _CHECKPOINT.c.store_id, _PARCEL.c.parcel_id == _CHECKPOINT.c.parcel_id)
    statement = (
        select(_CHECKPOINT, _PARCEL.c.order_id, _PARCEL.c.carrier)
        .join(_PARCEL, same)
        .where(_PARCEL.c.store_id == store_id, _PARCEL.c.is_known, _PARCEL.c.person_id.in_(person_ids))
        .order_by(_CHECKPOINT.c.at.desc(), _CHECKPOINT.c.position.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(_CHECKPOINT.c.at < before)
    return _rows(session, statement)


def _rows(session: Session, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Row]:
    return cast("Sequence[Row]", session.execute(statement, values).mappings().all())
