"""Time as the product counts it: integer milliseconds since 1970-01-01T00:00:00Z.

Nothing else in the project reads the system clock, so a test that freezes this module freezes everything.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Instant = int

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = (datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_frozen: list[Instant] = []


class UnreadableTime(ValueError):
    """A text that should have been an ISO 8601 time is not one."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text[:40]}” is not an ISO 8601 time such as 2026-11-20T18:21:00Z.")


def now() -> Instant:
    """The current instant, or the one a test has frozen."""
    return _frozen[-1] if _frozen else time.time_ns() // 1_000_000


@contextmanager
def frozen(instant: Instant) -> Iterator[None]:
    """Hold the clock at `instant` for the whole process until the block ends (tests only)."""
    _frozen.append(instant)
    try:
        yield
    finally:
        _frozen.pop()


def parse(text: str) -> Instant:
    """The instant an ISO 8601 text names; a text without a zone is read as UTC.

    Raises UnreadableTime for anything else, years outside 1970–9998 included: the last one has instants without a local day.
    """
    try:
        moment = datetime.fromisoformat(text)
        return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError, TypeError) as error:
        raise UnreadableTime(str(text)) from error


def from_datetime(moment: datetime) -> Instant:
    """Milliseconds of an aware datetime; raises UnreadableTime before 1970 and after 9998."""
    instant = _milliseconds(moment)
    if not 0 <= instant < _END:
        raise UnreadableTime(moment.isoformat())
    return instant


def to_datetime(instant: Instant, zone: str = "UTC") -> datetime:
    """The same instant as an aware datetime in the named zone."""
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(_zone(zone))


def iso(instant: Instant) -> str:
    """ISO 8601 in UTC with milliseconds: 2026-11-20T18:21:00.000Z."""
    return to_datetime(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def local_day(instant: Instant, zone: str) -> date:
    """The calendar day of the instant in the named zone."""
    return to_datetime(instant, zone).date()


def start_of_day(day: date, zone: str) -> Instant:
    """The first instant of a calendar day in the named zone."""
    return _milliseconds(datetime(day.year, day.month, day.day, tzinfo=_zone(zone)))


def _milliseconds(moment: datetime) -> Instant:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
