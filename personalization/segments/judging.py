"""Who belongs in which segment: one statement for many people and many segments, then what of it is a change."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, ColumnElement, Select, case, false, func, literal, select

from core.clock import Instant
from core.conditions import NEVER, Moment, Money, certain_until, predicate
from core.db import Session
from core.log import NewEvent
from personalization.segments import population, repository
from personalization.segments.population import PERSON
from personalization.segments.repository import STANDING
from personalization.segments.schemas import Reason, Segment, SegmentEntered, SegmentLeft

_CHUNK = 500  # people in one statement


@dataclass(frozen=True, slots=True)
class Change:
    """A person's standing with a segment that differs from the one decided before; `crosses`: in or out, not only the date."""

    segment: Segment
    person_id: int
    inside: bool
    due_at: Instant | None
    crosses: bool


WriteFact: TypeAlias = Callable[[Change, str, SegmentEntered | SegmentLeft], NewEvent]


def changes(
    session: Session, store_id: int, segments: Sequence[Segment], person_ids: Collection[int], now: Instant
) -> list[Change]:
    """What changes for these people, one after the other, when all the segments are looked at as of `now`."""
    standings = repository.standings(session, store_id, person_ids)
    before = {(row.segment_id, row.person_id): (row.inside, row.due_at) for row in standings}
    after = _verdicts(session, store_id, segments, person_ids, now)
    found = []
    for person_id in person_ids:
        for segment in segments:
            old = before.get((segment.segment_id, person_id), (False, None))
            new = after.get((segment.segment_id, person_id), (False, None))
            if old != new:
                found.append(Change(segment, person_id, *new, crosses=old[0] != new[0]))
    return found


def changes_of_everybody(
    session: Session, segment: Segment, now: Instant, *, after_person: int, upto_person: int
) -> list[Change]:
    """What changes for the people with ids in (after, upto]: one statement compares the whole range with what was decided."""
    inside, until = _truth(segment, now, population.thresholds(session, segment.store_id))
    standing = (
        select(STANDING)
        .where(
            STANDING.c.store_id == segment.store_id,
            STANDING.c.segment_id == segment.segment_id,
            STANDING.c.person_id > after_person,
            STANDING.c.person_id <= upto_person,
        )
        .subquery()
    )
    was_inside = case((standing.c.inside, 1), else_=0)
    statement = (
        select(PERSON.c.person_id, inside, until, was_inside)
        .select_from(population.base().outerjoin(standing, standing.c.person_id == PERSON.c.person_id))
        .where(
            PERSON.c.store_id == segment.store_id, PERSON.c.person_id > after_person, PERSON.c.person_id <= upto_person
        )
        .where((inside != was_inside) | (until != func.coalesce(standing.c.due_at, literal(NEVER, BigInteger()))))
        .order_by(PERSON.c.person_id)
    )
    found = [
        Change(segment, person_id, bool(is_inside), _date(ends), crosses=is_inside != was)
        for person_id, is_inside, ends, was in session.execute(statement)
    ]
    return found + _vanished(session, segment, standing)


def record(
    session: Session, store_id: int, found: Sequence[Change], reason: Callable[[Change], Reason], fact: WriteFact
) -> int:
    """Write standings and append a fact for each crossing; how many crossed."""
    repository.write_standings(session, [_standing(store_id, change) for change in found])
    crossing = [change for change in found if change.crosses]
    session.append(*(_fact(change, reason(change), fact) for change in crossing))
    return len(crossing)


def _verdicts(
    session: Session, store_id: int, segments: Sequence[Segment], person_ids: Collection[int], now: Instant
) -> dict[tuple[int, int], tuple[bool, Instant | None]]:
    thresholds = population.thresholds(session, store_id)
    truths = [column for segment in segments for column in _truth(segment, now, thresholds)]
    verdicts = {}
    for chunk in _chunks(person_ids):
        for person_id, *answers in session.execute(_question(store_id, truths, chunk)):
            for segment, inside, until in zip(segments, answers[::2], answers[1::2], strict=True):
                verdicts[(segment.segment_id, person_id)] = (bool(inside), _date(until))
    return verdicts


def _question(store_id: int, truths: Sequence[ColumnElement[int]], person_ids: Sequence[int]) -> Select[Any]:
    labelled = [column.label(f"answer_{at}") for at, column in enumerate(truths)]
    statement = select(PERSON.c.person_id, *labelled).select_from(population.base())
    return statement.where(PERSON.c.store_id == store_id, PERSON.c.person_id.in_(person_ids))


def _truth(
    segment: Segment, now: Instant, thresholds: Mapping[str, Money]
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """1 or 0, and until when that is certain. Nobody is in an archived segment."""
    never = literal(NEVER, BigInteger())
    if segment.archived_at is not None:
        return case((false(), 1), else_=0), never
    moment = Moment(now, segment.time_zone, thresholds)
    truth = case((predicate(segment.condition, segment.registry, moment), 1), else_=0)
    return truth, certain_until(segment.condition, segment.registry, moment)


def _vanished(session: Session, segment: Segment, standing: Any) -> list[Change]:
    """Ids that mean nobody any more, but were left inside or waiting."""
    statement = (
        select(standing.c.person_id, standing.c.inside)
        .outerjoin(PERSON, (PERSON.c.store_id == segment.store_id) & (PERSON.c.person_id == standing.c.person_id))
        .where(PERSON.c.person_id.is_(None))
        .order_by(standing.c.person_id)
    )
    return [Change(segment, person_id, False, None, crosses=inside) for person_id, inside in session.execute(statement)]


def _date(until: int) -> Instant | None:
    return None if until == NEVER else until


def _standing(store_id: int, change: Change) -> dict[str, Any]:
    return {
        "store_id": store_id,
        "segment_id": change.segment.segment_id,
        "person_id": change.person_id,
        "inside": change.inside,
        "due_at": change.due_at,
    }


def _fact(change: Change, reason: Reason, fact: WriteFact) -> NewEvent:
    schema, name = (SegmentEntered, "segment entered") if change.inside else (SegmentLeft, "segment left")
    body = schema(
        segment_id=change.segment.segment_id,
        person_id=change.person_id,
        name=change.segment.name,
        version=change.segment.version,
        reason=reason,
    )
    return fact(change, name, body)


def _chunks(person_ids: Collection[int]) -> Iterable[Sequence[int]]:
    ordered = sorted(person_ids)
    return (ordered[at : at + _CHUNK] for at in range(0, len(ordered), _CHUNK))
