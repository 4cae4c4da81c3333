"""Who belongs in which segment: what of it is a change for some people, and how changes are written down."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.clock import Instant
from core.conditions import Moment, usage
from core.db import Session
from core.log import NewEvent
from personalization.segments import population, reading, repository, rows
from personalization.segments.population import Traits
from personalization.segments.schemas import Reason, Segment, SegmentEntered, SegmentLeft


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
    """In process: for some people that is cheaper than the statement that `everybody.changes` builds."""
    thresholds = population.thresholds(session, store_id)
    verdicts = {}
    for traits, group in _by_traits(segments):
        people = rows.rows(session, store_id, usage(*(one.condition for one in group)), traits, person_ids)
        for segment in group:
            watch, moment = reading.watch(segment), Moment(now, segment.time_zone, thresholds)
            for person_id, row in people.items():
                seen = watch(row, moment)
                verdicts[(segment.segment_id, person_id)] = (seen.true, seen.changes_at)
    return verdicts


def _by_traits(segments: Sequence[Segment]) -> list[tuple[Traits, list[Segment]]]:
    """Segments that mean the same by every trait's name; nobody is looked for in an archived one."""
    groups: list[tuple[Traits, list[Segment]]] = []
    for segment in segments:
        if segment.archived_at is not None:
            continue
        for traits, group in groups:
            if traits == segment.traits:
                group.append(segment)
                break
        else:
            groups.append((segment.traits, [segment]))
    return groups


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
