"""Sample data for `/console/setup/parts`: one value for each component, in each state.

The shop in it is made up. Sample texts are data, so they are not translated.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from markupsafe import Markup

from console.format import Formatter
from console.frame import PageContext, Toast
from console.parts import (
    Attention,
    Bar,
    ChartPoint,
    Chip,
    Column,
    Crumb,
    Day,
    Entry,
    EventMark,
    Fact,
    FieldError,
    Leaf,
    LineChart,
    Milestones,
    Option,
    Pager,
    Picture,
    Progress,
    Series,
    Sort,
    Stat,
    Tag,
    Why,
    by_day,
    rate_change,
    relative_change,
)
from core import clock
from core.clock import Instant
from tracking.stores.schemas import Role

_NOW: Instant = clock.parse("2026-11-21T09:30:00Z")
_REVENUE = (
    2920, 2900, 2340, 2060, 2110, 2200, 2580, 2950, 2970, 2430, 2350, 2370, 2290, 2950,
    3410, 3430, 2790, 2450, 2680, 2680, 3070, 3730, 3350, 2850, 2690, 2830, 2790, 3030,
)  # fmt: skip
_BEFORE = (
    2770, 2620, 2230, 2070, 2090, 2100, 2570, 2790, 2880, 2220, 1960, 2060, 2100, 2560,
    2920, 2700, 2140, 2000, 2110, 2230, 2420, 2940, 2790, 2360, 2010, 2010, 2260, 2470,
)  # fmt: skip
_WEEKS = (
    53, 58, 70, 78, 77, 79, 64, 48, 55, 46, 51, 41, 48, 36, 47, 33, 44, 38, 29, 36, 32, 29, 33, 25, 25, 22,
    25, 26, 29, 27, 30, 28, 31, 32, 26, 29, 38, 33, 36, 33, 38, 37, 50, 49, 50, 49, 52, 60, 57, 60, 52, 51,
)  # fmt: skip
_PICTURE = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect width='8' height='8' fill='%23e4ead0'/%3E%3Cpath d='M2 6h4L5 3H3z' fill='%23285f8f'/%3E%3C/svg%3E"


@dataclass(frozen=True)
class Sample:
    """A value for every component of the kit."""

    crumbs: tuple[Crumb, ...]
    tags: tuple[Tag, ...]
    periods: tuple[Option, ...]
    stats: tuple[Stat, ...]
    chart: LineChart
    attention: tuple[Attention, ...]
    columns: tuple[Column, ...]
    sort: Sort
    rows: tuple[tuple[str, str, str, str, str, tuple[int, ...], str], ...]
    pager: Pager
    filters: tuple[Chip, ...]
    timeline: list[Day]
    feed: tuple[Entry, ...]
    why: Why
    bars: tuple[Bar, ...]
    spread: tuple[Bar, ...]
    weeks: tuple[int, ...]
    weeks_before: tuple[float, ...]
    histogram: tuple[int, ...]
    facts: tuple[Fact, ...]
    parcel: Milestones
    progress: Progress
    errors: tuple[FieldError, ...]
    toast: Toast
    words: tuple[Option, ...]
    four: tuple[tuple[str, str, str], ...]
    heat: tuple[tuple[str, tuple[int, ...]], ...]
    needed: Role
    hour_ago: Instant


def everything(page: PageContext, least: int = 2) -> Sample:
    """The samples as a reader of the store's locale sees them on a fixed day; `least` is the sample rule's number of items."""
    form = replace(page.format, now=_NOW)
    here = page.link_with()
    return Sample(
        crumbs=(Crumb("Setup", f"{page.root}/setup"),),
        tags=(Tag("Draft of version 5"), Tag("Version 4 is on", "good", "check")),
        periods=(Option(here, "7 days"), Option(here, "28 days", True), Option(here, "Quarter"), Option(here, "Year")),
        stats=_stats(form, here),
        chart=_chart(form),
        attention=_attention(here),
        columns=_columns(),
        sort=Sort("people", True),
        rows=_rows(),
        pager=Pager(1, 50, 18_437, is_about=True, next_url=here),
        filters=_filters(here),
        timeline=by_day(_entries(), form),
        feed=_feed(),
        why=_why("why-116"),
        bars=_bars(),
        spread=_spread(),
        weeks=_WEEKS,
        weeks_before=tuple(week * 0.8 for week in _WEEKS),
        histogram=(120, 340, 510, 480, 300, 170, 90, 40, 41),
        facts=(Fact("Given in 28 days", "212,400"), Fact("Spent", "129,800"), Fact("Expire by 31 Dec", "96,300")),
        parcel=Milestones(4, 5, "Step 4 of 5: out for delivery"),
        progress=Progress(24_310, 41_208, 12, 40),
        errors=(
            FieldError("price", "Enter a price of 100 points or more"),
            FieldError("end", "Choose an end after 1 Dec 2026"),
        ),
        toast=Toast("Ines Falk left “Bean people”", here),
        words=(Option("all", "an order is paid"), Option("late", "a parcel is delivered")),
        four=_four(form, least),
        heat=_heat(),
        needed="marketer",
        hour_ago=_NOW - clock.HOUR,
    )


def _stats(form: Formatter, here: str) -> tuple[Stat, ...]:
    return (
        Stat(
            "Revenue from returning buyers", "€77,114", "before: €66,617",
            relative_change(77114, 66617, form, "up"), trend=_REVENUE[::2], url=here, is_chosen=True,
        ),
        Stat(
            "Bought again within 30 days", "38.4%", "before: 36.5%",
            rate_change(0.384, 0.365, form, "up"), trend=(31, 33, 33, 34, 34, 35, 35, 36, 35, 36, 37, 37, 38, 38.4), url=here,
        ),
        Stat("Orders", "4,118", "before: 3,990", relative_change(4118, 3990, form, "up"), trend=_BEFORE[1::2], url=here),
        Stat("Extra from recommendations", "€11,480", interval="€8,300–14,700", trend=_REVENUE[5:19], url=here),
        Stat("Delivered on time", "95.1%", "before: 96.5%", rate_change(0.951, 0.965, form, "up"),
             trend=(97, 95, 94, 94, None, 95, 94, 95, 97, 95, 94, 95, 95, 95), url=here),
    )  # fmt: skip


def _chart(form: Formatter) -> LineChart:
    first = date(2026, 10, 24)
    points = tuple(
        ChartPoint(
            clock.start_of_day(day, form.zone),
            form.plain_date(day),
            (now, before),
            (form.whole_money(now * 100, "EUR"), form.whole_money(before * 100, "EUR")),
            is_complete=at < 27,
        )
        for at, (now, before) in enumerate(zip(_REVENUE, _BEFORE, strict=True))
        for day in (first + timedelta(days=at),)
    )
    return LineChart(
        id="revenue",
        title="Revenue from returning buyers a day",
        summary="Revenue from returning buyers rose from €2,920 to €3,030 a day, most after 6 Nov.",
        series=(
            Series("Returning buyers, € a day", "c1", is_filled=True),
            Series("28 days before", "c6", is_dashed=True),
        ),
        points=points,
        marks=(EventMark(clock.parse("2026-11-06T11:00:00Z"), "6 Nov: rule “Double points on beans” turned on"),),
        currency="EUR",
    )


def _attention(here: str) -> tuple[Attention, ...]:
    return (
        Attention(
            "14 parcels are late and their buyers do not know",
            "Oldest promised for 17 Nov",
            "Tell them",
            here,
            "parcel",
        ),
        Attention(
            "“Welcome back” has used 92% of its budget", "About two days left at this pace", "Open", here, "coin"
        ),
        Attention(
            "3 events were set aside by orders", "A refund without its order", "Replay", here, "log", "bad", True
        ),
        Attention(
            "“Bundles under the price” can be decided",
            "+4.1% revenue, between +1.2 and +7.0",
            "Decide",
            here,
            "flask",
            "info",
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("Segment", sort="name"),
        Column("People now", is_number=True, sort="people"),
        Column("Joined", is_number=True, on_phone=False),
        Column("Left", is_number=True, on_phone=False),
        Column("28 days", on_phone=False),
        Column("Order again", is_number=True),
    )


def _rows() -> tuple[tuple[str, str, str, str, str, tuple[int, ...], str], ...]:
    rising, falling, uneven = (3, 4, 4, 5, 5, 6, 7, 7, 8), (8, 7, 7, 6, 7, 5, 4, 5, 4), (4, 5, 3, 6, 4, 7, 4, 6, 7)
    return (
        ("Bean people", "2 or more bean orders in 90 days", "2,318", "+412", "−96", rising, "46%"),
        ("Slipping away", "no visit for twice their usual gap", "1,904", "+288", "−341", falling, "9%"),
        ("First order, no second", "one order, 30 to 90 days ago", "3,127", "+504", "−467", uneven, "14%"),
        ("Looked at teapots", "3 views in 7 days, none bought", "236", "+91", "−74", falling, "21%"),
        ("Silver and Gold", "tier is Silver or Gold", "1,066", "+58", "−12", rising, "58%"),
    )


def _filters(here: str) -> tuple[Chip, ...]:
    return (
        Chip("Everything", here, "182", is_on=True),
        Chip("Visits", here, "74"),
        Chip("Orders", here, "11"),
        Chip("Parcels", here, "12"),
        Chip("tier is Gold", here, removes=True, is_on=True),
    )


def _at(text: str) -> Instant:
    return clock.parse(text)


def _entries() -> tuple[Entry, ...]:
    order = Markup('Order <a href="#main">10482</a> paid')
    return (
        Entry(_at("2026-11-21T08:14:00Z"), "eye", "Looked at the parcel page", "from the mail “Out for delivery”"),
        Entry(_at("2026-11-21T06:58:00Z"), "mail", "Mail: “Arrives today”", "opened 09:13"),
        Entry(_at("2026-11-21T06:52:00Z"), "truck", "Parcel out for delivery", "Leipzig-Mitte", tone="good"),
        Entry(_at("2026-11-20T17:22:00Z"), "coin", "Earned 116 points", "spendable from 5 Dec", "+116", "points", "points",
              _why("why-entry")),
        Entry(_at("2026-11-20T17:21:00Z"), "bag", order, "3 bags of beans, 1 mug", "€81.90", "accent",
              pictures=(Picture(_PICTURE), Picture(_PICTURE))),
        Entry(_at("2026-11-17T19:40:00Z"), "chat", "Ticket 311: “Which grind for the moka?”", "Answered in 42 minutes", tone="warn"),
    )  # fmt: skip


def _feed() -> tuple[Entry, ...]:
    return (
        Entry(
            _at("2026-11-21T17:24:09Z"),
            "cart",
            Markup('Someone put <a href="#main">Moka kettle, blue</a> in the basket'),
        ),
        Entry(
            _at("2026-11-21T17:24:02Z"), "eye", Markup('<a href="#main">Ines Falk</a> looks at Parcel 2 of order 10482')
        ),
        Entry(_at("2026-11-21T17:23:58Z"), "bag", "Order 10493 paid, €64.50"),
        Entry(_at("2026-11-21T17:23:51Z"), "coin", Markup('<a href="#main">Jonas Wirth</a> earned 128 points')),
    )


def _why(identifier: str) -> Why:
    return Why(
        id=identifier,
        sentence="116 points, because rule “Double points on beans” gives 2 for every €1 spent on beans.",
        leaves=(
            Leaf(True, "Order is paid", "20 Nov, 18:21"),
            Leaf(True, "Buyer is in “Bean people”", "since 3 Nov"),
            Leaf(True, "At least 2 bags of beans", "3", "2 or more"),
            Leaf(False, "A first order", "the eleventh", "the first"),
            Leaf(None, "The buyer's birthday", "unknown"),
        ),
        total=("€58.00 of beans × 2", "116"),
        source="Rule version 4. Can be spent from 5 Dec, 14 days after delivery.",
    )


def _bars() -> tuple[Bar, ...]:
    return (
        Bar("Bought together", 5240, "€5,240", (4000, 5900)),
        Bar("For you", 3610, "€3,610", (2600, 4700)),
        Bar("Continue where you left", 1900, "€1,900", (1100, 2700)),
        Bar("In the order mail", 730, "€730", (100, 1400)),
    )


def _spread() -> tuple[Bar, ...]:
    return (
        Bar("1 to 49 points", 1420, "1,420", before=1610),
        Bar("50 to 99", 1151, "1,151", before=880),
        Bar("100 to 199", 832, "832", before=590),
        Bar("500, the cap", 41, "41", before=0),
    )


def _four(form: Formatter, least: int) -> tuple[tuple[str, str, str], ...]:
    return (
        ("People rewarded", form.number(7824 // max(least, 1)), "of 18,440 buyers; 2,104 more than once"),
        ("Points given", "318,600", "version 4 gave 256,900"),
        ("Cost when spent", "€1,593", "at half a cent a point"),
        ("Share of that revenue", "1.0%", "of €159,300 in 6,377 orders"),
    )


def _heat() -> tuple[tuple[str, tuple[int, ...]], ...]:
    return (("Mon", (12, 40, 61, 22)), ("Sat", (8, 70, 95, 51)))
