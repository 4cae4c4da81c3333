"""`GET /storefront/v1/order-pages/{token}`: the page that a mail's link opens, without a login and for one order only."""

from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import clock, http, money
from core.db import Session
from crm.notifications import pages
from tracking.orders import service as orders
from tracking.orders.schemas import Order
from tracking.parcels import service as parcels
from tracking.parcels.schemas import Parcel
from tracking.stores import access
from tracking.stores.schemas import Store

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
)
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' https: http:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
_STEPS = ("Packed", "On its way", "Out for delivery", "Delivered")
_REACHED = {
    "picked_up": 2,
    "in_transit": 2,
    "customs": 2,
    "delayed": 2,
    "attempt_failed": 2,
    "out_for_delivery": 3,
    "ready_for_pickup": 3,
    "delivered": 4,
}


def order_page(request: Request) -> Response:
    """The order, its parcels and where they are."""
    with http.database(request).read() as session:
        found = pages.order_of(session, request.path_params["token"])
        if found is None:
            return _page("order_unknown.html", 404, {})
        store_id, order_id = found
        store = access.directory(request).store(store_id)
        return _page("order.html", 200, _context(session, store, order_id))


def _context(session: Session, store: Store, order_id: str) -> dict[str, Any]:
    order = orders.order(session, store.store_id, order_id)
    sent = parcels.parcels_of_orders(session, store.store_id, [order_id], now=clock.now(), zone=store.time_zone)
    return {
        "store": store,
        "order": order,
        "placed": _day(order.placed_at, store),
        "promised": _day(order.promised_at, store) if order.promised_at else None,
        "lines": [(line, money.text(line.total, order.currency, store.locale)) for line in order.lines],
        "amounts": _amounts(order, store),
        "parcels": [_parcel(parcel, store) for parcel in sent.get(order_id, [])],
        "steps": _STEPS,
    }


def _amounts(order: Order, store: Store) -> list[tuple[str, str]]:
    rows = [("Goods", order.goods), ("Delivery", order.shipping), ("Total", order.total)]
    if order.refunded:
        rows.append(("Given back", -order.refunded))
    return [(word, money.text(minor, order.currency, store.locale)) for word, minor in rows]


def _parcel(parcel: Parcel, store: Store) -> dict[str, Any]:
    scans = sorted(parcel.checkpoints, key=lambda scan: -scan.at)
    return {
        "parcel": parcel,
        "reached": _REACHED.get(parcel.state, 1),
        "word": _word(parcel.state),
        "at": _moment(parcel.state_at, store),
        "scans": [
            (_moment(scan.at, store), _word(scan.state or scan.raw_code or "scanned"), scan.place or "")
            for scan in scans
        ],
    }


def _page(template: str, status: int, context: dict[str, Any]) -> Response:
    text = _TEMPLATES.get_template(template).render(context)
    headers = {"content-security-policy": _POLICY, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return HTMLResponse(text, status, headers)


def _word(state: str) -> str:
    return state.replace("_", " ").capitalize()


def _day(instant: int, store: Store) -> str:
    return str(format_date(clock.to_datetime(instant, store.time_zone), "EEEE d MMMM", store.locale))


def _moment(instant: int, store: Store) -> str:
    local = clock.to_datetime(instant, store.time_zone)
    return f"{format_date(local, 'EEE d MMM', store.locale)}, {format_time(local, 'short', locale=store.locale)}"
