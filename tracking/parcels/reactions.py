"""The reaction `parcels.fold`: documents about parcels and scans become states, and a fact when a state changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from core.db import Session
from core.log import FACT, Event, NewEvent, Reaction
from tracking.orders import service as orders
from tracking.parcels import repository
from tracking.parcels.schemas import ParcelDocument, ParcelMoved
from tracking.parcels.state import ParcelState, Told, read_checkpoint, read_parcel
from tracking.people.schemas import IdentityMoved

_ORDER_NAMES = ("order received", "Order Completed", "Order Updated")


class _Named(msgspec.Struct):
    """The order an event is about, wherever its protocol puts the id."""

    order_id: str | int | None = None
    properties: "_Named | None" = None


def apply(session: Session, events: Sequence[Event]) -> None:
    """Fold what events say about parcels."""
    for store_id in sorted({event.store_id for event in events}):
        _apply(session, store_id, [event for event in events if event.store_id == store_id])


def _apply(session: Session, store_id: int, events: Sequence[Event]) -> None:
    documents = [
        (event, read_parcel(event) if event.name == "parcel received" else read_checkpoint(event))
        for event in events
        if event.name in ("parcel received", "checkpoint received") and event.type in ("fact", "import")
    ]
    states = repository.load(session, store_id, {document.parcel_id for _, document in documents})
    batch = _Batch(store_id=store_id, states=states)
    for event, document in documents:
        batch.take(event, document)
    batch.states |= _followers(session, store_id, events, batch.states)
    if batch.states:
        _give_owners(session, store_id, batch.states)
        batch.store(session)


def _followers(
    session: Session, store_id: int, events: Sequence[Event], known: dict[str, ParcelState]
) -> dict[str, ParcelState]:
    """Parcels whose order or buyer the batch has changed."""
    order_ids = {order_id for event in events if event.name in _ORDER_NAMES and (order_id := _order_id(event))}
    left = {
        event.read(IdentityMoved).person_from
        for event in events
        if event.name == "identity moved" and event.source == FACT
    } - {0}
    found = repository.load_of_orders(session, store_id, order_ids)
    found |= repository.load_of_people(session, store_id, left)
    return {parcel_id: state for parcel_id, state in found.items() if parcel_id not in known}


def _order_id(event: Event) -> str:
    try:
        named = msgspec.json.decode(event.body, type=_Named)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""  # the fold of orders has set it aside
    named = named.properties or named
    return "" if named.order_id is None else str(named.order_id).strip()


def _give_owners(session: Session, store_id: int, states: dict[str, ParcelState]) -> None:
    """A parcel's buyer and promise are its order's."""
    wanted = {state.order_id for state in states.values() if state.order_id}
    headers = orders.headers(session, store_id, wanted)
    for state in states.values():
        header = headers.get(state.order_id)
        if header is not None:
            state.person_id, state.promised_at = header.person_id, header.promised_at


@dataclass(kw_only=True)
class _Batch:
    store_id: int
    states: dict[str, ParcelState]
    told: list[Told] = field(default_factory=list)
    moves: list[tuple[ParcelState, ParcelMoved, Event]] = field(default_factory=list)

    def take(self, event: Event, document: ParcelDocument | Told) -> None:
        state = self.states.get(document.parcel_id)
        if state is None:
            state = ParcelState(parcel_id=document.parcel_id, created_at=event.occurred_at)
            self.states[document.parcel_id] = state
        if isinstance(document, Told):
            if not state.take(document.scan):
                return
            self.told.append(document)
        else:
            _describe(state, document, event)
        self._tell(state, event)

    def _tell(self, state: ParcelState, event: Event) -> None:
        if not state.is_known or state.folded.state == state.told:
            return
        body = ParcelMoved(
            parcel_id=state.parcel_id,
            order_id=state.order_id,
            person_id=0,
            state=state.folded.state,
            state_before=state.told,
            at=event.occurred_at if state.folded.at is None else state.folded.at,
            place=state.folded.place,
            carrier=state.carrier,
            tracking_number=state.tracking_number,
        )
        state.told = state.folded.state
        self.moves.append((state, body, event))

    def store(self, session: Session) -> None:
        repository.store(session, self.store_id, self.states.values())
        repository.store_checkpoints(session, self.store_id, self.told)
        session.append(*(_fact(state, body, event) for state, body, event in self.moves))


def _describe(state: ParcelState, document: ParcelDocument, event: Event) -> None:
    """The later document about a parcel counts."""
    if event.position < state.position:
        return
    state.is_known, state.order_id, state.position = True, document.order_id, event.position
    state.carrier = (document.carrier or "").strip()[:80] or state.carrier
    state.tracking_number = (document.tracking_number or "").strip()[:120] or state.tracking_number


def _fact(state: ParcelState, body: ParcelMoved, event: Event) -> NewEvent:
    """The fact, with the buyer as the order names them once the whole batch is read."""
    return NewEvent.fact(
        cause=event,
        name="parcel moved",
        body=msgspec.structs.replace(body, person_id=state.person_id),
        key=("parcel moved", body.parcel_id, body.state, event.position),
        occurred_at=min(body.at, event.received_at),
    )


REACTIONS = (
    Reaction(
        name="parcels.fold",
        reads=("parcel received", "checkpoint received", *_ORDER_NAMES, "identity moved"),
        handle=apply,
        after=("orders.fold",),
    ),
)
