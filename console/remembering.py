"""Numbers that took long to count are kept for a while, so that a page over a million people stays quick.

What is counted within a tenth of a second is counted each time: a small shop sees every order at once. What takes longer
is kept for a hundred times as long as it took, five minutes at most, for each store of each console.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from console.frame import PageContext
from console.navigation import Navigation
from core import clock
from core.clock import Instant

QUICK = 100  # ms
_TIMES_AS_LONG = 100
_LONGEST = 5 * clock.MINUTE
_MOST = 500  # answers of one console

Answer = TypeVar("Answer")
_kept: WeakKeyDictionary[Navigation, dict[Hashable, tuple[Instant, Any]]] = WeakKeyDictionary()


def remembered(page: PageContext, name: Hashable, count: Callable[[], Answer]) -> Answer:
    """What `count` answers, or what it answered a little while ago for this store under this name."""
    kept, key = _kept.setdefault(page.navigation, {}), (page.store.store_id, name)
    until, answer = kept.get(key, (0, None))
    if page.now < until:
        return cast("Answer", answer)
    begun = time.monotonic()
    answer = count()
    took = int((time.monotonic() - begun) * 1000)
    if took > QUICK:
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = (page.now + min(took * _TIMES_AS_LONG, _LONGEST), answer)
    return answer
