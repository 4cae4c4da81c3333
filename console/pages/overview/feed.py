"""In the shop now: the newest rows of the log as sentences. Read by position from its end, so its length does not matter."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from markupsafe import Markup

from console import links, words
from console.frame import PageContext
from console.language import gettext as _
from console.language import ngettext
from console.pages.person import name_of
from console.parts import Entry
from core import clock
from core.db import Session
from core.log import Event, UnreadableBody, newest, recent_visitors
from tracking.people import service as people
from tracking.people.schemas import Identity, Person

SHOWN = 8
_READ = 12  # of each name, since some are left out
_NOW = 15 * clock.MINUTE
_VISITING = 5 * clock.MINUTE
_LONGEST = 60
_IN_A_ROW = 2


@dataclass(frozen=True)
class InTheShop:
    """The card: rows newest first, and how many browsers were heard of in five minutes."""

    entries: Sequence[Entry]
    visitors: int


class _Properties(msgspec.Struct):
    product_id: Any = None
    name: Any = None
    order_id: Any = None
    title: Any = None
    path: Any = None


class _Body(msgspec.Struct):
    """What of a call or a fact the sentences name; a browser may send anything."""

    properties: _Properties = msgspec.field(default_factory=_Properties)
    person_id: int = 0
    order_id: Any = None
    points: int = 0
    name: Any = None
    state: Any = None
    total: int = 0
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True)
class _Row:
    """An event with what it says and who did it."""

    event: Event
    body: _Body
    who: Markup


def in_the_shop(session: Session, page: PageContext) -> InTheShop:
    """What happened in the last quarter of an hour."""
    store_id = page.store.store_id
    rows = newest(session, store_id, tuple(_SENTENCES), limit=_READ)
    told = [
        (event, body)
        for event in rows
        if page.now - event.received_at <= _NOW and not event.historical
        for body in (_body(event),)
        if body is not None
    ]
    told = _without_floods(told)[:SHOWN]
    names = _names(session, page, told)
    entries = [_entry(page, _Row(event, body, names[event.position])) for event, body in told]
    return InTheShop(entries, recent_visitors(session, store_id, page.now - _VISITING))


def _without_floods(told: Sequence[tuple[Event, _Body]]) -> list[tuple[Event, _Body]]:
    """At most two rows of one name in a row: a thousand mails of one minute would hide the shop."""
    kept: list[tuple[Event, _Body]] = []
    for event, body in told:
        if [seen.name for seen, _body in kept[-_IN_A_ROW:]] != [event.name] * _IN_A_ROW or event.type != "fact":
            kept.append((event, body))
    return kept


def _entry(page: PageContext, row: _Row) -> Entry:
    icon, sentence = _SENTENCES[row.event.name]
    return Entry(row.event.received_at, icon, sentence(page, row))


def _body(event: Event) -> _Body | None:
    try:
        return event.read(_Body)
    except UnreadableBody:
        return None


def _names(session: Session, page: PageContext, told: Sequence[tuple[Event, _Body]]) -> dict[int, Markup]:
    """Who did each, by position: a link to somebody we know, else "Someone"."""
    store_id = page.store.store_id
    mentioned = [Identity(anonymous_id=event.anonymous_id, user_id=event.user_id) for event, _body in told]
    resolved = people.resolve(session, store_id, mentioned)
    wanted = [body.person_id or person_id or 0 for (_event, body), person_id in zip(told, resolved, strict=True)]
    now = people.current(session, store_id, wanted)
    known = _people(session, page, now)
    return {
        event.position: _who(page, known.get(person_id)) for (event, _body), person_id in zip(told, now, strict=True)
    }


def _people(session: Session, page: PageContext, person_ids: Sequence[int]) -> Mapping[int, Person]:
    wanted = sorted(set(person_ids) - {0})
    if not wanted:
        return {}
    found = people.people(session, page.store.store_id, person_ids=wanted, limit=len(wanted))
    return {one.person_id: one for one in found.items}


def _who(page: PageContext, person: Person | None) -> Markup:
    if person is None or not (person.name or person.email or person.user_id):
        return Markup("{}").format(_("Someone"))
    return _link(links.to_person(page, person.person_id), name_of(person))


def _link(url: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(url, text[:_LONGEST])


def _said(text: str, **parts: Any) -> Markup:
    """A translated sentence with parts that may be links; everything else is escaped."""
    return Markup("{}").format(text) % parts


def _product(page: PageContext, row: _Row) -> Markup:
    said = row.body.properties
    product_id = str(said.product_id) if isinstance(said.product_id, str | int) else ""
    name = said.name if isinstance(said.name, str) and said.name else product_id
    return _link(links.to_product(page, product_id), name) if product_id else Markup("{}").format(_("a product"))


def _order(page: PageContext, row: _Row) -> Markup:
    said = row.body.order_id if row.body.order_id is not None else row.body.properties.order_id
    order_id = str(said) if isinstance(said, str | int) else ""
    return _link(links.to_order(page, order_id), order_id) if order_id else Markup("")


def _viewed(page: PageContext, row: _Row) -> Markup:
    return _said(_("%(who)s looks at %(product)s"), who=row.who, product=_product(page, row))


def _added(page: PageContext, row: _Row) -> Markup:
    return _said(_("%(who)s put %(product)s in the basket"), who=row.who, product=_product(page, row))


def _removed(page: PageContext, row: _Row) -> Markup:
    return _said(_("%(who)s took %(product)s out of the basket"), who=row.who, product=_product(page, row))


def _page_seen(page: PageContext, row: _Row) -> Markup:
    said = row.body.properties
    title: str = next((text for text in (said.title, row.body.name, said.path) if isinstance(text, str) and text), "")
    if not title:
        return _said(_("%(who)s opens a page"), who=row.who)
    return _said(_("%(who)s opens “%(title)s”"), who=row.who, title=title[:_LONGEST])


def _identified(page: PageContext, row: _Row) -> Markup:
    return _said(_("%(who)s says who they are"), who=row.who)


def _placed(page: PageContext, row: _Row) -> Markup:
    money = page.format.money(row.body.total, row.body.currency)
    return _said(_("%(who)s placed order %(order)s, %(money)s"), who=row.who, order=_order(page, row), money=money)


def _refunded(page: PageContext, row: _Row) -> Markup:
    money = page.format.money(row.body.amount, row.body.currency)
    return _said(_("%(money)s of order %(order)s given back"), order=_order(page, row), money=money)


def _cancelled(page: PageContext, row: _Row) -> Markup:
    return _said(_("Order %(order)s cancelled"), order=_order(page, row))


def _moved(page: PageContext, row: _Row) -> Markup:
    state = words.parcel_state(str(row.body.state or "")).lower()
    return _said(_("Parcel for order %(order)s: %(state)s"), order=_order(page, row), state=state)


def _earned(page: PageContext, row: _Row) -> Markup:
    text = ngettext("%(who)s earned %(n)s point", "%(who)s earned %(n)s points", row.body.points)
    return _said(text, who=row.who, n=page.format.number(row.body.points))


def _taken(page: PageContext, row: _Row) -> Markup:
    text = ngettext("%(n)s point of %(who)s taken back", "%(n)s points of %(who)s taken back", row.body.points)
    return _said(text, who=row.who, n=page.format.number(row.body.points))


def _joined(page: PageContext, row: _Row) -> Markup:
    return _said(_("%(who)s joined “%(segment)s”"), who=row.who, segment=str(row.body.name or ""))


def _left(page: PageContext, row: _Row) -> Markup:
    return _said(_("%(who)s left “%(segment)s”"), who=row.who, segment=str(row.body.name or ""))


def _mailed(page: PageContext, row: _Row) -> Markup:
    return _said(_("Order news sent to %(who)s"), who=row.who)


_SENTENCES: Mapping[str, tuple[str, Callable[[PageContext, _Row], Markup]]] = {
    "Product Viewed": ("eye", _viewed),
    "Product Added": ("cart", _added),
    "Product Removed": ("cart", _removed),
    "page": ("eye", _page_seen),
    "identify": ("people", _identified),
    "order placed": ("bag", _placed),
    "order refunded": ("undo", _refunded),
    "order cancelled": ("x", _cancelled),
    "parcel moved": ("parcel", _moved),
    "points awarded": ("coin", _earned),
    "points taken back": ("coin", _taken),
    "segment entered": ("segment", _joined),
    "segment left": ("segment", _left),
    "message sent": ("mail", _mailed),
}
