"""Entering and leaving segments as lines of a person's timeline."""

from collections.abc import Collection
from typing import Any

from core.clock import Instant
from core.conditions import Explanation, sentence
from core.db import Session
from core.ids import public
from personalization.segments import reading, repository
from personalization.segments.schemas import Segment
from tracking.people.schemas import Leaf, Moment, Why


def timeline(
    session: Session, store_id: int, person_ids: Collection[int], before: Instant | None = None, limit: int = 50
) -> list[Moment]:
    """Entries and exits of a person (whose ids these are), newest first."""
    by_id = {found.segment_id: found for found in reading.all_segments(session, store_id)}
    rows = repository.stays(session, store_id, person_ids)
    found = [_entered(row, by_id[row.segment_id]) for row in rows]
    found += [_left(row, by_id[row.segment_id]) for row in rows if row.left_position is not None]
    shown = [moment for moment in found if before is None or moment.at < before]
    return sorted(shown, key=lambda moment: (moment.at, moment.position), reverse=True)[:limit]


def explanation(segment: Segment, explained: Explanation) -> Why:
    """Why a person is in a segment or not, each part with what was seen and what is needed."""
    verb = "Belongs to" if explained.true else "Does not belong to"
    return Why(
        sentence=f"{verb} {segment.name}: {sentence(segment.condition, segment.registry)}.",
        leaves=tuple(
            Leaf(holds=leaf.true, text=leaf.sentence, seen=leaf.seen, needed=leaf.needed) for leaf in explained.leaves()
        ),
        footer=f"version {segment.version} of the segment",
    )


def _entered(row: Any, segment: Segment) -> Moment:
    return _moment(segment, f"Entered {segment.name}", row.entered_at, row.entered_position)


def _left(row: Any, segment: Segment) -> Moment:
    return _moment(segment, f"Left {segment.name}", row.left_at, row.left_position)


def _moment(segment: Segment, text: str, at: Instant, position: int) -> Moment:
    why = Why(
        sentence=f"{segment.name}: {sentence(segment.condition, segment.registry)}.",
        footer=f"version {segment.version} of the segment · position {position}",
    )
    return Moment(
        at=at,
        kind="segments",
        icon="segment",
        text=text,
        link=f"/console/segments/{public('s', segment.segment_id)}",
        why=why,
        position=position,
    )
