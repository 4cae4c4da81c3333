"""The period a page looks at, and the one before it, cut off at the same time of day so that the two can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from console.frame import PageContext
from console.language import gettext as _
from console.parts import Option
from core import clock
from core.clock import Instant

_LENGTHS = {"7": 7, "28": 28, "quarter": 91, "year": 364}
_DEFAULT = "28"


@dataclass(frozen=True)
class Span:
    """Local days in order; `until` is the end of what is counted, within the last of them."""

    days: Sequence[date]
    since: Instant
    until: Instant


@dataclass(frozen=True)
class Period:
    """`now` ends today at this time of day, `before` as many days earlier at the same time of day."""

    key: str
    now: Span
    before: Span
    zone: str

    @property
    def length(self) -> int:
        return len(self.now.days)


def asked_for(page: PageContext) -> Period:
    """The period of the address, 28 days where it names none."""
    key = page.query.get("period", _DEFAULT)
    key = key if key in _LENGTHS else _DEFAULT
    zone, today, length = page.store.time_zone, clock.local_day(page.now, page.store.time_zone), _LENGTHS[key]
    elapsed = page.now - clock.start_of_day(today, zone)
    return Period(key, span(today, length, elapsed, zone), span(today - timedelta(length), length, elapsed, zone), zone)


def span(last: date, length: int, elapsed: Instant, zone: str) -> Span:
    """`length` days up to `last`, of which `elapsed` milliseconds have passed."""
    days = [last - timedelta(ago) for ago in range(length - 1, -1, -1)]
    return Span(days, clock.start_of_day(days[0], zone), clock.start_of_day(last, zone) + elapsed + 1)


def shifted(of: Span, ago: int, zone: str) -> Span:
    """The same span some days earlier."""
    elapsed = of.until - clock.start_of_day(of.days[-1], zone) - 1
    return span(of.days[-1] - timedelta(ago), len(of.days), elapsed, zone)


def options(page: PageContext, chosen: str) -> list[Option]:
    """The control that changes the period."""
    names = {"7": _("7 days"), "28": _("28 days"), "quarter": _("Quarter"), "year": _("Year")}
    return [Option(page.link_with(period=key), text, key == chosen) for key, text in names.items()]


def in_words(period: Period) -> str:
    """ "In the last 28 days"."""
    return {
        "7": _("In the last 7 days"),
        "28": _("In the last 28 days"),
        "quarter": _("In the last 13 weeks"),
        "year": _("In the last 52 weeks"),
    }[period.key]


def before_in_words(period: Period) -> str:
    """What the dashed line is."""
    return {
        "7": _("7 days before"),
        "28": _("28 days before"),
        "quarter": _("13 weeks before"),
        "year": _("52 weeks before"),
    }[period.key]
