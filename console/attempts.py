"""A brake on guessing passwords."""

from collections import OrderedDict, deque
from threading import Lock

from core.clock import Instant


class Attempts:
    """At most `limit` attempts of one name within `window` milliseconds, in this process; remembers `capacity` names.

    Several processes each have their own; what must hold across them is counted in the database (`tracking.stores`).
    """

    def __init__(self, limit: int, window: int, capacity: int = 10_000) -> None:
        self._limit, self._window, self._capacity = limit, window, capacity
        self._times: OrderedDict[str, deque[Instant]] = OrderedDict()
        self._lock = Lock()

    def wait(self, name: str, now: Instant) -> int:
        """Count one attempt and answer 0, or answer the milliseconds until `name` may try again."""
        with self._lock:
            times = self._times.setdefault(name, deque())
            self._times.move_to_end(name)
            while times and times[0] <= now - self._window:
                times.popleft()
            if len(times) >= self._limit:
                return times[0] + self._window - now
            times.append(now)
            if len(self._times) > self._capacity:
                self._times.popitem(last=False)
            return 0
