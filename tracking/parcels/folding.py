"""The state of a parcel: a pure function of the set of its checkpoints.

Carriers and shops deliver scans late, twice and out of order. The fold sorts by the carrier's time and, at equal times, by the
rank of the state; repetitions are dropped by content; after `delivered` only a return may follow. So every permutation and
repetition of the same scans gives the same state.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.clock import Instant
from tracking.parcels.schemas import STATES
from tracking.parcels.vocabulary import Mark

RANK = {state: rank for rank, state in enumerate(STATES)}
_RETURNS = frozenset({"returning", "returned"})
_WITHOUT_STATE = -1


@dataclass(frozen=True, slots=True, order=True)
class Scan:
    """One checkpoint by its content; `state` is None where the word only marks."""

    at: Instant
    rank: int
    state: str | None
    status: str
    raw_code: str
    place: str
    mark: Mark | None

    @classmethod
    def of(
        cls, *, at: Instant, state: str | None, status: str, raw_code: str | None, place: str | None, mark: Mark | None
    ) -> "Scan":
        """A scan with the rank of its state."""
        rank = _WITHOUT_STATE if state is None else RANK[state]
        return cls(at, rank, state, status, raw_code or "", place or "", mark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Where a parcel stands; `at` and `place` are those of the scan that decided it."""

    state: str = "created"
    at: Instant | None = None
    place: str | None = None
    delivered_at: Instant | None = None
    stale_since: Instant | None = None
    alarm: bool = False


def fold(scans: Iterable[Scan]) -> Folded:
    """The state that a set of scans means."""
    state, at, place = "created", None, None
    delivered_at: Instant | None = None
    stale_since: Instant | None = None
    alarm = False
    for scan in sorted(set(scans), key=_order):
        if scan.state is None:
            alarm = alarm or scan.mark == "alarm"
            stale_since = stale_since or (scan.at if scan.mark == "stale" else None)
            continue
        stale_since, alarm = None, False
        if delivered_at is not None and scan.state == "delivered":
            continue
        if not _may_follow(state, scan.state, was_delivered=delivered_at is not None):
            continue
        # Repeated scans of one state tell where the parcel is, but the state is as old as its first scan in a row.
        at = scan.at if scan.state != state or at is None else at
        state, place = scan.state, scan.place or None
        if state == "delivered":
            delivered_at = scan.at
    return Folded(state=state, at=at, place=place, delivered_at=delivered_at, stale_since=stale_since, alarm=alarm)


def _may_follow(before: str, state: str, *, was_delivered: bool) -> bool:
    if before == "returned":
        return False
    return state in _RETURNS if was_delivered else True


def _order(scan: Scan) -> tuple[Instant, int, str, str, str]:
    return (scan.at, scan.rank, scan.status, scan.raw_code, scan.place)
