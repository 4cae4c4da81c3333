"""Pages of a list that goes on by a cursor. The way back is kept in the address, so every page can be sent to a colleague.

In the address: `after` is the cursor, `first` the number of the first row shown, `back` the cursors of the pages before.
"""

import re

from console.frame import PageContext
from console.parts import Pager
from core import ids

SIZE = 50
LONGEST_SEARCH = 200
_MARK = "~"
_LONGEST_WAY = 30
_TOO_LARGE = re.compile(r"\d{19}")  # no number of ours has so many digits, and no database takes them


def cursor(page: PageContext) -> str | None:
    """The cursor of the page asked for; None for the first one, or where it cannot be one of ours."""
    text = asked(page, "after")
    return None if not text or _TOO_LARGE.search(text) else text


def number(text: str | None) -> int | None:
    """A number out of an address or a form that a database can hold, or None."""
    return ids.whole(text) if text else None


def asked(page: PageContext, name: str) -> str:
    """What the address says of `name`, trimmed, without what a database refuses; empty where it says nothing."""
    return page.query.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def pager(page: PageContext, shown: int, following: str | None, total: int | None = None) -> Pager:
    """Where the list stands, with the ways on (to the cursor `following`) and back."""
    first = _first(page)
    return Pager(
        first=first if shown else 0,
        last=first + shown - 1 if shown else 0,
        total=total,
        previous_url=_previous(page, first),
        next_url=_next(page, first + shown, following) if following else "",
    )


def _first(page: PageContext) -> int:
    return max(1, number(page.query.get("first")) or 1)


def _way(page: PageContext) -> list[str]:
    return page.query["back"].split(_MARK) if "back" in page.query else []


def _next(page: PageContext, first: int, following: str) -> str:
    way = [*_way(page), page.query.get("after", "")][-_LONGEST_WAY:]
    return page.link_with(after=following, first=first, back=_MARK.join(way))


def _previous(page: PageContext, first: int) -> str:
    if "after" not in page.query:
        return ""
    *way, before = _way(page) or [""]
    return page.link_with(
        after=before or None,
        first=max(1, first - SIZE) if before else None,
        back=_MARK.join(way) if way else None,
    )
