"""What a rule would have done over the past: numbers, weeks, bands, five orders and warnings, ready to be shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from console import charts, links
from console.frame import PageContext
from console.language import gettext as _
from console.language import ngettext
from console.parts import Bar, Leaf, Why
from core import clock, money
from core.clock import Instant
from loyalty.backtest.schemas import Band, Example, Question, Result, Week
from loyalty.ledger import service as ledger
from loyalty.ledger.schemas import Movement
from loyalty.rules.schemas import Rule, RuleBody

WEEKS = 52


@dataclass(frozen=True)
class ExampleLine:
    """A past order: what it would get, what it really got, and why."""

    order_id: str
    url: str
    placed_at: Instant
    text: str
    why: Why
    before: str
    now: str


@dataclass(frozen=True)
class WeekLine:
    """One row of the table behind the chart."""

    name: str
    now: str
    before: str


@dataclass(frozen=True)
class Preview:
    """The card beside the sentence, and the five orders under it. `before` names what is compared with, or is empty."""

    result: Result
    before: str
    four: list[tuple[str, str, str]]
    chart: Markup
    axis: list[str]
    weeks: list[WeekLine]
    bands: list[Bar]
    examples: list[ExampleLine]
    warnings: list[tuple[str, str]]
    a_week: int
    a_week_before: int | None
    tried: str


@dataclass(frozen=True)
class Actual:
    """What the rule really gave in the period, net of what was taken back, as the ledger has it."""

    points: int
    weeks: Counter[date]
    people: Counter[int]
    orders: Counter[str]


def preview(page: PageContext, body: RuleBody, rule: Rule | None) -> Preview:
    """Try the body on the last 52 weeks; compared with what the rule really gave where a version is or was on."""
    since, until = period(page)
    store = page.store
    was_on = rule if rule and any(version.on_at for version in rule.versions) else None
    result = page.services.backtests.run(
        Question(
            store_id=store.store_id,
            currency=store.currency,
            time_zone=store.time_zone,
            locale=store.locale,
            body=body,
            since=since,
            until=until,
        )
    )
    with page.services.database.read() as session:
        per_unit = ledger.points_per_unit(session, store.store_id)
        moved = ledger.moved_by_rule(session, store.store_id, was_on.rule_id, since, until) if was_on else []
    actual = _actual(page, moved) if was_on else None
    return Preview(
        result=result,
        before=_("Really given") if actual else "",
        four=_four(page, result, actual, per_unit),
        chart=_chart(result, actual),
        axis=_axis(page, result.weeks),
        weeks=[_week_line(page, week, actual) for week in result.weeks],
        bands=[_band(page, band, actual) for band in result.bands],
        examples=[_example(page, at, example, actual) for at, example in enumerate(result.examples)],
        warnings=_warnings(page, result),
        a_week=round(result.points / WEEKS),
        a_week_before=round(actual.points / WEEKS) if actual else None,
        tried=_tried(page, result),
    )


def period(page: PageContext) -> tuple[Instant, Instant]:
    """The last 52 whole weeks and the one that runs, in the store's calendar."""
    today = clock.local_day(page.now, page.store.time_zone)
    first = today - timedelta(days=today.weekday(), weeks=WEEKS)
    return clock.start_of_day(first, page.store.time_zone), page.now + 1


def cost(points: int, per_unit: int, currency: str) -> int:
    """What points cost once they are spent, in minor units, half up."""
    scale: int = 10 ** money.exponent(currency)
    return (points * scale * 2 + per_unit) // (2 * per_unit)


def _actual(page: PageContext, moved: Sequence[Movement]) -> Actual:
    """Net of what was taken back, in the week of the award, as the backtest counts; what came of older orders is left out."""
    awards = {movement.order_id: movement.effective_at for movement in moved if movement.kind == "award"}
    weeks: Counter[date] = Counter()
    people: Counter[int] = Counter()
    orders: Counter[str] = Counter()
    for movement in moved:
        if movement.order_id is None or movement.order_id not in awards:
            continue
        day = clock.local_day(awards[movement.order_id], page.store.time_zone)
        weeks[day - timedelta(days=day.weekday())] += movement.points
        people[movement.person_id] += movement.points
        orders[movement.order_id] += movement.points
    return Actual(sum(weeks.values()), weeks, people, orders)


def _four(page: PageContext, result: Result, actual: Actual | None, per_unit: int) -> list[tuple[str, str, str]]:
    form, currency = page.format, page.store.currency
    spent = cost(result.points, per_unit, currency)
    share = spent / result.rewarded_revenue if result.rewarded_revenue else None
    worth = form.money(10 ** money.exponent(currency), currency)
    return [
        (
            _("People rewarded"),
            form.number(result.people),
            _("of %(buyers)s buyers; %(more)s more than once")
            % {"buyers": form.number(result.buyers), "more": form.number(result.more_than_once)},
        ),
        (_("Points given"), form.number(result.points), _given_before(page, result, actual)),
        (
            _("Cost when spent"),
            form.whole_money(spent, currency) if spent >= 100_000 else form.money(spent, currency),
            _("at %(points)s points for %(amount)s") % {"points": form.number(per_unit), "amount": worth},
        ),
        (
            _("Share of that revenue"),
            form.percent(share),
            _("of %(revenue)s in %(orders)s orders")
            % {
                "revenue": form.whole_money(result.rewarded_revenue, currency),
                "orders": form.number(result.rewarded_orders),
            },
        ),
    ]


def _given_before(page: PageContext, result: Result, actual: Actual | None) -> str:
    if actual is not None:
        return _("%(points)s were really given") % {"points": page.format.number(actual.points)}
    if result.taken_back:
        return _("after %(points)s taken back for refunds") % {"points": page.format.number(result.taken_back)}
    return _("it was never on")


def _chart(result: Result, actual: Actual | None) -> Markup:
    values = [week.points for week in result.weeks]
    before = [actual.weeks[week.monday] for week in result.weeks] if actual else []
    label = _("Points a week over %(weeks)s weeks: %(low)s to %(high)s.") % {
        "weeks": len(values),
        "low": min(values, default=0),
        "high": max(values, default=0),
    }
    if actual is not None:
        label += " " + _("The line is what was really given.")
    return charts.weekly(values, label, before)


def _axis(page: PageContext, weeks: Sequence[Week]) -> list[str]:
    """Five names under the chart, evenly spread."""
    steps = [round(at * (len(weeks) - 1) / 4) for at in range(5)] if weeks else []
    return [page.format.short_date(weeks[at].monday) for at in steps]


def _week_line(page: PageContext, week: Week, actual: Actual | None) -> WeekLine:
    return WeekLine(
        page.format.plain_date(week.monday),
        page.format.number(week.points),
        page.format.number(actual.weeks[week.monday]) if actual else "",
    )


def _band(page: PageContext, band: Band, actual: Actual | None) -> Bar:
    form = page.format
    if band.most is None:
        label = _("%(least)s points or more") % {"least": form.number(band.least)}
    else:
        label = _("%(least)s to %(most)s points") % {"least": form.number(band.least), "most": form.number(band.most)}
    before = None
    if actual is not None:
        before = sum(
            band.least <= points and (band.most is None or points <= band.most) for points in actual.people.values()
        )
    return Bar(label, band.people, form.number(band.people), before=before)


def _example(page: PageContext, at: int, example: Example, actual: Actual | None) -> ExampleLine:
    outcome = example.outcome
    failed = next((leaf for leaf in outcome.leaves if not leaf.holds), None)
    if outcome.points:
        text = outcome.arithmetic
    elif failed is not None:
        text = _("None: %(text)s, seen: %(seen)s") % {"text": failed.text, "seen": failed.seen or _("nothing")}
    elif example.person_id == 0:
        text = _("None: its buyer is not known")
    else:
        text = _("None: nothing in it counts")
    why = Why(
        id=f"why-example-{at}",
        sentence=ngettext("%(n)s point for this order.", "%(n)s points for this order.", outcome.points)
        % {"n": page.format.number(outcome.points)},
        leaves=[Leaf(leaf.holds, leaf.text, leaf.seen, leaf.needed) for leaf in outcome.leaves],
        total=(outcome.arithmetic, page.format.number(outcome.points)) if outcome.arithmetic else None,
        source=_("As of the moment of the order."),
    )
    return ExampleLine(
        order_id=example.order_id,
        url=links.to_order(page, example.order_id),
        placed_at=example.placed_at,
        text=text,
        why=why,
        before=page.format.number(actual.orders[example.order_id]) if actual else "",
        now=page.format.number(outcome.points),
    )


def _warnings(page: PageContext, result: Result) -> list[tuple[str, str]]:
    if result.orders == 0:
        return [(_("There are no past orders to try."), _("The preview fills as the shop reports orders."))]
    if result.people == 0:
        return [(_("Nobody would have got a point."), _("No order of the past year fits every word."))]
    if result.people == result.buyers:
        return [
            (_("Everybody who bought gets points."), _("That is right for a base rule, and dear for a special one."))
        ]
    return []


def _tried(page: PageContext, result: Result) -> str:
    text = ngettext("%(n)s past order tried in %(time)s s", "%(n)s past orders tried in %(time)s s", result.orders)
    return text % {
        "n": page.format.number(result.orders),
        "time": page.format.number(max(result.seconds, 0.01), 2 if result.seconds < 0.1 else 1),
    }
