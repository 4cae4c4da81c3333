"""Grouping instants by the calendar day of a time zone inside a query.

A query cannot ask a time zone, so it gets the zone's offsets over its period: few, and exact to the minute.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, case, literal

from core import clock
from core.clock import Instant

Offsets: TypeAlias = Sequence[tuple[Instant, int]]
_EPOCH = date(1970, 1, 1)


def offsets(since: Instant, until: Instant, zone: str) -> Offsets:
    """(from this instant on, offset in milliseconds), the first one valid at `since`; changes are found to the minute."""
    found = [(since, _offset(since, zone))]
    at = since
    while at < until:
        following = min(at + clock.DAY, until)
        if _offset(following, zone) != found[-1][1]:
            change = _change(at, following, zone)
            found.append((change, _offset(change, zone)))
        at = following
    return found


def number_of(instant: ColumnElement[Any], known: Offsets) -> ColumnElement[Any]:
    """The local day of an instant as the number of days since 1970, as an expression to group or compare by."""
    first, *later = known
    if not later:
        return (instant + literal(first[1])) // clock.DAY
    offset = case(*((instant >= start, moved) for start, moved in reversed(later)), else_=first[1])
    return (instant + offset) // clock.DAY


def day_of(number: int) -> date:
    """The calendar day behind such a number."""
    return _EPOCH + timedelta(days=int(number))


def _change(low: Instant, high: Instant, zone: str) -> Instant:
    """The first whole minute with the later offset, by bisection."""
    before = _offset(low, zone)
    low, high = low // clock.MINUTE, -(-high // clock.MINUTE)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle * clock.MINUTE, zone) == before:
            low = middle
        else:
            high = middle
    return high * clock.MINUTE


def _offset(instant: Instant, zone: str) -> int:
    delta = clock.to_datetime(instant, zone).utcoffset()
    assert delta is not None
    return int(delta.total_seconds()) * clock.SECOND
