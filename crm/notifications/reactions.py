"""The reaction that queues order news."""

from collections.abc import Sequence
from functools import partial

from core.db import Session
from core.log import FACT, Event, Reaction
from core.settings import Settings
from crm.messaging import service as messaging
from crm.messaging.schemas import NewMessage
from crm.notifications import milestones, pages
from tracking.orders import service as orders
from tracking.orders.schemas import OrderPlaced
from tracking.parcels.schemas import ParcelMoved


def apply(session: Session, events: Sequence[Event], *, master: str) -> None:
    """Queue one message per milestone. What happened more than a day before it was told is history and sends nothing."""
    messages: list[NewMessage] = []
    for store_id in sorted({event.store_id for event in events}):
        ours = [event for event in events if event.store_id == store_id and event.source == FACT]
        live = [event for event in ours if not event.historical]
        messages.extend(_confirmations(session, [event for event in live if event.name == "order placed"], master))
        messages.extend(_moves(session, store_id, [event for event in live if event.name == "parcel moved"]))
    messaging.queue(session, messages)


def _confirmations(session: Session, events: Sequence[Event], master: str) -> list[NewMessage]:
    placed = [(event, event.read(OrderPlaced)) for event in events]
    pages.open_pages(
        session, master, [(event.store_id, order.order_id, order.person_id, event.position) for event, order in placed]
    )
    return [
        NewMessage(
            store_id=event.store_id,
            subject=f"order:{order.order_id}",
            step=milestones.ORDER_CONFIRMED.step,
            rank=milestones.ORDER_CONFIRMED.rank,
            person_id=order.person_id,
            recipient=order.email,
            data={"order_id": order.order_id},
            queued_at=event.received_at,
            cause=event.position,
        )
        for event, order in placed
        if order.email
    ]


def _moves(session: Session, store_id: int, events: Sequence[Event]) -> list[NewMessage]:
    moves = [(event, event.read(ParcelMoved)) for event in events]
    found = orders.orders_by_id(session, store_id, {move.order_id for _, move in moves})
    messages = []
    for event, move in moves:
        milestone, order = milestones.reached_by(move.state), found.get(move.order_id)
        # An address acts only when a trusted source gave it; a merely reported order has none that counts.
        if milestone is None or order is None or not order.email or order.status != "placed":
            continue
        messages.append(
            NewMessage(
                store_id=store_id,
                subject=f"parcel:{move.parcel_id}",
                step=milestone.step,
                rank=milestone.rank,
                person_id=order.person_id,
                recipient=order.email,
                data={
                    "order_id": move.order_id,
                    "parcel_id": move.parcel_id,
                    "at": move.at,
                    "place": move.place,
                    "carrier": move.carrier,
                    "tracking_number": move.tracking_number,
                },
                queued_at=event.received_at,
                cause=event.position,
            )
        )
    return messages


def reactions(settings: Settings) -> tuple[Reaction, ...]:
    """The reaction over this installation's secret key."""
    return (
        Reaction(
            name="notifications.order_news",
            reads=("order placed", "parcel moved"),
            handle=partial(apply, master=settings.secret_key),
            after=("orders.fold",),
            kind="book",
        ),
    )
