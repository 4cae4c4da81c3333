"""The reaction `orders.fold`."""

from collections.abc import Callable, Sequence

from core.db import Session
from core.log import FACT, Event, Reaction, UnreadableBody
from tracking.orders import documents, fold, moving, segment
from tracking.orders.errors import UnreadableOrder
from tracking.orders.reports import Report
from tracking.stores import service as stores

_DOCUMENTS: dict[str, Callable[[Event], Report]] = {
    "order received": documents.order,
    "refund received": documents.refund,
    "order cancellation received": documents.cancellation,
}
_CALLS: dict[str, Callable[[Event, str], Report]] = {
    "Order Completed": segment.order,
    "Order Updated": segment.order,
    "Order Refunded": segment.refund,
    "Order Cancelled": segment.cancellation,
}


def apply(session: Session, events: Sequence[Event]) -> None:
    """Fold what events say about orders; after an identity moved, its orders belong to its person."""
    for store_id in sorted({event.store_id for event in events}):
        own = [event for event in events if event.store_id == store_id]
        fold.fold(session, store_id, _reports(session, store_id, own))
        moving.follow(session, store_id, [event for event in own if _is_move(event)])


def _reports(session: Session, store_id: int, events: Sequence[Event]) -> list[Report]:
    calls = any(event.name in _CALLS for event in events)
    currency = stores.place(session, store_id).currency if calls else ""
    return [report for event in events if (report := _read(event, currency)) is not None]


def _read(event: Event, currency: str) -> Report | None:
    """What an event reports. The shop's own documents count from the shop only, whatever a browser calls its events."""
    if event.name in _DOCUMENTS:
        return _DOCUMENTS[event.name](event) if event.trusted and event.type in ("fact", "import") else None
    if event.name not in _CALLS or event.type != "track":
        return None
    try:
        return _CALLS[event.name](event, currency)
    except (UnreadableBody, UnreadableOrder):
        if event.trusted:
            raise
        return None


def _is_move(event: Event) -> bool:
    return event.name == "identity moved" and event.source == FACT


REACTIONS = (
    Reaction(
        name="orders.fold",
        reads=(*_DOCUMENTS, *_CALLS, "identity moved"),
        handle=apply,
        after=("people.identities", "catalog.products"),
    ),
)
