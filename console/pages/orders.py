"""Orders: the list, and one order with everything that followed from it."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from console import links, paging, words
from console.accounts import may
from console.frame import PageContext, current_page, render, requires
from console.language import gettext as _
from console.navigation import Area, Hit
from console.pages.order_record import record
from console.parts import Chip, Column, Tag
from core import clock
from core.db import Session
from tracking.orders import service as orders
from tracking.orders.errors import UnknownOrder
from tracking.orders.schemas import Order, Status
from tracking.people import service as people

_PERIOD = 7 * clock.DAY
_STATUSES: tuple[Status, ...] = ("placed", "reported", "cancelled")


@dataclass(frozen=True)
class OrderLine:
    """One order of the list."""

    order: Order
    url: str
    buyer: str
    buyer_url: str
    tag: Tag
    source: str
    pieces: int


@dataclass(frozen=True)
class Summary:
    """Placed orders of today and of the last 7 days in the store's currency."""

    today: int
    orders: int
    returning: int
    revenue: int


@requires("viewer")
def show_list(request: Request) -> Response:
    """Orders, newest first: all, of one status, or those that a search finds."""
    page = current_page()
    search, status = paging.asked(page, "q"), _status(page)
    with page.services.database.read() as session:
        found = orders.orders(
            session,
            page.store.store_id,
            status=status,
            search=search or None,
            cursor=paging.cursor(page),
            limit=paging.SIZE,
        )
        lines = _lines(session, page, found.items)
        summary = _summary(session, page)
    return render(
        request,
        "orders/list.html",
        section="orders",
        lines=lines,
        columns=_columns(),
        chips=_chips(page, status),
        search=search,
        status=status,
        summary=summary,
        pager=paging.pager(page, len(lines), found.next),
    )


@requires("viewer")
def show_one(request: Request) -> Response:
    """One order: lines, amounts, what each source said, points, parcels, mails."""
    page = current_page()
    with page.services.database.read() as session:
        try:
            found = orders.order(session, page.store.store_id, request.path_params["order_id"])
        except UnknownOrder as error:
            raise HTTPException(404, str(error)) from error
        shown = record(session, page, found)
    return render(
        request,
        "orders/record.html",
        section="orders",
        record=shown,
        order=found,
        words=words,
        line_columns=_line_columns(),
        report_columns=_report_columns(),
        sees_log=may(page.user.role, "agent"),
    )


def find(page: PageContext, text: str) -> list[Hit]:
    """Orders whose id or e-mail begins with the text."""
    with page.services.database.read() as session:
        found = orders.orders(session, page.store.store_id, search=text, limit=5)
    return [
        Hit(
            links.to_order(page, order.order_id),
            order.order_id,
            _("Order"),
            f"{page.format.day(order.placed_at)} · {page.format.money(order.total, order.currency)}",
        )
        for order in found.items
    ]


def names_of(session: Session, page: PageContext, person_ids: Sequence[int]) -> dict[int, str]:
    """How staff see these people."""
    wanted = sorted(set(person_ids) - {0})
    if not wanted:
        return {}
    now = dict(zip(wanted, people.current(session, page.store.store_id, wanted), strict=True))
    found = people.people(session, page.store.store_id, person_ids=sorted(set(now.values())), limit=len(wanted))
    labels = {person.person_id: person.label for person in found.items}
    return {person_id: labels[current] for person_id, current in now.items() if current in labels}


def _lines(session: Session, page: PageContext, found: Sequence[Order]) -> list[OrderLine]:
    names = names_of(session, page, [order.person_id for order in found])
    return [
        OrderLine(
            order,
            links.to_order(page, order.order_id),
            names.get(order.person_id, order.email or _("Nobody we know")),
            links.to_person(page, order.person_id) if order.person_id in names else "",
            words.order_tag(order.status, order.total, order.refunded),
            words.order_source(order.source),
            sum(line.quantity for line in order.lines),
        )
        for order in found
    ]


def _summary(session: Session, page: PageContext) -> Summary:
    figures = orders.order_figures(
        session, page.store.store_id, page.now - _PERIOD, page.now + 1, zone=page.store.time_zone
    )
    mine = [day for day in figures if day.currency == page.store.currency]
    today = clock.local_day(page.now, page.store.time_zone)
    return Summary(
        today=sum(day.orders for day in mine if day.day == today),
        orders=sum(day.orders for day in mine),
        returning=sum(day.returning_orders for day in mine),
        revenue=sum(day.revenue for day in mine),
    )


def _status(page: PageContext) -> Status | None:
    return next((status for status in _STATUSES if status == page.query.get("status")), None)


def _chips(page: PageContext, chosen: Status | None) -> list[Chip]:
    names = {"placed": _("Placed"), "reported": _("Only reported"), "cancelled": _("Cancelled")}
    fresh: dict[str, None] = {"after": None, "first": None, "back": None}
    every = Chip(_("All"), page.link_with(status=None, **fresh), is_on=chosen is None)
    return [
        every,
        *(Chip(names[one], page.link_with(status=one, **fresh), is_on=one == chosen) for one in _STATUSES),
    ]


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Order")),
        Column(_("Buyer")),
        Column(_("State")),
        Column(_("Told by"), on_phone=False),
        Column(_("Pieces"), is_number=True, on_phone=False),
        Column(_("Total"), is_number=True),
        Column(_("Given back"), is_number=True, on_phone=False),
    )


def _line_columns() -> tuple[Column, ...]:
    return (
        Column(_("Product")),
        Column(_("Quantity"), is_number=True),
        Column(_("Price"), is_number=True),
        Column(_("Total"), is_number=True),
        Column(_("Given back"), is_number=True),
    )


def _report_columns() -> tuple[Column, ...]:
    return (
        Column(_("Told")),
        Column(_("Source")),
        Column(_("Total"), is_number=True),
        Column(_("Difference"), is_number=True),
    )


AREA = Area(
    section="orders",
    routes=(
        Route("/orders", show_list, name="orders", methods=["GET"]),
        Route("/orders/{order_id:path}", show_one, name="order", methods=["GET"]),
    ),
    find=find,
)
