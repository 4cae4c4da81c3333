"""Queries over segments, who stands where, and the stays folded from the facts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, and_, bindparam, case, delete, func, insert, or_, select, text, update

from core.clock import Instant
from core.db import Session, upsert
from personalization.segments.models import MembershipRow, RefreshRow, SeenRow, SegmentRow, StandingRow, ThresholdRow

Rows: TypeAlias = Sequence[Row[Any]]

_SEGMENT = SegmentRow.__table__.c
_STAY = MembershipRow.__table__.c
STANDING = StandingRow.__table__
_STANDING = STANDING.c
_REFRESH = RefreshRow.__table__.c
_CHUNK = 500  # ids in one IN list

# Decisions of one store are taken one after the other: two that overlap would both see the same person outside. SQLite's write
# lane does that already.
_DECIDING = 7_235_102


def take_turn(session: Session, store_id: int) -> None:
    """Wait until no other transaction decides about this store's segments."""
    if not session.is_sqlite:
        session.execute(text("SELECT pg_advisory_xact_lock(:name, :store)"), {"name": _DECIDING, "store": store_id})


# Segments


def insert_segment(session: Session, values: Mapping[str, Any]) -> None:
    session.execute(insert(SegmentRow), dict(values))


def change_segment(session: Session, store_id: int, segment_id: int, values: Mapping[str, Any]) -> None:
    statement = update(SegmentRow).where(_SEGMENT.store_id == store_id, _SEGMENT.segment_id == segment_id)
    session.execute(statement.values(**values))


def segments(session: Session, store_id: int) -> Rows:
    """All of them, archived ones too, in the order they were made."""
    statement = select(SegmentRow.__table__).where(_SEGMENT.store_id == store_id)
    return session.execute(statement.order_by(_SEGMENT.created_at, _SEGMENT.segment_id)).all()


def stores(session: Session) -> list[int]:
    """The stores that have segments."""
    return list(session.execute(select(_SEGMENT.store_id).distinct().order_by(_SEGMENT.store_id)).scalars())


# Standings


def standings(session: Session, store_id: int, person_ids: Collection[int]) -> Rows:
    """Where these people stand with every segment."""
    found: list[Row[Any]] = []
    for chunk in _chunks(person_ids):
        statement = select(STANDING).where(_STANDING.store_id == store_id, _STANDING.person_id.in_(chunk))
        found.extend(session.execute(statement))
    return found


def due(session: Session, now: Instant, limit: int) -> Rows:
    """The standings whose time has come, the longest waiting first, of all stores."""
    statement = select(STANDING).where(_STANDING.due_at <= now).order_by(_STANDING.due_at).limit(limit)
    return session.execute(statement).all()


def write_standings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what was decided; who is outside without a date needs no row."""
    kept = [row for row in rows if row["inside"] or row["due_at"] is not None]
    upsert(session, StandingRow, kept, key=("store_id", "segment_id", "person_id"), update=("inside", "due_at"))
    gone = [
        {"a_store": row["store_id"], "a_segment": row["segment_id"], "a_person": row["person_id"]}
        for row in rows
        if not row["inside"] and row["due_at"] is None
    ]
    if gone:
        statement = delete(StandingRow).where(
            _STANDING.store_id == bindparam("a_store"),
            _STANDING.segment_id == bindparam("a_segment"),
            _STANDING.person_id == bindparam("a_person"),
        )
        session.execute(statement, gone)


# Stays


def enter(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Begin stays; a fact that is folded again changes nothing."""
    upsert(session, MembershipRow, rows, key=("store_id", "segment_id", "person_id", "entered_position"))


def leave(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """End the stays that are open at these positions, in order; rows carry a_store, a_segment, a_person, a_position, an_instant."""
    if not rows:
        return
    statement = (
        update(MembershipRow)
        .where(
            _STAY.store_id == bindparam("a_store"),
            _STAY.segment_id == bindparam("a_segment"),
            _STAY.person_id == bindparam("a_person"),
            _STAY.entered_position < bindparam("a_position"),
            _STAY.left_position.is_(None),
        )
        .values(left_position=bindparam("a_position"), left_at=bindparam("an_instant"))
    )
    session.connection.execute(statement, [dict(row) for row in rows])


def counts(session: Session, store_id: int) -> dict[int, int]:
    """How many people are in each segment now."""
    statement = (
        select(_STAY.segment_id, func.count())
        .where(_STAY.store_id == store_id, _STAY.left_position.is_(None))
        .group_by(_STAY.segment_id)
    )
    return {segment_id: int(count) for segment_id, count in session.execute(statement)}


def members(session: Session, store_id: int, segment_id: int, before: int | None, limit: int) -> Rows:
    """Who is in a segment now, who entered last first."""
    statement = select(MembershipRow.__table__).where(
        _STAY.store_id == store_id, _STAY.segment_id == segment_id, _STAY.left_position.is_(None)
    )
    if before is not None:
        statement = statement.where(_STAY.entered_position < before)
    return session.execute(statement.order_by(_STAY.entered_position.desc()).limit(limit)).all()


def stays(
    session: Session, store_id: int, person_ids: Collection[int], segment_ids: Collection[int] | None = None
) -> Rows:
    """Every stay of these people, ended ones too, in the order of the log."""
    found: list[Row[Any]] = []
    for chunk in _chunks(person_ids):
        statement = select(MembershipRow.__table__).where(_STAY.store_id == store_id, _STAY.person_id.in_(chunk))
        if segment_ids is not None:
            statement = statement.where(_STAY.segment_id.in_(segment_ids))
        found.extend(session.execute(statement.order_by(_STAY.entered_position)))
    return found


def inside_at(session: Session, store_id: int, segment_id: int, at: Instant) -> int:
    """How many people were in the segment just before an instant."""
    statement = (
        select(func.count())
        .where(_STAY.store_id == store_id, _STAY.segment_id == segment_id, _STAY.entered_at < at)
        .where(or_(_STAY.left_at.is_(None), _STAY.left_at >= at))
    )
    return int(session.execute(statement).scalar_one())


def crossings(
    session: Session, store_id: int, segment_id: int, starts: Sequence[Instant]
) -> tuple[dict[int, int], dict[int, int]]:
    """How many entered and how many left in each [starts[n], starts[n + 1]), by n; an interval without any is missing."""
    entered = _by_interval(_STAY.entered_at, store_id, segment_id, starts)
    left = _by_interval(_STAY.left_at, store_id, segment_id, starts)
    return _pairs(session, entered), _pairs(session, left)


def member_ids(store_id: int, segment_id: int) -> Select[int]:
    """A statement of the people in a segment now, for another query to narrow by."""
    return select(_STAY.person_id).where(
        _STAY.store_id == store_id, _STAY.segment_id == segment_id, _STAY.left_position.is_(None)
    )


def all_crossings(session: Session, store_id: int, starts: Sequence[Instant]) -> tuple[Rows, Rows]:
    """(segment, interval, people) of those who entered and of those who left in each [starts[n], starts[n + 1])."""
    return (
        session.execute(_all_by_interval(_STAY.entered_at, store_id, starts)).all(),
        session.execute(_all_by_interval(_STAY.left_at, store_id, starts)).all(),
    )


def _all_by_interval(at: Any, store_id: int, starts: Sequence[Instant]) -> Select[Any]:
    interval = case(*((at < end, number) for number, end in enumerate(starts[1:]))).label("interval")
    live = select(_SEGMENT.segment_id).where(_SEGMENT.store_id == store_id, _SEGMENT.archived_at.is_(None))
    own = and_(_STAY.store_id == store_id, _STAY.segment_id.in_(live))
    return (
        select(_STAY.segment_id, interval, func.count().label("people"))
        .where(own, at >= starts[0], at < starts[-1])
        .group_by(_STAY.segment_id, text("interval"))
    )


def _by_interval(at: Any, store_id: int, segment_id: int, starts: Sequence[Instant]) -> Select[Any]:
    interval = case(*((at < end, number) for number, end in enumerate(starts[1:]))).label("interval")
    own = and_(_STAY.store_id == store_id, _STAY.segment_id == segment_id)
    return select(interval, func.count()).where(own, at >= starts[0], at < starts[-1]).group_by(text("interval"))


def _pairs(session: Session, statement: Select[Any]) -> dict[int, int]:
    return {int(interval): int(count) for interval, count in session.execute(statement)}


# Thresholds and refreshes


def thresholds(session: Session, store_id: int) -> Rows:
    return session.execute(select(ThresholdRow.__table__).where(ThresholdRow.__table__.c.store_id == store_id)).all()


def write_threshold(session: Session, values: Mapping[str, Any]) -> None:
    upsert(session, ThresholdRow, [values], key=("store_id", "name"), update=("minor", "currency", "computed_at"))


def ask_refresh(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let the sweep look at whole segments from the first person on."""
    upsert(
        session,
        RefreshRow,
        rows,
        key=("store_id", "segment_id"),
        update=("after_person", "asked_at", "position", "reason"),
    )


def refreshes(session: Session, store_id: int | None = None) -> Rows:
    """The refreshes under way, the oldest first."""
    statement = select(RefreshRow.__table__).order_by(_REFRESH.asked_at, _REFRESH.segment_id)
    if store_id is not None:
        statement = statement.where(_REFRESH.store_id == store_id)
    return session.execute(statement).all()


def move_refresh(session: Session, store_id: int, segment_id: int, after_person: int | None) -> None:
    """Remember how far a refresh is; None: it is done."""
    own = and_(_REFRESH.store_id == store_id, _REFRESH.segment_id == segment_id)
    if after_person is None:
        session.execute(delete(RefreshRow).where(own))
    else:
        session.execute(update(RefreshRow).where(own).values(after_person=after_person))


def seen_upto(session: Session, store_id: int) -> tuple[Instant, int]:
    """Up to which (instant, person) people who were seen have been looked at; the beginning of time at first."""
    seen = SeenRow.__table__.c
    found = session.execute(select(seen.seen_at, seen.after_person).where(seen.store_id == store_id)).one_or_none()
    return (0, 0) if found is None else (int(found[0]), int(found[1]))


def write_seen_upto(session: Session, store_id: int, seen_at: Instant, after_person: int) -> None:
    row = {"store_id": store_id, "seen_at": seen_at, "after_person": after_person}
    upsert(session, SeenRow, [row], key=("store_id",), update=("seen_at", "after_person"))


def _chunks(numbers: Collection[int]) -> Iterable[Sequence[int]]:
    ordered = sorted(numbers)
    return (ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK))
