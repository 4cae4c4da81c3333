"""The stat strip, the chart under it, and the sentence above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import get_currency_symbol
from markupsafe import Markup

from console.frame import PageContext
from console.language import gettext as _
from console.language import ngettext
from console.pages.overview import periods
from console.pages.overview.figures import AGAIN_DAYS, Course, Figures, Measure
from console.pages.overview.periods import Period
from console.parts import (
    Change,
    ChartPoint,
    EventMark,
    LineChart,
    Series,
    Stat,
    rate_change,
    relative_change,
)
from core import clock, money
from loyalty.rules.schemas import Rule

ORDER = ("revenue", "again", "orders", "on_time", "points")
_SPARKLINE = 14
_STEADY = 0.005  # half a point: no reader would call that rising
_FRACTIONS = ((1, 10), (1, 5), (1, 4), (1, 3), (2, 5), (1, 2), (3, 5), (2, 3), (3, 4), (4, 5), (9, 10))


@dataclass(frozen=True)
class Wording:
    """What a number is called: in the strip, on its line, and how it is counted."""

    label: str
    line: str
    counted: str


def chosen(page: PageContext) -> str:
    """The number that drives the chart."""
    key = page.query.get("show", ORDER[0])
    return key if key in ORDER else ORDER[0]


def stats(page: PageContext, figures: Figures, key: str) -> list[Stat]:
    """The strip; each number is a link that draws it below."""
    return [_stat(page, figures.measures[one], wording(page, figures)[one], one == key) for one in ORDER]


def chart(
    page: PageContext, period: Period, figures: Figures, key: str, rules: Sequence[Rule], csv_url: str
) -> LineChart:
    """The chosen number a day, with the period before and what was turned on meanwhile."""
    measure, words = figures.measures[key], wording(page, figures)[key]
    return LineChart(
        id="overview-days",
        title=words.line,
        summary=_summary(page, measure, words),
        series=(
            Series(words.line, "c1", is_filled=True),
            Series(periods.before_in_words(period), "c6", is_dashed=True),
        ),
        points=_points(page, period, measure),
        marks=_marks(page, period, rules),
        currency=page.store.currency if measure.kind == "money" else "",
        csv_url=csv_url,
    )


def sentence(page: PageContext, period: Period, figures: Figures) -> Markup:
    """What matters now: how many orders came from people who had bought before, and whether that grows."""
    now, form = figures.now, page.format
    if not now.orders:
        return Markup("{} {}").format(periods.in_words(period), _("no order was placed."))
    counted = ngettext("%(part)s of %(n)s order", "%(part)s of %(n)s orders", now.orders)
    strong = Markup("<strong>{}</strong>").format(
        counted % {"part": form.number(now.returning), "n": form.number(now.orders)}
    )
    text = _("%(period)s %(orders)s came from people who had bought before.")
    first = Markup("{}").format(text) % {"period": periods.in_words(period), "orders": strong}
    return Markup("{} {}").format(first, _verdict(page, figures))


def in_fraction(share: float) -> str:
    """A share as a buyer of coffee would say it: 0.384 → "two in five"; "hardly any" and "nearly all" at the ends."""
    if share < 0.05:
        return _("hardly any")
    if share > 0.95:
        return _("nearly all")
    part, whole = min(_FRACTIONS, key=lambda one: abs(one[0] / one[1] - share))
    numbers = {
        1: _("one"), 2: _("two"), 3: _("three"), 4: _("four"), 5: _("five"), 9: _("nine"), 10: _("ten"),
    }  # fmt: skip
    return _("about %(part)s in %(whole)s") % {"part": numbers[part], "whole": numbers[whole]}


def wording(page: PageContext, figures: Figures) -> dict[str, Wording]:
    """The words of every number; how it is counted is said below the chart."""
    again, on_time = figures.measures["again"].now.of, figures.measures["on_time"].now.of
    return {
        "revenue": Wording(
            _("Revenue from returning buyers"),
            _("Returning buyers, %(currency)s a day")
            % {"currency": get_currency_symbol(page.store.currency, page.format.locale)},
            _("Placed orders of people who had ordered before, less what was given back.") + _left_out(figures),
        ),
        "again": Wording(
            _("Bought again within %(days)s days") % {"days": AGAIN_DAYS},
            _("Bought again, share of the seven days up to each"),
            ngettext(
                "Of %(n)s order placed 30 days earlier than this period: the share whose buyer ordered again within 30 days. Later orders have not had their 30 days yet.",
                "Of %(n)s orders placed 30 days earlier than this period: the share whose buyer ordered again within 30 days. Later orders have not had their 30 days yet.",
                again,
            )
            % {"n": page.format.number(again)},
        ),
        "orders": Wording(_("Orders"), _("Orders a day"), _("Orders that the shop confirmed and did not cancel.")),
        "on_time": Wording(
            _("Delivered on time"),
            _("On time, share of the seven days up to each"),
            ngettext(
                "Of %(n)s parcel promised for a day before today: the share delivered by the end of that day.",
                "Of %(n)s parcels promised for a day before today: the share delivered by the end of that day.",
                on_time,
            )
            % {"n": page.format.number(on_time)},
        ),
        "points": Wording(_("Points given"), _("Points a day"), _("What rules gave, before anything was taken back.")),
    }


def text_of(page: PageContext, measure: Measure, value: float | None) -> str:
    """A value of a number as it is shown."""
    if measure.kind == "rate":
        return page.format.percent(value)
    if measure.kind == "money" and value is not None:
        return page.format.whole_money(money.to_minor(str(value), page.store.currency), page.store.currency)
    return page.format.number(value)


def _stat(page: PageContext, measure: Measure, words: Wording, is_chosen: bool) -> Stat:
    before = measure.before.whole
    return Stat(
        label=words.label,
        value=text_of(page, measure, measure.now.whole),
        note=_("before: %(value)s") % {"value": text_of(page, measure, before)} if before else _("nothing before"),
        change=_change(page, measure),
        trend=_trend(measure.now),
        url=page.link_with(show=measure.key),
        is_chosen=is_chosen,
    )


def _change(page: PageContext, measure: Measure) -> Change | None:
    now, before = measure.now.whole, measure.before.whole
    if now is None or before is None:
        return None
    if measure.kind == "rate":
        return rate_change(now, before, page.format, "up")
    return relative_change(now, before, page.format, "" if measure.key == "points" else "up")


def _trend(course: Course) -> list[float | None]:
    """About 14 values: sums of neighbouring days, so that no day is left out."""
    size = max(1, len(course.days) // _SPARKLINE)
    groups = [course.days[at : at + size] for at in range(len(course.days) % size, len(course.days), size)]
    return [_sum([value for value in group if value is not None]) for group in groups]


def _sum(known: Sequence[float]) -> float | None:
    return sum(known) / len(known) if known else None


def _points(page: PageContext, period: Period, measure: Measure) -> list[ChartPoint]:
    scale = 100 if measure.kind == "rate" else 1
    return [
        ChartPoint(
            at=clock.start_of_day(day, period.zone),
            label=page.format.plain_date(day),
            values=tuple(None if value is None else round(value * scale, 2) for value in pair),
            texts=tuple(text_of(page, measure, value) for value in pair),
            is_complete=at < period.length - 1 or measure.kind == "rate",
        )
        for at, (day, pair) in enumerate(
            zip(period.now.days, zip(measure.now.days, measure.before.days, strict=True), strict=True)
        )
    ]


def _marks(page: PageContext, period: Period, rules: Sequence[Rule]) -> list[EventMark]:
    """When versions of rules were turned on."""
    turned_on = [
        (version.on_at, version.name)
        for rule in rules
        for version in rule.versions
        if version.on_at is not None and period.now.since <= version.on_at < period.now.until
    ]
    return [
        EventMark(
            at,
            _("%(day)s: rule “%(name)s” turned on")
            % {"day": page.format.short_date(clock.local_day(at, period.zone)), "name": name},
        )
        for at, name in sorted(turned_on)
    ]


def _summary(page: PageContext, measure: Measure, words: Wording) -> str:
    return _("%(label)s: %(now)s, in the period before %(before)s.") % {
        "label": words.label,
        "now": text_of(page, measure, measure.now.whole),
        "before": text_of(page, measure, measure.before.whole),
    }


def _verdict(page: PageContext, figures: Figures) -> Markup:
    now, before = figures.now.share, figures.before.share
    if now is None:
        return Markup("")
    link = Markup('<a href="{}">{}</a>').format(
        page.link_with(show="revenue"), _trending(in_fraction(now), now, before)
    )
    return Markup("{}").format(_("That is %(share)s.")) % {"share": link}


def _trending(words: str, now: float, before: float | None) -> str:
    if before is None:
        return words
    if abs(now - before) < _STEADY:
        return _("%(share)s, as in the period before") % {"share": words}
    text = _("%(share)s, and rising") if now > before else _("%(share)s, and falling")
    return text % {"share": words}


def _left_out(figures: Figures) -> str:
    if not figures.other_currencies:
        return ""
    return " " + _("Orders in %(currencies)s are not in it.") % {"currencies": ", ".join(figures.other_currencies)}
