"""What the recommendations read of the log, the people and the catalog: the only place here that queries them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from core import ids
from core.clock import Instant
from core.db import Database, Session
from core.log import FACT, Event, Filter, UnreadableBody, head, read, reading
from personalization.recommendations.interactions import Interactions, Kind, from_arrays
from personalization.recommendations.live import PLACED, READS, Recalled, product_of
from personalization.recommendations.shelf import as_products
from tracking.catalog import service as catalog
from tracking.catalog.schemas import Product
from tracking.collect import consent
from tracking.orders.schemas import OrderCancelled, OrderPlaced, OrderRefunded
from tracking.people import service as people
from tracking.people.schemas import Identity
from tracking.stores import service as stores

__all__ = ["Recall", "head", "products_after", "read_interactions", "tail"]

PAGE = 5000
_TAIL = 2000
_RECALLED = 400
_TRAINS_ON = ("Product Viewed", "Product Added", PLACED, "order refunded", "order cancelled")
_KINDS = {"Product Viewed": Kind.VIEW, "Product Added": Kind.CART}


def tail(session: Session, position: int, names: Sequence[str]) -> list[Event]:
    """The next rows of these names above a position, of all stores."""
    return reading.after_position(session, position, names, upto=None, limit=_TAIL)


def products_after(session: Session, store_id: int, position: int) -> list[Product]:
    """The products of a store that changed after a position."""
    return catalog.changed_after(session, store_id, position)


def has_interactions_after(database: Database, store_id: int, position: int) -> bool:
    """Whether the log of a store has anything to learn from above a position."""
    return next(_events(database, store_id, after=position), None) is not None


class Recall:
    """Reads back what one anonymous id or one user did lately, by the people's way to positions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self, store_id: int, anonymous_id: str | None, user_id: str | None) -> Recalled:
        """The rows of this identity's person, oldest first, and the user an anonymous id was proved to belong to."""
        with self._database.read() as session:
            person_id = people.resolve(session, store_id, [Identity(anonymous_id=anonymous_id, user_id=user_id)])[0]
            positions = [] if person_id is None else people.positions(session, store_id, person_id, limit=_RECALLED)
            if not positions:
                return Recalled()
            events = read(session, Filter(store_id=store_id, positions=positions, limit=len(positions)))
            proved = self._proved_user(session, store_id, anonymous_id)
        return Recalled(tuple(event for event in reversed(events) if event.name in READS or event.proof), proved)

    def _proved_user(self, session: Session, store_id: int, anonymous_id: str | None) -> str | None:
        owner = people.is_proved(session, store_id, anonymous_id) if anonymous_id else None
        found = people.person(session, store_id, owner) if owner is not None else None
        return found.user_id if found else None


@dataclass(slots=True)
class _Columns:
    """Interactions as they are read, before they become arrays; `who` are identities to be resolved all at once."""

    who: list[tuple[str | None, str | None]] = field(default_factory=list)
    person: list[int] = field(default_factory=list)
    item: list[str] = field(default_factory=list)
    kind: list[Kind] = field(default_factory=list)
    at: list[Instant] = field(default_factory=list)
    orders: dict[str, OrderPlaced] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)

    def add(self, person: int, item: str, kind: Kind, at: Instant, who: tuple[str | None, str | None]) -> None:
        self.person.append(person)
        self.item.append(item)
        self.kind.append(kind)
        self.at.append(at)
        self.who.append(who)


_NOBODY = (None, None)


def read_interactions(
    database: Database, store_id: int, *, progress: Callable[[float], None] = lambda _: None
) -> Interactions:
    """A store's whole history as arrays; what its shopper refused personalization for is left out, as are robots."""
    columns = _Columns()
    with database.read() as session:
        asks_first = stores.place(session, store_id).asks_consent_first
    for event in _events(database, store_id, progress=progress):
        if event.source == FACT:
            _take_fact(columns, event)
        elif event.name in _KINDS and _may_teach(event, asks_first=asks_first):
            _take_touch(columns, event)
    for order_id, placed in columns.orders.items():
        if order_id not in columns.cancelled:
            for product_id in dict.fromkeys(line.product_id for line in placed.lines):
                columns.add(_buyer(placed), product_id, Kind.PURCHASE, placed.placed_at, _NOBODY)
    return _as_interactions(database, store_id, columns)


def _may_teach(event: Event, *, asks_first: bool) -> bool:
    """Whether the event's own stamp allows it; what its person says now is asked once all people are known."""
    return consent.allows(event.consent, "personalization", asks_first) and "bot" not in event.flags.split(",")


def _events(
    database: Database, store_id: int, *, after: int = 0, progress: Callable[[float], None] = lambda _: None
) -> Iterator[Event]:
    with database.read() as session:
        upto = head(session)
    position = after
    while True:
        # A snapshot of its own for each page: a reader that stays would let the write-ahead log grow.
        with database.read() as session:
            page = reading.after_position(session, position, _TRAINS_ON, upto=upto, limit=PAGE)
        if not page:
            return
        position = page[-1].position
        progress(position / max(upto, 1))
        yield from (event for event in page if event.store_id == store_id)


def _take_fact(columns: _Columns, event: Event) -> None:
    try:
        if event.name == PLACED:
            placed = event.read(OrderPlaced)
            columns.orders[placed.order_id] = placed
        elif event.name == "order refunded":
            _take_refund(columns, event.read(OrderRefunded))
        elif event.name == "order cancelled":
            columns.cancelled.add(event.read(OrderCancelled).order_id)
    except UnreadableBody:
        return  # erased: what is left of it says nothing about anybody


def _take_touch(columns: _Columns, event: Event) -> None:
    product_id = product_of(event)
    if product_id is not None:
        who = (event.anonymous_id, event.user_id)
        columns.add(0, product_id, _KINDS[event.name], event.occurred_at, who)


def _buyer(placed: OrderPlaced) -> int:
    """The person, or for a guest, who belongs to nobody, a negative number of the one order."""
    return placed.person_id or -ids.derived("guest", placed.order_id)


def _take_refund(columns: _Columns, refund: OrderRefunded) -> None:
    placed = columns.orders.get(refund.order_id)
    if placed is None:
        return
    products = {line.line_id: line.product_id for line in placed.lines}
    for line in refund.lines:
        if line.line_id in products:
            columns.add(_buyer(placed), products[line.line_id], Kind.RETURN, refund.refunded_at, _NOBODY)


def _titles(columns: _Columns) -> dict[str, str]:
    """Every product that history tells of, with its name on the newest order."""
    named = {line.product_id: line.name for placed in columns.orders.values() for line in placed.lines}
    return {product_id: named.get(product_id) or product_id for product_id in dict.fromkeys(columns.item)}


def _as_interactions(database: Database, store_id: int, columns: _Columns) -> Interactions:
    identities = list(dict.fromkeys(who for who in columns.who if who != _NOBODY))
    with database.read() as session:
        resolved = people.resolve(
            session, store_id, [Identity(anonymous_id=anonymous, user_id=user) for anonymous, user in identities]
        )
        known = sorted(person for person in set(columns.person) if person > 0)
        moved = dict(zip(known, people.current(session, store_id, known), strict=True))
        refusing = people.refusing(session, store_id, "personalization")
        products = as_products(catalog.all_products(session, store_id), _titles(columns))
    owner = {who: person or 0 for who, person in zip(identities, resolved, strict=True)}
    persons = [
        moved.get(person, person) if who == _NOBODY else owner[who]
        for person, who in zip(columns.person, columns.who, strict=True)
    ]
    kept = [at for at, person in enumerate(persons) if person not in refusing]
    return from_arrays(
        people=np.array([persons[at] for at in kept], np.int64),
        items=[columns.item[at] for at in kept],
        kinds=np.array([columns.kind[at] for at in kept], np.int8),
        at=np.array([columns.at[at] for at in kept], np.int64),
        products=products,
    )
