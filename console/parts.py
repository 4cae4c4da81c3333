"""What the macros of `templates/parts/` take: one frozen dataclass per component, all text ready to be shown.

Texts are already in the reader's language and locale (`page.format`); a `str` is escaped, a `Markup` is trusted.
Instants are milliseconds UTC. `/console/setup/parts` shows each of them in each state.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from console.format import Formatter
from console.language import gettext as _
from core import clock
from core.clock import Instant

Tone = Literal["", "accent", "good", "warn", "bad", "points"]


@dataclass(frozen=True)
class Crumb:
    """A step above the page."""

    text: str
    url: str


@dataclass(frozen=True)
class Tag:
    """A state in a word, with an icon where it helps."""

    text: str
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True)
class Chip:
    """A choice: one of a group (`is_on` for the chosen one), or a condition that `url` takes away (`removes`)."""

    text: str
    url: str
    count: str = ""
    is_on: bool = False
    removes: bool = False


@dataclass(frozen=True)
class Option:
    """One choice of a segmented control or a select; `value` is a link or a form value."""

    value: str
    text: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Change:
    """A number against the one before; `tone` only where up is clearly good or bad."""

    text: str
    direction: Literal["up", "down", "flat"]
    tone: Literal["", "good", "bad"] = ""


@dataclass(frozen=True)
class Stat:
    """One number of a strip. `note` compares ("before: 36.5%"); a measured effect puts its interval into `interval`
    instead of a `change`. `trend` is about 14 values, oldest first. `url` makes it drive the chart below."""

    label: str
    value: str
    note: str = ""
    change: Change | None = None
    interval: str = ""
    trend: Sequence[float | None] = ()
    url: str = ""
    is_chosen: bool = False


@dataclass(frozen=True)
class Attention:
    """One thing that waits for a person: a sentence, a detail and one verb.

    `url` leads there; with `is_action` the verb is a button that posts to it. Order by harm, most harmful first.
    """

    sentence: str
    detail: str
    verb: str
    url: str
    icon: str = "warn"
    tone: Literal["warn", "bad", "info"] = "warn"
    is_action: bool = False


@dataclass(frozen=True)
class Leaf:
    """One condition of a why: whether it held (None: unknown), what was seen and what was needed."""

    holds: bool | None
    text: str
    seen: str
    needed: str = ""


@dataclass(frozen=True)
class Why:
    """An explanation: the sentence, its leaves, then the sum as (text, value), then where it comes from.

    `id` is unique on the page; `label` is what the button says.
    """

    id: str
    sentence: str
    leaves: Sequence[Leaf] = ()
    total: tuple[str, str] | None = None
    source: str = ""
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """A small picture; `alt` may be empty where the sentence beside it says the same."""

    url: str
    alt: str = ""


@dataclass(frozen=True)
class Entry:
    """One row of a timeline: time · icon · sentence · amount. `sentence` may be Markup with links in it."""

    at: Instant
    icon: str
    sentence: str
    detail: str = ""
    amount: str = ""
    tone: Tone = ""
    amount_tone: Tone = ""
    why: Why | None = None
    pictures: Sequence[Picture] = ()


@dataclass(frozen=True)
class Day:
    """The entries of one calendar day; `name` as in "today", `detail` as in "Sat 21 Nov"."""

    name: str
    detail: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Column:
    """A column of a table; the first names the row. `sort` makes its head a link that sorts by that key."""

    label: str
    is_number: bool = False
    on_phone: bool = True
    sort: str = ""


@dataclass(frozen=True)
class Sort:
    """How the table is sorted now."""

    key: str
    is_descending: bool = False


def read_sort(text: str, allowed: Collection[str], default: Sort) -> Sort:
    """The sort of a query such as `?sort=-orders`; the default where it names no column that may be sorted by."""
    key = text.removeprefix("-")
    return Sort(key, text.startswith("-")) if key in allowed else default


def next_sort(column: Column, sort: Sort | None) -> str:
    """What a click on the column's head asks for: first numbers from the top and names from A, then the other way round."""
    is_sorted = sort is not None and sort.key == column.sort
    is_descending = not sort.is_descending if sort is not None and is_sorted else column.is_number
    return f"-{column.sort}" if is_descending else column.sort


@dataclass(frozen=True)
class Pager:
    """Where a list stands: rows `first` to `last` of `total` (None: not counted); empty addresses are not offered."""

    first: int
    last: int
    total: int | None = None
    is_about: bool = False
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Fact:
    """A name and its value in a list of facts; `value` may be Markup."""

    name: str
    value: str


@dataclass(frozen=True)
class Bar:
    """One horizontal bar: `text` is the value as shown; `interval` its whisker, `before` the value to compare with."""

    label: str
    value: float
    text: str
    interval: tuple[float, float] | None = None
    before: float | None = None


@dataclass(frozen=True)
class Series:
    """One line of a chart; `colour` is c1 to c6, the period before is c6 and dashed."""

    label: str
    colour: Literal["c1", "c2", "c3", "c4", "c5", "c6"] = "c1"
    is_dashed: bool = False
    is_filled: bool = False


@dataclass(frozen=True)
class ChartPoint:
    """One row of the table behind: when, its name, and for each series the value (None: missing) and its text."""

    at: Instant
    label: str
    values: Sequence[float | None]
    texts: Sequence[str]
    is_complete: bool = True


@dataclass(frozen=True)
class EventMark:
    """Something that happened while the line ran."""

    at: Instant
    text: str


@dataclass(frozen=True)
class LineChart:
    """A chart over time with its table. Values are in the unit shown (euros, not cents); `currency` labels the axis."""

    id: str
    title: str
    summary: str
    series: Sequence[Series]
    points: Sequence[ChartPoint]
    marks: Sequence[EventMark] = ()
    currency: str = ""
    csv_url: str = ""


@dataclass(frozen=True)
class Milestones:
    """Steps of a parcel or a checklist: `done` of `whole`, and the text that says the same."""

    done: int
    whole: int
    text: str


@dataclass(frozen=True)
class Progress:
    """Long work: rows done of all, how many were set aside, and the seconds left (None: not known yet)."""

    done: int
    whole: int
    set_aside: int = 0
    seconds_left: int | None = None


@dataclass(frozen=True)
class FieldError:
    """A refused answer: the name of its field and what to do ("Enter a price of 100 points or more")."""

    field: str
    text: str


def relative_change(now: float, before: float, form: Formatter, good: Literal["up", "down", ""] = "") -> Change | None:
    """How much `now` differs from `before` in percent; None where there was nothing before."""
    if not before:
        return None
    return _change((now - before) / abs(before), form.percent(abs(now - before) / abs(before)), good)


def rate_change(now: float, before: float, form: Formatter, good: Literal["up", "down", ""] = "") -> Change:
    """The difference of two shares (0 to 1) in points: 0.384 against 0.365 is 1.9 points."""
    return _change(now - before, _("%(n)s points") % {"n": form.number(abs(now - before) * 100, 1)}, good)


def _change(difference: float, text: str, good: Literal["up", "down", ""]) -> Change:
    direction: Literal["up", "down", "flat"] = "up" if difference > 0 else "down" if difference < 0 else "flat"
    if direction == "flat" or not good:
        return Change(text, direction)
    return Change(text, direction, "good" if direction == good else "bad")


def by_day(entries: Sequence[Entry], form: Formatter) -> list[Day]:
    """Group a timeline, newest first, by the store's calendar days."""
    return [
        Day(*_names(day, form), tuple(rows))
        for day, rows in groupby(entries, key=lambda entry: clock.local_day(entry.at, form.zone))
    ]


def _names(day: date, form: Formatter) -> tuple[str, str]:
    """ "Today" with its date beside it; for other days the date alone."""
    name, plain = form.named_date(day), form.plain_date(day)
    return (name[:1].upper() + name[1:], plain) if name != plain else (plain, "")
