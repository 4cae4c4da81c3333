"""From the event that says an answer was shown to a row in the book of exposures."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from core.log import Event, UnreadableBody
from personalization.recommendations.schemas import Exposure, ShownItem
from personalization.recommendations.tickets import Ticket, open_ticket

SHOWN = "Recommendations Shown"


class _Properties(msgspec.Struct):
    recommendation_id: str
    product_ids: list[str]


class _Shown(msgspec.Struct):
    properties: _Properties


def exposures_of(events: Iterable[Event], *, secret: bytes) -> Iterator[Exposure]:
    """An exposure for each event whose recommendation id is one of ours.

    A browser writes these events, so an unreadable or forged one is expected and passed over; it is no failure of the reaction.
    """
    for event in events:
        try:
            shown = event.read(_Shown).properties
        except UnreadableBody:
            continue
        ticket = open_ticket(shown.recommendation_id, store_id=event.store_id, secret=secret)
        if ticket is not None and shown.product_ids:
            yield _exposure(event, shown.recommendation_id[:32], ticket, shown.product_ids)


def _exposure(event: Event, name: str, ticket: Ticket, product_ids: Sequence[str]) -> Exposure:
    # More products than were answered cannot have been shown by it.
    shown = product_ids[: ticket.size]
    items = tuple(ShownItem(one[:255], ticket.first + n, ticket.propensity(n)) for n, one in enumerate(shown))
    return Exposure(
        store_id=event.store_id,
        recommendation_id=name,
        position=event.position,
        at=event.occurred_at,
        anonymous_id=event.anonymous_id,
        user_id=event.user_id,
        slot=ticket.slot,
        model=ticket.model,
        arm=ticket.arm,
        level=ticket.level,
        items=items,
    )
