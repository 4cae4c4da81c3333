"""Segments: groups that keep themselves up to date, and one of them with its people."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import answers, links, paging
from console.frame import PageContext, current_page, path_to, render, requires
from console.language import gettext as _
from console.navigation import Area, Count, Hit
from console.pages import people as people_pages
from console.parts import ChartPoint, Column, LineChart, Option, Series
from console.remembering import remembered
from core import clock, ids
from core.clock import Instant
from core.db import Session
from personalization.segments import service as segments
from personalization.segments.errors import UnknownSegment
from personalization.segments.schemas import DayCount, Member, SegmentCount
from tracking.people import service as people

DAYS = 28
_PERIODS = (28, 91, 365)
_SPARKLINE = 14


@dataclass(frozen=True)
class SegmentLine:
    """One segment of the list, with how it moved in 28 days."""

    name: str
    sentence: str
    url: str
    members: int
    joined: int
    left: int
    trend: Sequence[int]
    is_refreshing: bool


@dataclass(frozen=True)
class MemberLine:
    """One person in the segment, and since when."""

    row: people_pages.PersonLine
    entered_at: Instant


@requires("viewer")
def show_list(request: Request) -> Response:
    """Every live segment, the one that moved most first."""
    page = current_page()
    with page.services.database.read() as session:
        lines = on_the_move(session, page)
    return render(
        request,
        "segments/list.html",
        section="segments",
        lines=lines,
        columns=columns(),
        moved=sum(line.joined + line.left for line in lines),
    )


@requires("viewer")
def show_one(request: Request) -> Response:
    """One segment: what it means, how many were in it day after day, and who is in it."""
    page = current_page()
    days = _days(page)
    with page.services.database.read() as session:
        found = _asked_for(session, page, request)
        history = _history(session, page, found, days)
        cursor = paging.number(paging.cursor(page))
        members = segments.members(session, page.store.store_id, found.segment.segment_id, cursor, paging.SIZE)
        lines = _members(session, page, members.items)
    following = None if members.next is None else str(members.next)
    csv_url = path_to(request, "segment_csv", segment_id=ids.public("s", found.segment.segment_id)) + f"?days={days}"
    return render(
        request,
        "segments/record.html",
        section="segments",
        found=found,
        joined=sum(day.entered for day in history),
        left=sum(day.left for day in history),
        before=history[0].members - history[0].entered + history[0].left,
        days=days,
        periods=_periods(page, days),
        chart=_chart(page, found, history, csv_url),
        lines=lines,
        columns=_member_columns(),
        people_url=f"{path_to(request, 'people')}?segment={ids.public('s', found.segment.segment_id)}",
        pager=paging.pager(page, len(lines), following, found.members),
    )


@requires("viewer")
def download(request: Request) -> Response:
    """The chart's table as CSV."""
    page = current_page()
    with page.services.database.read() as session:
        found = _asked_for(session, page, request)
        history = _history(session, page, found, _days(page))
    head = (_("Day"), _("People"), _("Joined"), _("Left"))
    rows = [(day.day.isoformat(), day.members, day.entered, day.left) for day in history]
    return answers.csv("segment", head, rows)


def on_the_move(session: Session, page: PageContext) -> list[SegmentLine]:
    """Every live segment with its 28 days, the one that moved most first; three queries for all of them."""
    return remembered(page, "segments on the move", lambda: _moving(session, page))


def _moving(session: Session, page: PageContext) -> list[SegmentLine]:
    store_id = page.store.store_id
    moved = segments.histories(session, store_id, days=DAYS, now=page.now, zone=page.store.time_zone)
    lines = [_line(page, one, moved[one.segment.segment_id]) for one in people_pages.live_segments(session, page)]
    return sorted(lines, key=lambda line: (-(line.joined + line.left), -line.members, line.name))


def columns() -> tuple[Column, ...]:
    """The columns of a table of segments."""
    return (
        Column(_("Segment")),
        Column(_("People now"), is_number=True),
        Column(_("Joined"), is_number=True),
        Column(_("Left"), is_number=True),
        Column(_("28 days"), on_phone=False),
    )


def count(page: PageContext) -> Count | None:
    """How many segments are live."""
    with page.services.database.read() as session:
        number = len(people_pages.live_segments(session, page))
    return Count(number) if number else None


def find(page: PageContext, text: str) -> list[Hit]:
    """Segments whose name holds the text."""
    with page.services.database.read() as session:
        every = people_pages.live_segments(session, page)
    return [
        Hit(links.to_segment(page, one.segment.segment_id), one.segment.name, _("Segment"), one.sentence)
        for one in every
        if text.casefold() in one.segment.name.casefold()
    ][:5]


def _line(page: PageContext, one: SegmentCount, history: Sequence[DayCount]) -> SegmentLine:
    step = max(1, len(history) // _SPARKLINE)
    return SegmentLine(
        name=one.segment.name,
        sentence=one.sentence,
        url=links.to_segment(page, one.segment.segment_id),
        members=one.members,
        joined=sum(day.entered for day in history),
        left=sum(day.left for day in history),
        trend=[day.members for day in history[::-step][::-1]],
        is_refreshing=one.is_refreshing,
    )


def _asked_for(session: Session, page: PageContext, request: Request) -> SegmentCount:
    try:
        wanted = ids.number(request.path_params["segment_id"])
        for one in people_pages.live_segments(session, page):
            if one.segment.segment_id == wanted:
                return one
        raise UnknownSegment(wanted)
    except (ids.UnknownIdentifier, UnknownSegment) as error:
        raise HTTPException(404, _("There is no such segment.")) from error


def _history(session: Session, page: PageContext, found: SegmentCount, days: int) -> list[DayCount]:
    segment_id, zone = found.segment.segment_id, page.store.time_zone
    return remembered(
        page,
        ("history", segment_id, days),
        lambda: segments.history(session, page.store.store_id, segment_id, days=days, now=page.now, zone=zone),
    )


def _days(page: PageContext) -> int:
    asked = paging.number(paging.asked(page, "days"))
    return asked if asked in _PERIODS else DAYS


def _periods(page: PageContext, days: int) -> list[Option]:
    names = {28: _("28 days"), 91: _("Quarter"), 365: _("Year")}
    return [Option(page.link_with(days=one), names[one], one == days) for one in _PERIODS]


def _chart(page: PageContext, found: SegmentCount, history: Sequence[DayCount], csv_url: str) -> LineChart:
    first, last = history[0].members, history[-1].members
    summary = _("%(name)s went from %(first)s to %(last)s people.") % {
        "name": found.segment.name,
        "first": page.format.number(first),
        "last": page.format.number(last),
    }
    today = clock.local_day(page.now, page.store.time_zone)
    points = [
        ChartPoint(
            clock.start_of_day(day.day, page.store.time_zone),
            page.format.plain_date(day.day),
            (day.members,),
            (page.format.number(day.members),),
            is_complete=day.day != today,
        )
        for day in history
    ]
    series = (Series(_("People at the end of the day"), is_filled=True),)
    return LineChart("segment-people", _("People in the segment"), summary, series, points, csv_url=csv_url)


def _members(session: Session, page: PageContext, members: Sequence[Member]) -> list[MemberLine]:
    ids_now = people.current(session, page.store.store_id, [member.person_id for member in members])
    found = people.people(session, page.store.store_id, person_ids=ids_now, limit=max(1, len(ids_now)))
    rows = {
        row.person.person_id: row
        for row in people_pages.lines_of(session, page, found.items, people_pages.live_segments(session, page))
    }
    return [
        MemberLine(rows[person_id], member.entered_at)
        for person_id, member in zip(ids_now, members, strict=True)
        if person_id in rows
    ]


def _member_columns() -> tuple[Column, ...]:
    return (
        Column(_("Person")),
        Column(_("Joined")),
        Column(_("Orders"), is_number=True),
        Column(_("Spent"), is_number=True),
        Column(_("Points"), is_number=True),
        Column(_("Last seen"), is_number=True, on_phone=False),
    )


AREA = Area(
    section="segments",
    routes=(
        Route("/segments", show_list, name="segments", methods=["GET"]),
        Route("/segments/{segment_id}", show_one, name="segment", methods=["GET"]),
        Route("/segments/{segment_id}/days.csv", download, name="segment_csv", methods=["GET"]),
    ),
    count=count,
    find=find,
)
