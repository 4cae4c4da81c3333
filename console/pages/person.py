"""One person: everything that happened, and beside it what they hold, what is on its way, and who they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console import links, paging, timelines, words
from console.accounts import letters
from console.explaining import segment_why
from console.frame import PageContext, current_page, render, requires
from console.language import gettext as _
from console.language import ngettext
from console.parts import Chip, Day, Fact, Milestones, Tag, Why, by_day
from console.timelines import KINDS, Part, Reader
from core import ids
from core.db import Session
from loyalty.ledger import service as ledger
from loyalty.ledger.schemas import Holding
from personalization.segments import service as segments
from personalization.segments.schemas import Segment
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.parcels.schemas import Parcel
from tracking.people import service as people
from tracking.people.schemas import KnownIdentity, Person

_PAGE = 50
_MOST_PARCELS = 20


@dataclass(frozen=True)
class Membership:
    """A segment the person is in, with its why."""

    name: str
    url: str
    why: Why


@dataclass(frozen=True)
class OnTheWay:
    """A parcel that has not arrived."""

    name: str
    url: str
    tag: Tag
    steps: Milestones
    state: str
    parcel: Parcel


@dataclass(frozen=True)
class Points:
    """What the person holds, as the card says it."""

    holding: Holding
    worth: str
    text: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Record:
    """Everything on the page."""

    person: Person
    name: str
    face: str
    line: str
    chips: Sequence[Chip]
    days: Sequence[Day]
    older: tuple[str, str] | None
    newest_url: str
    points: Points
    parcels: Sequence[OnTheWay]
    about: Sequence[Fact]
    memberships: Sequence[Membership]
    identities: Sequence[Fact]


@requires("viewer")
def show(request: Request) -> Response:
    """A person; an id that was merged into another leads to the person it means now."""
    page = current_page()
    asked = _number(request.path_params["person_id"])
    with page.services.database.read() as session:
        found = None if asked is None else people.person(session, page.store.store_id, asked)
        if found is None:
            raise HTTPException(404, _("There is no such person."))
        if found.person_id != asked:
            return RedirectResponse(links.to_person(page, found.person_id), 303)
        record = _record(session, page, found)
    return render(request, "people/record.html", section="people", record=record)


def name_of(one: Person) -> str:
    """How staff see a person; somebody we know nothing of is told apart by the end of their id."""
    if one.name or one.email or one.user_id:
        return one.label
    return _("Somebody, …%(end)s") % {"end": ids.public("p", one.person_id)[-4:]}


def _record(session: Session, page: PageContext, found: Person) -> Record:
    store_id = page.store.store_id
    person_ids = people.merged(session, store_id, found.person_id)
    reader = Reader(session, page, found.person_id, person_ids)
    kind, before = _kind(page), paging.number(paging.asked(page, "before"))
    newest = {one: reader.part(one, None) for one in KINDS}
    parts = newest if before is None else {one: reader.part(one, before) for one in KINDS}
    shown = timelines.merge([parts[kind]] if kind else list(parts.values()), _PAGE)
    return Record(
        person=found,
        name=name_of(found),
        face=letters(name_of(found)),
        line=_line(page, found),
        chips=_chips(page, newest, kind),
        days=by_day(shown.entries, page.format),
        older=(page.link_with(before=shown.before), _("Show older")) if shown.before is not None else None,
        newest_url=page.link_with(before=None) if before is not None else "",
        points=_points(session, page, person_ids),
        parcels=_on_the_way(session, page, person_ids),
        about=_about(session, page, found, person_ids),
        memberships=_memberships(session, page, found.person_id),
        identities=_identities(people.identities(session, store_id, found.person_id)),
    )


def _line(page: PageContext, found: Person) -> str:
    place = ", ".join(part for part in (found.city, found.country) if part)
    since = _("known since %(day)s") % {"day": page.format.day(found.first_seen_at)}
    mail = found.email if found.email and found.email != name_of(found) else ""
    return " · ".join(part for part in (mail, place, since) if part)


def _kind(page: PageContext) -> str:
    kind = paging.asked(page, "show")
    return kind if kind in KINDS else ""


def _chips(page: PageContext, newest: Mapping[str, Part], chosen: str) -> list[Chip]:
    names = {
        "visits": _("Visits"),
        "orders": _("Orders"),
        "parcels": _("Parcels"),
        "points": _("Points"),
        "mail": _("Mail"),
        "segments": _("Segments"),
    }
    every = Chip(
        _("Everything"),
        page.link_with(show=None, before=None),
        _count(page, sum(len(part.lines) for part in newest.values()), all(part.is_all for part in newest.values())),
        is_on=not chosen,
    )
    return [
        every,
        *(
            Chip(
                names[kind],
                page.link_with(show=kind, before=None),
                _count(page, len(newest[kind].lines), newest[kind].is_all),
                is_on=kind == chosen,
            )
            for kind in KINDS
            if newest[kind].lines or kind == chosen
        ),
    ]


def _count(page: PageContext, number: int, is_all: bool) -> str:
    return page.format.number(number) + ("" if is_all else "+")


def _points(session: Session, page: PageContext, person_ids: Sequence[int]) -> Points:
    store_id, form, currency = page.store.store_id, page.format, page.store.currency
    held = ledger.holding(session, store_id, person_ids, page.now)
    facts = [Fact(_("Earned, all time"), form.number(held.earned))]
    if held.next_expiry_at is not None:
        day = form.day(held.next_expiry_at)
        facts.insert(0, Fact(_("Run out %(day)s") % {"day": day}, form.number(held.next_expiry_points)))
    waits = ngettext("%(n)s more waits to be spendable.", "%(n)s more wait to be spendable.", held.pending)
    return Points(
        holding=held,
        worth=form.money(ledger.worth(session, store_id, held.available), currency),
        text=waits % {"n": form.number(held.pending)} if held.pending else _("None wait."),
        facts=facts,
    )


def _on_the_way(session: Session, page: PageContext, person_ids: Sequence[int]) -> list[OnTheWay]:
    found = parcels.parcels(
        session,
        page.store.store_id,
        now=page.now,
        zone=page.store.time_zone,
        person_ids=person_ids,
        limit=_MOST_PARCELS,
    )
    return [
        OnTheWay(
            name=parcel.tracking_number or parcel.parcel_id,
            url=links.to_parcel(page, parcel.parcel_id),
            tag=Tag(_("Late"), "warn", "warn") if parcel.is_late else Tag(_("On time"), "good", "check"),
            steps=words.parcel_steps(parcel.state),
            state=words.parcel_state(parcel.state),
            parcel=parcel,
        )
        for parcel in found.items
        if parcel.is_open
    ]


def _about(session: Session, page: PageContext, found: Person, person_ids: Sequence[int]) -> list[Fact]:
    bought = list(orders.statistics_of(session, page.store.store_id, person_ids).values())
    rows = [Fact(_("Orders"), _("none yet"))]
    if bought:
        spent = page.format.money(sum(one.total_minor for one in bought), bought[0].currency)
        number = page.format.number(sum(one.order_count for one in bought))
        rows = [
            Fact(_("Orders"), f"{number}, {spent}"),
            Fact(_("Last order"), page.format.when(max(one.last_order_at for one in bought), "day")),
        ]
    consent = people.consent_of(session, page.store, found.person_id)
    rows.append(Fact(_("Mail"), _("Order news, offers") if consent.marketing else _("Order news only")))
    if not consent.personalization:
        rows.append(Fact(_("Recommendations"), _("not personal: they said no")))
    rows.append(Fact(_("Last seen"), page.format.when(found.last_seen_at)))
    return rows


def _memberships(session: Session, page: PageContext, person_id: int) -> list[Membership]:
    return [
        _membership(session, page, person_id, number, segment, page.format.day(since))
        for number, (segment, since) in enumerate(segments.segments_of(session, page.store.store_id, person_id))
    ]


def _membership(
    session: Session, page: PageContext, person_id: int, number: int, segment: Segment, since: str
) -> Membership:
    told = segments.explain_person(session, page.store.store_id, segment.segment_id, person_id, page.now)
    source = _("In it since %(day)s. Version %(version)s of the segment.") % {"day": since, "version": segment.version}
    why = (
        segment_why(f"why-segment-{number}", segment.name, told, source)
        if told
        else Why(f"why-segment-{number}", segment.description, source=source)
    )
    return Membership(segment.name, links.to_segment(page, segment.segment_id), why)


def _identities(found: Sequence[KnownIdentity]) -> list[Fact]:
    """Each way the person is known by, and whether that was proved; browsers are counted."""
    rows = [
        Fact(_("Account"), one.value) if one.kind == "user" else Fact(_("E-mail"), _with(one.value, _proof(one)))
        for one in found
        if one.kind != "anonymous"
    ]
    browsers = [one for one in found if one.kind == "anonymous"]
    proved = sum(one.proved for one in browsers)
    if browsers:
        number = ngettext("%(n)s browser", "%(n)s browsers", len(browsers)) % {"n": len(browsers)}
        rows.append(Fact(_("Devices"), _with(number, _proofs(proved, len(browsers)))))
    return rows


def _proof(one: KnownIdentity) -> str:
    return _("proved") if one.proved else _("claimed")


def _proofs(proved: int, whole: int) -> str:
    if proved in (0, whole):
        return _("proved") if proved else _("claimed")
    return _("%(proved)s proved, %(claimed)s claimed") % {"proved": proved, "claimed": whole - proved}


def _with(value: str, remark: str) -> Markup:
    return Markup('{} <span class="faint">{}</span>').format(value, remark)


def _number(text: str) -> int | None:
    try:
        number = ids.number(text)
    except ids.UnknownIdentifier:
        return None
    return number if number < 2**63 else None
