"""What other parts see of segments, and the bodies of the facts about them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

import msgspec

from core.clock import Instant
from core.conditions import Node, Registry

Reason: TypeAlias = Literal["event", "identity", "time", "definition", "threshold"]


class SegmentEntered(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `segment entered`. `reason` says what moved: an event of the person, their identity, time, the segment, a threshold."""

    v: int = 1
    segment_id: int
    person_id: int
    name: str
    version: int
    reason: Reason


class SegmentLeft(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `segment left`."""

    v: int = 1
    segment_id: int
    person_id: int
    name: str
    version: int
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A condition over people. `document` is its JSON, `condition` the same, read; `registry` is what it may ask."""

    store_id: int
    segment_id: int
    name: str
    description: str
    document: dict[str, Any]
    condition: Node
    registry: Registry
    traits: dict[str, str]
    version: int
    time_zone: str
    live_from: int
    created_at: Instant
    archived_at: Instant | None = None


@dataclass(frozen=True, kw_only=True)
class SegmentCount:
    """A segment with how many people are in it now, and how far a refresh of its whole base still is."""

    segment: Segment
    sentence: str
    members: int
    is_refreshing: bool


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person in a segment, and since when."""

    person_id: int
    entered_at: Instant
    entered_position: int


@dataclass(frozen=True, kw_only=True)
class MemberPage:
    """Members, who entered last first; `next` is the cursor of the following page."""

    items: tuple[Member, ...]
    next: int | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Whom a condition would select now: how many of how many people, and a few of them."""

    count: int
    of: int
    sample: tuple[int, ...]
    sentence: str

    @property
    def warning(self) -> str:
        """A sentence for the two results that are mistakes more often than not; else empty."""
        if self.count == 0:
            return "Nobody is in this segment now."
        return "Everybody is in this segment." if self.count == self.of else ""


@dataclass(frozen=True, kw_only=True)
class DayCount:
    """A segment at the end of one local day."""

    day: date
    members: int
    entered: int
    left: int
