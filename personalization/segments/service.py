"""Segments as other parts, the API and the console use them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from core import clock, ids
from core.clock import Instant
from core.conditions import Explanation, Moment, Node, Registry, dump, explain, parse, predicate, sentence, usage
from core.db import Session
from core.log import head
from personalization.segments import population, reading, repository, rows
from personalization.segments.deciding import REACTIONS
from personalization.segments.defaults import DEFAULTS
from personalization.segments.errors import NameTaken
from personalization.segments.population import PERSON, REGISTRY
from personalization.segments.schemas import DayCount, Member, MemberPage, Preview, Segment, SegmentCount
from personalization.segments.sweeps import (
    move_threshold,
    refresh_all,
    refresh_due,
    refresh_pending,
    refresh_seen,
    top_fifth,
)
from personalization.segments.timeline import explanation, timeline
from tracking.people.schemas import Why

__all__ = [
    "REACTIONS",
    "REGISTRY",
    "archive",
    "as_of",
    "change",
    "create",
    "create_defaults",
    "explain_person",
    "histories",
    "history",
    "list_with_counts",
    "member_ids",
    "members",
    "move_threshold",
    "names_as_of",
    "preview",
    "refresh_all",
    "refresh_due",
    "refresh_pending",
    "refresh_seen",
    "registry_of",
    "segment",
    "segments_of",
    "stores",
    "timeline",
    "top_fifth",
    "why",
]

_SAMPLE = 8
segment = reading.segment


def create_defaults(session: Session, store_id: int, *, time_zone: str = "UTC") -> None:
    """Give a store the segments every store begins with; one that is already there stays as it is."""
    there = {found.segment_id for found in reading.all_segments(session, store_id)}
    for default in DEFAULTS:
        segment_id = ids.derived("segment", store_id, default.key)
        if segment_id not in there:
            asked = _Asked(default.name, default.description, parse(default.document, REGISTRY), {})
            _insert(session, store_id, segment_id, asked, time_zone, clock.now())


def create(
    session: Session, store_id: int, *, name: str, description: str, document: object, time_zone: str, now: Instant
) -> Segment:
    """A new segment; its people enter with the next refresh. Raises ConditionError, NameTaken."""
    asked = _read(session, store_id, name, description, document)
    _require_free(session, store_id, name)
    segment_id = ids.derived("segment", store_id, name, now, head(session))
    return _insert(session, store_id, segment_id, asked, time_zone, now)


def change(
    session: Session, store_id: int, segment_id: int, *, name: str, description: str, document: object, now: Instant
) -> Segment:
    """A new version of a segment. Raises ConditionError, UnknownSegment, NameTaken."""
    asked = _read(session, store_id, name, description, document)
    before = reading.segment(session, store_id, segment_id)
    _require_free(session, store_id, name, besides=segment_id)
    values: dict[str, Any] = {"name": name, "description": description}
    if (asked.condition, asked.traits) != (before.condition, before.traits):
        values |= {"condition": asked.document, "traits": asked.traits}
        values |= {"version": before.version + 1, "live_from": head(session)}
    repository.change_segment(session, store_id, segment_id, values)
    return _refreshed(session, store_id, segment_id, now)


def archive(session: Session, store_id: int, segment_id: int, now: Instant) -> None:
    """Put a segment away: everybody leaves it with the next refresh. Raises UnknownSegment."""
    reading.segment(session, store_id, segment_id)
    repository.change_segment(session, store_id, segment_id, {"archived_at": now})
    _refreshed(session, store_id, segment_id, now)


def list_with_counts(session: Session, store_id: int) -> list[SegmentCount]:
    """The live segments with how many people are in each."""
    counts = repository.counts(session, store_id)
    refreshing = {row.segment_id for row in repository.refreshes(session, store_id)}
    return [
        SegmentCount(
            segment=found,
            sentence=sentence(found.condition, found.registry),
            members=counts.get(found.segment_id, 0),
            is_refreshing=found.segment_id in refreshing,
        )
        for found in reading.live_segments(session, store_id)
    ]


def members(session: Session, store_id: int, segment_id: int, cursor: int | None = None, limit: int = 50) -> MemberPage:
    """One page of the people in a segment, who entered last first."""
    rows = repository.members(session, store_id, segment_id, cursor, limit + 1)
    items = tuple(
        Member(person_id=row.person_id, entered_at=row.entered_at, entered_position=row.entered_position)
        for row in rows[:limit]
    )
    return MemberPage(items=items, next=items[-1].entered_position if len(rows) > limit else None)


def segments_of(session: Session, store_id: int, person_id: int) -> list[tuple[Segment, Instant]]:
    """The segments a person is in, each with the instant of entering, in the order of entering."""
    by_id = {found.segment_id: found for found in reading.all_segments(session, store_id)}
    rows = repository.stays(session, store_id, [person_id])
    return [(by_id[row.segment_id], row.entered_at) for row in rows if row.left_position is None]


def as_of(session: Session, store_id: int, person_ids: Collection[int], segment_id: int, position: int) -> set[int]:
    """Those of these people who were in the segment once the log stood at `position`, that row included."""
    rows = repository.stays(session, store_id, person_ids, [segment_id])
    return {row.person_id for row in rows if _was_inside(row, position)}


def names_as_of(
    session: Session, store_id: int, names: Collection[str], asked: Sequence[tuple[int, int]]
) -> list[set[str]]:
    """For each (person, position) those of the named segments that the person was in as of the position."""
    wanted = {found.segment_id: found.name for found in reading.all_segments(session, store_id) if found.name in names}
    stays = _by_person(repository.stays(session, store_id, {person_id for person_id, _ in asked}, wanted))
    return [
        {wanted[row.segment_id] for row in stays.get(person_id, ()) if _was_inside(row, position)}
        for person_id, position in asked
    ]


def preview(session: Session, store_id: int, document: object, *, time_zone: str, now: Instant) -> Preview:
    """Whom a condition would select now. Raises ConditionError."""
    registry = registry_of(session, store_id)
    condition = parse(document, registry)
    moment = Moment(now, time_zone, population.thresholds(session, store_id))
    chosen = (
        select(PERSON.c.person_id)
        .select_from(population.base())
        .where(PERSON.c.store_id == store_id, predicate(condition, registry, moment))
    )
    everybody = select(func.count()).select_from(PERSON).where(PERSON.c.store_id == store_id)
    return Preview(
        count=int(session.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()),
        of=int(session.execute(everybody).scalar_one()),
        sample=tuple(session.execute(chosen.order_by(PERSON.c.person_id).limit(_SAMPLE)).scalars()),
        sentence=sentence(condition, registry),
    )


def history(session: Session, store_id: int, segment_id: int, *, days: int, now: Instant, zone: str) -> list[DayCount]:
    """The segment at the end of each of the last local days, today last."""
    today = clock.local_day(now, zone)
    dates = [today - timedelta(days=ago) for ago in range(days - 1, -1, -1)]
    starts = [clock.start_of_day(day, zone) for day in [*dates, today + timedelta(days=1)]]
    entered, left = repository.crossings(session, store_id, segment_id, starts)
    counted, members_now = [], repository.inside_at(session, store_id, segment_id, starts[0])
    for number, day in enumerate(dates):
        came, went = entered.get(number, 0), left.get(number, 0)
        members_now += came - went
        counted.append(DayCount(day=day, members=members_now, entered=came, left=went))
    return counted


def histories(session: Session, store_id: int, *, days: int, now: Instant, zone: str) -> dict[int, list[DayCount]]:
    """Every live segment at the end of each of the last local days, today last; counted back from who is inside now."""
    today = clock.local_day(now, zone)
    dates = [today - timedelta(days=ago) for ago in range(days - 1, -1, -1)]
    starts = [clock.start_of_day(day, zone) for day in [*dates, today + timedelta(days=1)]]
    entered, left = repository.all_crossings(session, store_id, starts)
    came = {(row.segment_id, int(row.interval)): int(row.people) for row in entered}
    went = {(row.segment_id, int(row.interval)): int(row.people) for row in left}
    counts = repository.counts(session, store_id)
    found: dict[int, list[DayCount]] = {}
    for live in reading.live_segments(session, store_id):
        inside, backwards = counts.get(live.segment_id, 0), []
        for number in range(days - 1, -1, -1):
            joined, gone = came.get((live.segment_id, number), 0), went.get((live.segment_id, number), 0)
            backwards.append(DayCount(day=dates[number], members=inside, entered=joined, left=gone))
            inside += gone - joined
        found[live.segment_id] = backwards[::-1]
    return found


def member_ids(store_id: int, segment_id: int) -> Select[int]:
    """A statement of the people in a segment now, to narrow a list of people by."""
    return repository.member_ids(store_id, segment_id)


def explain_person(
    session: Session, store_id: int, segment_id: int, person_id: int, now: Instant
) -> Explanation | None:
    """Why a person is or is not in a segment now, leaf by leaf; None when there is no such person."""
    found = reading.segment(session, store_id, segment_id)
    row = rows.rows(session, store_id, usage(found.condition), found.traits, [person_id]).get(person_id)
    moment = Moment(now, found.time_zone, population.thresholds(session, store_id))
    return None if row is None else explain(found.condition, found.registry, row, moment)


def why(session: Session, store_id: int, segment_id: int, person_id: int, now: Instant) -> Why | None:
    """The same as the popover behind “why?” shows it."""
    found = reading.segment(session, store_id, segment_id)
    explained = explain_person(session, store_id, segment_id, person_id, now)
    return None if explained is None else explanation(found, explained)


def registry_of(session: Session, store_id: int) -> Registry:
    """Everything that can be asked about this store's people, their traits included."""
    return population.registry(population.store_traits(session, store_id))


def stores(session: Session) -> list[int]:
    """The stores that have segments."""
    return repository.stores(session)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A segment as it is asked for, read."""

    name: str
    description: str
    condition: Node
    traits: dict[str, str]

    @property
    def document(self) -> dict[str, Any]:
        return dump(self.condition, population.registry(self.traits))


def _read(session: Session, store_id: int, name: str, description: str, document: object) -> _Asked:
    traits = population.store_traits(session, store_id)
    condition = parse(document, population.registry(traits))
    return _Asked(name, description, condition, population.used_traits(condition, traits))


def _insert(session: Session, store_id: int, segment_id: int, asked: _Asked, time_zone: str, now: Instant) -> Segment:
    values: Mapping[str, Any] = {
        "store_id": store_id,
        "segment_id": segment_id,
        "name": asked.name,
        "description": asked.description,
        "condition": asked.document,
        "traits": asked.traits,
        "version": 1,
        "time_zone": time_zone,
        "live_from": head(session),
        "created_at": now,
        "archived_at": None,
    }
    repository.insert_segment(session, values)
    return _refreshed(session, store_id, segment_id, now)


def _refreshed(session: Session, store_id: int, segment_id: int, now: Instant) -> Segment:
    found = reading.segment(session, store_id, segment_id)
    refresh_all(session, found, now)
    return found


def _require_free(session: Session, store_id: int, name: str, besides: int | None = None) -> None:
    for found in reading.live_segments(session, store_id):
        if found.name.casefold() == name.casefold() and found.segment_id != besides:
            raise NameTaken(name)


def _was_inside(row: Any, position: int) -> bool:
    return row.entered_position <= position and (row.left_position is None or position < row.left_position)


def _by_person(rows: Sequence[Any]) -> dict[int, list[Any]]:
    by_person: dict[int, list[Any]] = {}
    for row in rows:
        by_person.setdefault(row.person_id, []).append(row)
    return by_person
