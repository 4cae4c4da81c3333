"""Orders follow their identities from one person to another."""

from collections.abc import Sequence

from core.db import Session
from core.log import Event
from tracking.orders.fold import identity
from tracking.orders.repository import batches, statistics
from tracking.people import service as people
from tracking.people.schemas import IdentityMoved


def follow(session: Session, store_id: int, events: Sequence[Event]) -> None:
    """Ask anew whose the orders of the people are that an identity left; an order of another identity stays."""
    left = {event.read(IdentityMoved).person_from for event in events} - {0}
    if not left:
        return
    orders = batches.orders_of(session, store_id, left)
    if not orders:
        return
    owners = people.resolve(session, store_id, [identity(order) for order in orders])
    moved = {
        order.order_id: owner or 0
        for order, owner in zip(orders, owners, strict=True)
        if (owner or 0) != order.person_id
    }
    batches.move_orders(session, store_id, moved)
    if moved:
        statistics.recount(session, store_id, left | set(moved.values()))
