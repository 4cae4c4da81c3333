"""People: everybody who was seen, narrowed by a search, a segment, or whether we know who they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import links, paging
from console.frame import PageContext, current_page, render, requires
from console.language import gettext as _
from console.navigation import Area, Count, Hit
from console.pages import person
from console.pages.person import name_of
from console.parts import Chip, Column
from console.remembering import remembered
from core import ids
from core.db import Session
from core.log import head
from loyalty.ledger import service as ledger
from personalization.segments import service as segments
from personalization.segments.schemas import SegmentCount
from tracking.orders import service as orders
from tracking.orders.schemas import OrderStatistics
from tracking.people import service as people
from tracking.people.schemas import PeoplePage, Person

_MOST_HITS = 5


@dataclass(frozen=True)
class PersonLine:
    """One person of the list."""

    person: Person
    name: str
    detail: str
    url: str
    segments: Sequence[str]
    bought: OrderStatistics | None
    points: int


@dataclass(frozen=True)
class Asked:
    """What the address narrows the list by."""

    search: str
    who: str
    segment_id: int | None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.search or self.who or self.segment_id is not None)


@requires("viewer")
def show_list(request: Request) -> Response:
    """People, last seen first."""
    page = current_page()
    asked = _asked(page)
    with page.services.database.read() as session:
        every = live_segments(session, page)
        found = _found(session, page, asked)
        lines = lines_of(session, page, found.items, every)
        total = remembered(page, "people", lambda: people.count(session, page.store.store_id))
    chosen = next((one for one in every if one.segment.segment_id == asked.segment_id), None)
    return render(
        request,
        "people/list.html",
        section="people",
        lines=lines,
        columns=columns(),
        who_chips=_who_chips(page, asked),
        segment_chips=_segment_chips(page, every, asked),
        asked=asked,
        chosen=chosen,
        drop_url=page.link_with(q=None, who=None, segment=None, **_FRESH),
        total=total,
        pager=paging.pager(page, len(lines), found.next, None if asked.is_narrowed else total),
    )


def live_segments(session: Session, page: PageContext) -> list[SegmentCount]:
    """The live segments with their counts."""
    return remembered(page, "segments", lambda: segments.list_with_counts(session, page.store.store_id))


def lines_of(
    session: Session, page: PageContext, found: Sequence[Person], every: Sequence[SegmentCount]
) -> list[PersonLine]:
    """People as rows of a table, with a fixed number of queries for all of them."""
    store_id, person_ids = page.store.store_id, [one.person_id for one in found]
    bought = orders.statistics_of(session, store_id, person_ids)
    points = ledger.balances(session, store_id, person_ids)
    names = [one.segment.name for one in every]
    now = head(session)
    inside = segments.names_as_of(session, store_id, names, [(person_id, now) for person_id in person_ids])
    return [
        PersonLine(
            person=one,
            name=name_of(one),
            detail=one.email if one.email and one.name else one.city or "",
            url=links.to_person(page, one.person_id),
            segments=sorted(inside[at]),
            bought=bought.get(one.person_id),
            points=points.get(one.person_id, 0),
        )
        for at, one in enumerate(found)
    ]


def columns() -> tuple[Column, ...]:
    """The columns of a table of people."""
    return (
        Column(_("Person")),
        Column(_("Segments")),
        Column(_("Orders"), is_number=True),
        Column(_("Spent"), is_number=True),
        Column(_("Points"), is_number=True),
        Column(_("Last seen"), is_number=True),
    )


def count(page: PageContext) -> Count | None:
    """How many people were seen."""
    with page.services.database.read() as session:
        number = people.count(session, page.store.store_id)
    return Count(number) if number else None


def find(page: PageContext, text: str) -> list[Hit]:
    """People by their id, or whose name, e-mail or user id holds the text."""
    with page.services.database.read() as session:
        found = _by_id(session, page, text) or list(
            people.people(session, page.store.store_id, search=text, limit=_MOST_HITS).items
        )
    return [
        Hit(links.to_person(page, one.person_id), name_of(one), _("Person"), one.email or one.city or "")
        for one in found
    ]


_FRESH: dict[str, None] = {"after": None, "first": None, "back": None}


def _asked(page: PageContext) -> Asked:
    who = paging.asked(page, "who")
    return Asked(
        search=paging.asked(page, "q"),
        who=who if who in ("known", "anonymous") else "",
        segment_id=_number(paging.asked(page, "segment")),
    )


def _found(session: Session, page: PageContext, asked: Asked) -> PeoplePage:
    by_id = _by_id(session, page, asked.search)
    if by_id:
        return PeoplePage(items=tuple(by_id), next=None)
    inside: Select[int] | None = None
    if asked.segment_id is not None:
        inside = segments.member_ids(page.store.store_id, asked.segment_id)
    try:
        return people.people(
            session,
            page.store.store_id,
            search=asked.search,
            cursor=paging.cursor(page),
            limit=paging.SIZE,
            person_ids=inside,
            known_only=asked.who == "known",
            anonymous_only=asked.who == "anonymous",
        )
    except people.UnknownCursor:
        return PeoplePage(items=(), next=None)


def _by_id(session: Session, page: PageContext, text: str) -> list[Person]:
    number = _number(text) if text.startswith("p_") else None
    found = None if number is None else people.person(session, page.store.store_id, number)
    return [found] if found else []


def _number(text: str) -> int | None:
    try:
        number = ids.number(text) if text else None
    except ids.UnknownIdentifier:
        return None
    return number if number is not None and number < 2**63 else None


def _who_chips(page: PageContext, asked: Asked) -> list[Chip]:
    choices = (("", _("Everybody")), ("known", _("Known by name or e-mail")), ("anonymous", _("Not known yet")))
    return [Chip(text, page.link_with(who=who or None, **_FRESH), is_on=who == asked.who) for who, text in choices]


def _segment_chips(page: PageContext, every: Sequence[SegmentCount], asked: Asked) -> list[Chip]:
    """The chosen segment as a condition that can be taken away, else all of them to choose from."""
    return [
        Chip(
            _("is in %(segment)s") % {"segment": one.segment.name},
            page.link_with(
                segment=None if one.segment.segment_id == asked.segment_id else ids.public("s", one.segment.segment_id),
                **_FRESH,
            ),
            count=page.format.number(one.members),
            is_on=one.segment.segment_id == asked.segment_id,
            removes=one.segment.segment_id == asked.segment_id,
        )
        for one in every
        if asked.segment_id in (None, one.segment.segment_id)
    ]


AREA = Area(
    section="people",
    routes=(
        Route("/people", show_list, name="people", methods=["GET"]),
        Route("/people/{person_id}", person.show, name="person", methods=["GET"]),
    ),
    count=count,
    find=find,
)
