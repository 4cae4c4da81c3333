"""The reaction `catalog.products`: documents of the shop, and for products it never described, what browsers viewed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from core.db import Session
from core.log import PUBLIC, Event, Reaction
from tracking.catalog import describing, repository
from tracking.catalog.describing import Version
from tracking.stores import service as stores
from tracking.stores.schemas import Place

_RECEIVED, _VIEWED = "product received", "Product Viewed"


def apply(session: Session, events: Sequence[Event]) -> None:
    """Write a version of a product for each event that changes it."""
    by_store: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if _counts(event):
            by_store[event.store_id].append(event)
    for store_id, of_store in by_store.items():
        _apply(session, store_id, of_store)


REACTIONS = (Reaction(name="catalog.products", reads=(_RECEIVED, _VIEWED), handle=apply),)


def _apply(session: Session, store_id: int, events: Sequence[Event]) -> None:
    about = _telling(session, store_id, events)
    if not about:
        return
    known = repository.now(session, store_id, {product_id for _, product_id in about})
    place = stores.place(session, store_id)
    versions: list[Version] = []
    for event, product_id in about:
        before = known.get(product_id)
        after = _after(event, before or Version(product_id=product_id, name=product_id, currency=place.currency), place)
        if after != before:
            known[product_id] = replace(after, updated_at=event.occurred_at, position=event.position)
            versions.append(known[product_id])
    repository.write(session, store_id, versions)


def _telling(session: Session, store_id: int, events: Sequence[Event]) -> list[tuple[Event, str]]:
    """The events with their product, without views of products that the shop has described: they change nothing."""
    about = [(event, product_id) for event in events if (product_id := describing.product_of(event)) is not None]
    viewed = {product_id for event, product_id in about if event.name == _VIEWED}
    settled = repository.described(session, store_id, viewed)
    return [(event, one) for event, one in about if event.name == _RECEIVED or one not in settled]


def _after(event: Event, before: Version, place: Place) -> Version:
    if event.name == _RECEIVED:
        return describing.received(event, before, place.currency)
    return before if before.described else describing.viewed(event, before, place.origins)


def _counts(event: Event) -> bool:
    """A document counts from the shop only, whatever a browser calls its events; an erased row says nothing."""
    if not event.body:
        return False
    return (
        event.source != PUBLIC and event.type in ("fact", "import")
        if event.name == _RECEIVED
        else event.type == "track"
    )
