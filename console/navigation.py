"""The left bar: its groups and sections, and what one area of the console adds to the frame.

A section is shown when an area serves it and the user's role may open it, so nothing leads to a page that does not exist.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import structlog
from starlette.routing import BaseRoute

from console.accounts import may
from console.language import gettext as _
from core.clock import SECOND, Instant
from tracking.stores.schemas import Role

if TYPE_CHECKING:
    from console.frame import PageContext

_log = structlog.get_logger("console")


@dataclass(frozen=True)
class Section:
    """An item of the left bar; `key` is also the name of the route it leads to, `shortcut` the letter after `g`."""

    key: str
    label: Callable[[], str]
    icon: str
    shortcut: str
    role: Role = "viewer"


@dataclass(frozen=True)
class Group:
    """Sections under one verb; the first group has none."""

    label: Callable[[], str] | None
    sections: tuple[Section, ...]


# The whole bar. A label is called when it is shown, in the reader's language.
GROUPS: tuple[Group, ...] = (
    Group(None, (Section("overview", lambda: _("Overview"), "home", "o"),)),
    Group(
        lambda: _("Know"),
        (
            Section("people", lambda: _("People"), "people", "p"),
            Section("segments", lambda: _("Segments"), "segment", "s"),
            Section("orders", lambda: _("Orders"), "bag", "b"),
            Section("parcels", lambda: _("Parcels"), "parcel", "a"),
            Section("products", lambda: _("Products"), "tag", "c"),
        ),
    ),
    Group(lambda: _("Reward"), (Section("rules", lambda: _("Rules"), "rule", "r"),)),
    Group(lambda: _("Reach"), (Section("order_news", lambda: _("Order news"), "mail", "n"),)),
    Group(
        lambda: _("Run"),
        (
            Section("log", lambda: _("Log"), "log", "l", "agent"),
            Section("setup", lambda: _("Setup"), "sliders", "u"),
        ),
    ),
)


@dataclass(frozen=True)
class Count:
    """The number beside a section: its size, or with `needs_work` how much waits for a person (amber)."""

    value: int
    needs_work: bool = False


@dataclass(frozen=True)
class Hit:
    """One thing *Find* found: where it leads, what it is called, what it is ("Person", "Order") and one detail."""

    url: str
    name: str
    kind: str
    detail: str = ""


Counter: TypeAlias = "Callable[[PageContext], Count | None]"
Finder: TypeAlias = "Callable[[PageContext, str], Sequence[Hit]]"


@dataclass(frozen=True)
class Area:
    """What one module of `console/pages` gives to the frame.

    `section` is the key in the left bar. `routes` are relative to /console. `count` answers what stands beside the
    section, None for nothing; it is asked at most every 15 s for each store. `find` gets what was typed into *Find*
    (stripped, not empty) and answers at most ten hits, best first. Both may read the database.
    """

    section: str
    routes: Sequence[BaseRoute]
    count: "Counter | None" = None
    find: "Finder | None" = None


@dataclass(frozen=True)
class Item:
    """A section as the template shows it."""

    key: str
    label: str
    icon: str
    shortcut: str
    count: Count | None


class Navigation:
    """The bar for one set of areas; remembers counts for a quarter of a minute."""

    keep_counts_for = 15 * SECOND

    def __init__(self, areas: Sequence[Area]) -> None:
        self.areas = tuple(areas)
        self._sections: Mapping[str, Area] = {area.section: area for area in areas}
        self._counts: dict[tuple[int, str], tuple[Instant, Count | None]] = {}

    def groups(self, page: "PageContext") -> list[tuple[str, list[Item]]]:
        """The groups the user may see, each with its label ("" for the first) and its items."""
        groups = []
        for group in GROUPS:
            items = [self._item(page, section) for section in group.sections if self._is_open(page, section)]
            if items:
                groups.append((group.label() if group.label else "", items))
        return groups

    def _is_open(self, page: "PageContext", section: Section) -> bool:
        return section.key in self._sections and may(page.user.role, section.role)

    def _item(self, page: "PageContext", section: Section) -> Item:
        return Item(section.key, section.label(), section.icon, section.shortcut, self._count(page, section.key))

    def _count(self, page: "PageContext", key: str) -> Count | None:
        ask = self._sections[key].count
        if ask is None:
            return None
        asked, count = self._counts.get((page.store.store_id, key), (None, None))
        if asked is None or not 0 <= page.now - asked < self.keep_counts_for:
            count = _asked(ask, page, key)
            self._counts[page.store.store_id, key] = (page.now, count)
        return count


def _asked(ask: "Counter", page: "PageContext", key: str) -> Count | None:
    """The count, or None where it fails: the bar stands on every page, so nothing in it may take a page down."""
    try:
        return ask(page)
    except Exception as error:
        _log.error("count failed", section=key, exc_info=error)
        return None
