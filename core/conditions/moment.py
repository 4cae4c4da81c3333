"""The parameters of a check: now, the zone whose calendar counts, and the thresholds. One for SQL and Python alike."""

from collections.abc import Mapping
from datetime import timedelta

from core import clock
from core.clock import Instant
from core.conditions.nodes import Needed, Threshold, Value


class Moment:
    """As of when, and with which thresholds, a condition is checked; never changed after it was made."""

    __slots__ = ("_day_starts", "now", "thresholds", "zone")

    def __init__(self, now: Instant, zone: str = "UTC", thresholds: Mapping[str, Value] | None = None) -> None:
        self.now = now
        self.zone = zone
        self.thresholds: Mapping[str, Value] = thresholds or {}
        self._day_starts: dict[int, Instant] = {}

    def day_start(self, days_ago: int) -> Instant:
        """The first instant of the local day that many days ago (negative: days to come); 0 before 1970."""
        start = self._day_starts.get(days_ago)
        if start is None:
            start = self._day_starts[days_ago] = self._first_instant(days_ago)
        return start

    def days_since(self, instant: Instant) -> int:
        """Local calendar days from the instant to now: 0 today, 1 yesterday."""
        return (clock.local_day(self.now, self.zone) - clock.local_day(instant, self.zone)).days

    def value(self, needed: Needed) -> Value | None:
        """The value itself, or what the threshold is now; None when it is not known yet."""
        return self.thresholds.get(needed.name) if isinstance(needed, Threshold) else needed

    def at(self, now: Instant) -> "Moment":
        """The same parameters at another instant."""
        return Moment(now, self.zone, self.thresholds)

    def _first_instant(self, days_ago: int) -> Instant:
        day = clock.local_day(self.now, self.zone) - timedelta(days=days_ago)
        return clock.start_of_day(day, self.zone) if day.year >= 1971 else 0
