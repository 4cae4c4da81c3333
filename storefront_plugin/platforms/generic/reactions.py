"""The reaction `platforms.generic`: deliveries become facts, one for one.

A fact's key is its delivery's position, so that `order.updated` after `order.created` are two; an order still counts once,
because `tracking.orders` knows it by its id. A delivery that does not read as its topic says is set aside.
"""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from core import clock
from core.clock import Instant
from core.db import Session
from core.log import Event, NewEvent, Reaction
from storefront_plugin.platforms.generic.deliveries import PREFIX, SOURCE
from tracking.catalog.schemas import ProductDocument
from tracking.orders.schemas import CancellationDocument, OrderDocument, RefundDocument
from tracking.parcels.schemas import CheckpointDocument, ParcelDocument


class UnreadableDelivery(Exception):
    """A delivery is signed and durable, and yet does not say what its topic promises."""

    def __init__(self, topic: str, reason: str) -> None:
        super().__init__(f"The delivery “{topic}” cannot be used: {reason}")


class _Cancelled(msgspec.Struct):
    """`order.cancelled`: a whole order, or only its id; `cancelled_at` where the sender tells it."""

    order_id: str
    occurred_at: str
    cancelled_at: str | None = None


def apply(session: Session, events: Sequence[Event]) -> None:
    """Say what each delivery means. A row that only carries the name, sent through another door, means nothing."""
    session.append(*(_READERS[event.name](event) for event in events if event.source == SOURCE))


def _order(event: Event) -> NewEvent:
    document = event.read(OrderDocument)
    return _ordered(event, document)


def _order_updated(event: Event) -> NewEvent:
    document = event.read(OrderDocument)
    return _ordered(event, msgspec.structs.replace(document, revision=max(1, document.revision)))


def _ordered(event: Event, document: OrderDocument) -> NewEvent:
    fact = _fact(event, "order received", document, document.occurred_at)
    return msgspec.structs.replace(fact, user_id=document.user_id, anonymous_id=document.anonymous_id)


def _cancellation(event: Event) -> NewEvent:
    told = event.read(_Cancelled)
    document = CancellationDocument(order_id=told.order_id, occurred_at=told.cancelled_at or told.occurred_at)
    return _fact(event, "order cancellation received", document, document.occurred_at)


def _refund(event: Event) -> NewEvent:
    document = event.read(RefundDocument)
    return _fact(event, "refund received", document, document.occurred_at)


def _parcel(event: Event) -> NewEvent:
    document = event.read(ParcelDocument)
    return _fact(event, "parcel received", document, document.occurred_at)


def _checkpoint(event: Event) -> NewEvent:
    document = event.read(CheckpointDocument)
    return _fact(event, "checkpoint received", document, document.occurred_at)


def _product(event: Event) -> NewEvent:
    return _fact(event, "product received", event.read(ProductDocument), None)


def _fact(event: Event, name: str, document: Any, occurred_at: str | None) -> NewEvent:
    return NewEvent.fact(
        cause=event, name=name, body=document, key=(name, event.position), occurred_at=_at(event, occurred_at)
    )


def _at(event: Event, text: str | None) -> Instant:
    """The document's own time, never after its receipt."""
    if text is None:
        return event.received_at
    try:
        return min(clock.parse(text), event.received_at)
    except clock.UnreadableTime as error:
        raise UnreadableDelivery(event.name.removeprefix(PREFIX), str(error)) from error


_READERS: dict[str, Callable[[Event], NewEvent]] = {
    f"{PREFIX}order.created": _order,
    f"{PREFIX}order.updated": _order_updated,
    f"{PREFIX}order.cancelled": _cancellation,
    f"{PREFIX}refund.created": _refund,
    f"{PREFIX}parcel.created": _parcel,
    f"{PREFIX}parcel.checkpoint": _checkpoint,
    f"{PREFIX}product.updated": _product,
}

REACTIONS = (Reaction(name="platforms.generic", reads=tuple(_READERS), handle=apply),)
