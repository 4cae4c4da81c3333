"""The shop's time: milliseconds since 1970 in UTC, and how they are written for machines and for people."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Instant = int
Clock = Callable[[], Instant]

ZONE = ZoneInfo("Europe/Berlin")


def system_clock() -> Instant:
    """Return the present moment."""
    return time.time_ns() // 1_000_000


def iso(instant: Instant) -> str:
    """Write an instant as ISO 8601 in UTC with milliseconds."""
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local(instant: Instant) -> datetime:
    """Return an instant on the shop's wall clock."""
    return datetime.fromtimestamp(instant / 1000, ZONE)


def day(instant: Instant) -> str:
    """Write a day as "Tue 24 Nov"."""
    return f"{local(instant):%a} {local(instant).day} {local(instant):%b}"


def day_and_time(instant: Instant) -> str:
    """Write a moment as "Tue 24 Nov, 16:05"."""
    return f"{day(instant)}, {local(instant):%H:%M}"
