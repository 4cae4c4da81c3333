"""The first page: what matters now, what moves, what waits for a person, what happens in the shop."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from console import answers
from console.frame import PageContext, current_page, path_to, render, requires
from console.language import gettext as _
from console.pages import segments as segment_pages
from console.pages.overview import attention, feed, periods, strip
from console.pages.overview.figures import Figures, figures
from console.pages.overview.periods import Period
from console.parts import Fact
from console.remembering import remembered
from core.db import Session
from loyalty.ledger import service as ledger
from loyalty.rules import service as rules
from tracking.people import service as people

_MOST_SEGMENTS = 5


@dataclass(frozen=True)
class PointsCard:
    """What the shop owes in points, and what moved in the period."""

    held: int
    holders: int
    worth: str
    expiring: int
    facts: Sequence[Fact]


@requires("viewer")
def show(request: Request) -> Response:
    """The overview."""
    page = current_page()
    period, key = periods.asked_for(page), strip.chosen(page)
    csv_url = f"{path_to(request, 'overview_csv')}?period={period.key}&show={key}"
    with page.services.database.read() as session:
        known_rules = rules.rules(session, page.store.store_id)
        found = _figures(session, page, period)
        moving = segment_pages.on_the_move(session, page)
        waiting = attention.waiting(session, page, request, known_rules)
        points = remembered(page, ("points", period.key), lambda: _points(session, page, period))
        in_the_shop = feed.in_the_shop(session, page)
        is_anybody = remembered(page, "people", lambda: people.count(session, page.store.store_id)) > 0
    return render(
        request,
        "overview/show.html",
        section="overview",
        sentence=strip.sentence(page, period, found),
        periods=periods.options(page, period.key),
        period=period,
        stats=strip.stats(page, found, key),
        chart=strip.chart(page, period, found, key, known_rules, csv_url),
        counted=strip.wording(page, found)[key].counted,
        segments=moving[:_MOST_SEGMENTS],
        segment_count=len(moving),
        segment_columns=segment_pages.columns(),
        waiting=waiting,
        points=points,
        feed=in_the_shop,
        loading=attention.loading(page),
        is_anybody=is_anybody,
    )


@requires("viewer")
def show_feed(request: Request) -> Response:
    """The rows of the feed, as the list asks for them every five seconds."""
    page = current_page()
    with page.services.database.read() as session:
        found = feed.in_the_shop(session, page)
    return render(request, "overview/feed.html", feed=found)


@requires("viewer")
def show_loading(request: Request) -> Response:
    """How far the reading of the history is; empty when it is done."""
    return render(request, "overview/loading.html", loading=attention.loading(current_page()))


@requires("viewer")
def download(request: Request) -> Response:
    """The chart's table as CSV."""
    page = current_page()
    period, key = periods.asked_for(page), strip.chosen(page)
    with page.services.database.read() as session:
        measure = _figures(session, page, period).measures[key]
    head = (_("Day"), key, periods.before_in_words(period))
    rows = zip((day.isoformat() for day in period.now.days), measure.now.days, measure.before.days, strict=True)
    return answers.csv(f"overview-{key}", head, rows)


def _figures(session: Session, page: PageContext, period: Period) -> Figures:
    return remembered(page, ("figures", period.key), lambda: figures(session, page, period))


def _points(session: Session, page: PageContext, period: Period) -> PointsCard:
    store_id, form = page.store.store_id, page.format
    totals = ledger.totals(session, store_id, period.now.since, period.now.until)
    before = ledger.totals(session, store_id, period.before.since, period.before.until)
    rows = (
        (_("Given"), totals.given, before.given),
        (_("Taken back by refunds"), totals.taken_back, before.taken_back),
        (_("Ran out"), totals.expired, before.expired),
    )
    facts = [Fact(name, _compared(page, now, then)) for name, now, then in rows]
    facts.append(Fact(_("Run out in the next 31 days"), form.number(totals.expiring)))
    worth = form.whole_money(ledger.worth(session, store_id, totals.held), page.store.currency)
    return PointsCard(totals.held, totals.holders, worth, totals.expiring, facts)


def _compared(page: PageContext, now: int, before: int) -> str:
    note = _("before: %(value)s") % {"value": page.format.number(before)}
    return Markup('{} <span class="xs faint">{}</span>').format(page.format.number(now), note)
