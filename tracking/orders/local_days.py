"""The offsets of a time zone over a period, so that a query can group by the store's local day."""

from core import clock
from core.clock import Instant


def offsets(since: Instant, until: Instant, zone: str) -> list[tuple[Instant, int]]:
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
