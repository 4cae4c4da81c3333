"""Order mails: three templates a milestone (subject, text, HTML), which say the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import css_inline
from babel.dates import format_date, format_time
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from core import clock, money
from core.clock import Instant
from core.db import Session
from core.settings import Settings
from crm.messaging.schemas import Message, Rendered, Renderer
from crm.notifications import pages
from crm.notifications.milestones import MILESTONES, Milestone
from tracking.catalog import service as catalog
from tracking.orders import service as orders
from tracking.orders.schemas import Line, Order
from tracking.parcels import service as parcels
from tracking.parcels.schemas import Parcel
from tracking.stores import service as stores
from tracking.stores.schemas import Store

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_inline = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
_BARS = ("Packed", "on its way", "out for delivery", "delivered")
_SHOWN_LINES = 12


@dataclass(frozen=True, kw_only=True)
class MailLine:
    """A line of an order as a mail shows it."""

    name: str
    quantity: int
    total: str
    image_url: str | None


@dataclass(frozen=True, kw_only=True)
class MailContext:
    """Everything an order mail's templates may use."""

    store: Store
    order: Order
    lines: tuple[MailLine, ...]
    more_lines: int
    goods: str
    shipping: str
    total: str
    page_url: str
    tracking_url: str | None
    carrier: str | None
    tracking_number: str | None
    place: str | None
    moved_at: str
    promised: str | None
    bars: tuple[tuple[str, bool], ...]
    bar_now: str


def renderers(settings: Settings) -> dict[str, Renderer]:
    """How each step is rendered in this installation."""
    return {milestone.step: _renderer(settings, milestone) for milestone in MILESTONES}


def _renderer(settings: Settings, milestone: Milestone) -> Callable[[Session, Message], Rendered]:
    return partial(_render, settings, milestone)


def _render(settings: Settings, milestone: Milestone, session: Session, message: Message) -> Rendered:
    store = stores.store(session, message.store_id, master=settings.secret_key)
    context = _context(settings, milestone, session, message, store)
    text = {"context": context, **{name: getattr(context, name) for name in MailContext.__dataclass_fields__}}
    parts = {name: _TEMPLATES.get_template(f"{milestone.folder}/{name}").render(text) for name in _FILES}
    return Rendered(
        subject_line=" ".join(parts["subject.txt"].split()),
        text=parts["body.txt"].strip() + "\n",
        html=_inline.inline(parts["body.html"]),
        sender=store.name,
        thread=f"order:{context.order.order_id}/order confirmed",
    )


_FILES = ("subject.txt", "body.txt", "body.html")


def _context(settings: Settings, milestone: Milestone, session: Session, message: Message, store: Store) -> MailContext:
    order_id = str(message.data["order_id"])
    order = orders.order(session, store.store_id, order_id)
    parcel = _parcel(session, store, message)
    at = message.data.get("at")
    return MailContext(
        store=store,
        order=order,
        lines=_lines(session, store, order.lines[:_SHOWN_LINES], order.currency),
        more_lines=max(0, len(order.lines) - _SHOWN_LINES),
        goods=money.text(order.goods, order.currency, store.locale),
        shipping=money.text(order.shipping, order.currency, store.locale),
        total=money.text(order.total, order.currency, store.locale),
        page_url=pages.url(settings.base_url, settings.secret_key, store.store_id, order_id),
        tracking_url=parcel.tracking_url if parcel else None,
        carrier=_text(message.data.get("carrier")),
        tracking_number=_text(message.data.get("tracking_number")),
        place=_text(message.data.get("place")),
        moved_at=_moment(int(at), store) if isinstance(at, int) else _moment(order.placed_at, store),
        promised=_day(order.promised_at, store) if order.promised_at else None,
        bars=tuple((word, at < max(1, milestone.rank + 1)) for at, word in enumerate(_BARS)),
        bar_now=_BARS[milestone.rank],
    )


def _parcel(session: Session, store: Store, message: Message) -> Parcel | None:
    parcel_id = message.data.get("parcel_id")
    if not isinstance(parcel_id, str):
        return None
    return parcels.parcel(session, store.store_id, parcel_id, now=message.queued_at, zone=store.time_zone)


def _lines(session: Session, store: Store, lines: tuple[Line, ...], currency: str) -> tuple[MailLine, ...]:
    products = catalog.now(session, store.store_id, [line.product_id for line in lines])
    return tuple(
        MailLine(
            name=line.name,
            quantity=line.quantity,
            total=money.text(line.total, currency, store.locale),
            image_url=_image(products[line.product_id].image_url) if line.product_id in products else None,
        )
        for line in lines
    )


def _image(url: str | None) -> str | None:
    """Mail programs do not show SVG: such a picture is left out rather than shown broken."""
    return url if url and url.startswith("http") and not url.lower().endswith(".svg") else None


def _moment(instant: Instant, store: Store) -> str:
    local = clock.to_datetime(instant, store.time_zone)
    return f"{format_date(local, 'EEEE d MMMM', store.locale)}, {format_time(local, 'short', locale=store.locale)}"


def _day(instant: Instant, store: Store) -> str:
    return str(format_date(clock.to_datetime(instant, store.time_zone), "EEEE d MMMM", store.locale))


def _text(value: Any) -> str | None:
    return str(value) if value else None
