"""Parcels: the list with the late ones at hand, and one parcel with its milestones and scans."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import links, paging, words
from console.frame import PageContext, current_page, render, requires
from console.language import gettext as _
from console.navigation import Area, Count, Hit
from console.parts import Chip, Column, Day, Entry, Fact, Milestones, Tag, by_day
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.parcels.errors import UnknownParcel
from tracking.parcels.schemas import Checkpoint, Parcel
from tracking.people import service as people

_MOST_LATE = 500
_ON_THE_WAY = ("picked_up", "in_transit", "customs", "out_for_delivery")
_IN_TROUBLE = ("delayed", "attempt_failed", "ready_for_pickup", "returning", "lost_or_cancelled")
_VIEWS: dict[str, tuple[str, ...]] = {
    "packed": ("created", "label_ready"),
    "moving": _ON_THE_WAY,
    "trouble": _IN_TROUBLE,
    "delivered": ("delivered",),
}


@dataclass(frozen=True)
class ParcelLine:
    """One parcel of the list."""

    parcel: Parcel
    url: str
    order_url: str
    tag: Tag
    steps: Milestones


@dataclass(frozen=True)
class ParcelRecord:
    """One parcel's page."""

    tag: Tag
    steps: Milestones
    facts: list[Fact]
    timeline: list[Day]
    order_url: str
    buyer: str
    buyer_url: str


@requires("viewer")
def show_list(request: Request) -> Response:
    """Parcels, the last moved first: all, the late ones, those in some states, or those that a search finds."""
    page = current_page()
    search, view = paging.asked(page, "q"), paging.asked(page, "view")
    with page.services.database.read() as session:
        found = parcels.parcels(
            session,
            page.store.store_id,
            now=page.now,
            zone=page.store.time_zone,
            states=_VIEWS.get(view),
            search=search or None,
            only_late=view == "late",
            cursor=paging.cursor(page),
            limit=paging.SIZE,
        )
        late = len(parcels.late(session, page.store.store_id, page.now, zone=page.store.time_zone, limit=_MOST_LATE))
    return render(
        request,
        "parcels/list.html",
        section="parcels",
        lines=[_line(page, parcel) for parcel in found.items],
        columns=_columns(),
        chips=_chips(page, view, late),
        search=search,
        view=view,
        late=late,
        most_late=_MOST_LATE,
        pager=paging.pager(page, len(found.items), found.next),
    )


@requires("viewer")
def show_one(request: Request) -> Response:
    """One parcel."""
    page = current_page()
    with page.services.database.read() as session:
        try:
            found = parcels.parcel(
                session,
                page.store.store_id,
                request.path_params["parcel_id"],
                now=page.now,
                zone=page.store.time_zone,
            )
        except UnknownParcel as error:
            raise HTTPException(404, str(error)) from error
        person = people.person(session, page.store.store_id, found.person_id) if found.person_id else None
        is_ordered = bool(orders.headers(session, page.store.store_id, [found.order_id]))
    record = ParcelRecord(
        tag=words.parcel_tag(found.state, found.is_late),
        steps=words.parcel_steps(found.state),
        facts=_facts(page, found),
        timeline=by_day([_entry(scan) for scan in reversed(found.checkpoints)], page.format),
        order_url=links.to_order(page, found.order_id) if is_ordered else "",
        buyer=person.label if person else _("Nobody we know"),
        buyer_url=links.to_person(page, person.person_id) if person else "",
    )
    return render(request, "parcels/record.html", section="parcels", parcel=found, record=record)


def count(page: PageContext) -> Count | None:
    """The late parcels; nothing where all are in time."""
    with page.services.database.read() as session:
        late = parcels.late(session, page.store.store_id, page.now, zone=page.store.time_zone, limit=_MOST_LATE)
    return Count(len(late), needs_work=True) if late else None


def find(page: PageContext, text: str) -> list[Hit]:
    """Parcels whose id, order or tracking number begins with the text."""
    with page.services.database.read() as session:
        found = parcels.parcels(
            session, page.store.store_id, now=page.now, zone=page.store.time_zone, search=text, limit=5
        )
    return [
        Hit(
            links.to_parcel(page, parcel.parcel_id),
            parcel.tracking_number or parcel.parcel_id,
            _("Parcel"),
            words.parcel_state(parcel.state),
        )
        for parcel in found.items
    ]


def _line(page: PageContext, parcel: Parcel) -> ParcelLine:
    return ParcelLine(
        parcel,
        links.to_parcel(page, parcel.parcel_id),
        links.to_order(page, parcel.order_id),
        words.parcel_tag(parcel.state, parcel.is_late),
        words.parcel_steps(parcel.state),
    )


def _chips(page: PageContext, chosen: str, late: int) -> list[Chip]:
    names = {
        "": _("All"),
        "late": _("Late"),
        "packed": _("Not picked up yet"),
        "moving": _("On the way"),
        "trouble": _("In trouble"),
        "delivered": _("Delivered"),
    }
    return [
        Chip(
            text,
            page.link_with(view=view or None, after=None, first=None, back=None),
            count=page.format.number(late) if view == "late" else "",
            is_on=view == chosen,
        )
        for view, text in names.items()
    ]


def _facts(page: PageContext, parcel: Parcel) -> list[Fact]:
    form = page.format
    rows = [
        Fact(_("Parcel"), parcel.parcel_id),
        Fact(_("Carrier"), parcel.carrier or _("not told")),
        Fact(_("Tracking number"), parcel.tracking_number or _("not told")),
        Fact(_("Promised for"), form.when(parcel.promised_at, "day") if parcel.promised_at else _("nothing promised")),
        Fact(_("Last scan"), form.when(parcel.state_at)),
        Fact(_("Place"), parcel.place or _("not told")),
    ]
    if parcel.delivered_at is not None:
        rows.append(Fact(_("Delivered"), form.when(parcel.delivered_at)))
    if parcel.stale_since is not None:
        rows.append(Fact(_("No news since"), form.when(parcel.stale_since)))
    return rows


def _entry(scan: Checkpoint) -> Entry:
    text = words.parcel_state(scan.state) if scan.state else _("The carrier says “%(word)s”") % {"word": scan.status}
    told = scan.raw_code or scan.status
    reasons: Sequence[str | None] = (scan.place, scan.reason, _("carrier’s word: %(word)s") % {"word": told})
    ahead = _("dated after it was received") if scan.is_ahead else ""
    return Entry(
        scan.at,
        words.parcel_icon(scan.state),
        text,
        " · ".join(part for part in (*reasons, ahead) if part),
        tone=words.parcel_tone(scan.state),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Parcel")),
        Column(_("Order")),
        Column(_("State")),
        Column(_("Milestones"), on_phone=False),
        Column(_("Promised for")),
        Column(_("Last scan")),
    )


AREA = Area(
    section="parcels",
    routes=(
        Route("/parcels", show_list, name="parcels", methods=["GET"]),
        Route("/parcels/{parcel_id:path}", show_one, name="parcel", methods=["GET"]),
    ),
    count=count,
    find=find,
)
