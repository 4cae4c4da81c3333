"""A person's own part of the timeline: visits folded to a line each, carts, and how they were recognised. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core import clock
from core.clock import Instant
from core.log import FACT, Event, UnreadableBody
from tracking.people.schemas import IdentityMoved, Moment

_IDLE = 30 * clock.MINUTE
_CALLS = frozenset({"track", "page", "screen"})
_SHOWN_PRODUCTS = 3
_RECOGNISED = {
    "anonymous": "Visits of a browser were recognised as theirs",
    "email": "Guest orders were recognised by e-mail",
    "user": "Signed in",
}


class _Properties(msgspec.Struct):
    product_id: Any = None
    name: Any = None


class _Call(msgspec.Struct):
    properties: _Properties = msgspec.field(default_factory=_Properties)


@dataclass(slots=True)
class _Visit:
    """What happened in one browser without a pause of half an hour."""

    browser: str | None
    begun_at: Instant
    ended_at: Instant
    position: int
    pages: int = 0
    products: dict[str, str] = field(default_factory=dict)
    added: dict[str, str] = field(default_factory=dict)

    def takes(self, event: Event) -> bool:
        return self.browser == event.anonymous_id and event.occurred_at - self.ended_at <= _IDLE

    def take(self, event: Event) -> None:
        self.ended_at = max(self.ended_at, event.occurred_at)
        self.position = max(self.position, event.position)
        if event.type in ("page", "screen"):
            self.pages += 1
        elif event.name == "Product Viewed":
            self.products |= _product(event)
        elif event.name == "Product Added":
            self.added |= _product(event)


def moments(events: Sequence[Event]) -> list[Moment]:
    """The lines these events make, newest first. A visit's line stands where the visit began."""
    in_time = sorted(events, key=lambda event: (event.occurred_at, event.position))
    lines = [_visit(visit) for visit in _visits(in_time)]
    lines += [moment for event in in_time if (moment := _identity(event)) is not None]
    return sorted(lines, key=lambda moment: (moment.at, moment.position), reverse=True)


def _visits(events: Iterable[Event]) -> list[_Visit]:
    visits: list[_Visit] = []
    open_visits: dict[str | None, _Visit] = {}
    for event in events:
        if event.type not in _CALLS or event.source != "public":
            continue
        visit = open_visits.get(event.anonymous_id)
        if visit is None or not visit.takes(event):
            visit = _Visit(event.anonymous_id, event.occurred_at, event.occurred_at, event.position)
            open_visits[event.anonymous_id] = visit
            visits.append(visit)
        visit.take(event)
    return visits


def _visit(visit: _Visit) -> Moment:
    parts = [_counted(visit.pages, "page"), _counted(len(visit.products), "product")]
    if visit.added:
        parts.append(f"{len(visit.added)} put into the cart")
    shown = list(visit.added.values()) or list(visit.products.values())
    more = len(shown) - _SHOWN_PRODUCTS
    names = ", ".join(shown[:_SHOWN_PRODUCTS]) + (f" and {more} more" if more > 0 else "")
    return Moment(
        at=visit.begun_at,
        kind="visits",
        icon="cart" if visit.added else "eye",
        text="Visited: " + (", ".join(part for part in parts if part) or "one action"),
        detail=names,
        position=visit.position,
    )


def _identity(event: Event) -> Moment | None:
    if event.source == FACT and event.name == "identity moved":
        text = _moved(event)
    elif event.type == "identify":
        text = "Said who they are" + (" (confirmed by the shop)" if event.trusted or event.proof else "")
    elif event.name == "person received" and event.type == "import":
        text = "Came with an imported list of customers"
    else:
        return None
    return Moment(at=event.occurred_at, kind="identity", icon="people", text=text, position=event.position)


def _moved(event: Event) -> str:
    try:
        return _RECOGNISED[event.read(IdentityMoved).kind]
    except (UnreadableBody, KeyError):
        return "Recognised"


def _product(event: Event) -> dict[str, str]:
    """The product's name by its id; a browser may send anything, or nothing."""
    try:
        said = event.read(_Call).properties
    except UnreadableBody:
        return {}
    product_id = str(said.product_id) if isinstance(said.product_id, str | int) else ""
    return (
        {product_id: said.name[:80] if isinstance(said.name, str) and said.name else product_id} if product_id else {}
    )


def _counted(number: int, noun: str) -> str:
    return "" if number == 0 else f"{number} {noun}" + ("" if number == 1 else "s")
