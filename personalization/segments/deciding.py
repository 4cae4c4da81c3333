"""The reactions: `segments.decide` concludes who enters and who leaves, `segments.membership` folds that into stays."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from core.db import Session
from core.log import FACT, Event, NewEvent, Reaction
from personalization.segments import judging, reading, repository
from personalization.segments.judging import Change
from personalization.segments.schemas import Reason, Segment, SegmentEntered, SegmentLeft
from tracking.people import service as people
from tracking.people.schemas import Identity, IdentityMoved, PersonDocument

ABOUT_A_PERSON = ("order placed", "order refunded", "order cancelled", "trait set")
MOVES = "identity moved"
PROFILES = ("identify", "person received")


class _OfPerson(msgspec.Struct):
    """Of a fact about a person, whose it is."""

    person_id: int


def decide(session: Session, events: Sequence[Event]) -> None:
    """Look at every live segment for everybody these events are about, as of their receipt."""
    for store_id, own in _by_store(events).items():
        segments = reading.live_segments(session, store_id)
        if segments:
            _decide(session, store_id, segments, own)


def fold(session: Session, events: Sequence[Event]) -> None:
    """Stays begin and end with the facts."""
    facts = [event for event in events if event.source == FACT and event.body]
    entered = [event for event in facts if event.name == "segment entered"]
    left = [event for event in facts if event.name == "segment left"]
    repository.enter(session, [_stay(event, event.read(SegmentEntered)) for event in entered])
    repository.leave(session, [_end(event, event.read(SegmentLeft)) for event in left])


REACTIONS = (
    Reaction(
        name="segments.decide",
        reads=(*ABOUT_A_PERSON, MOVES, *PROFILES),
        handle=decide,
        after=("people.identities", "orders.fold"),
        kind="decision",
    ),
    Reaction(name="segments.membership", reads=("segment entered", "segment left"), handle=fold),
)


def _decide(session: Session, store_id: int, segments: Sequence[Segment], events: Sequence[Event]) -> None:
    causes = _causes(session, store_id, events)
    if not causes:
        return
    repository.take_turn(session, store_id)
    now = max(event.received_at for event in events)
    found = judging.changes(session, store_id, segments, causes, now)

    def fact(change: Change, name: str, body: SegmentEntered | SegmentLeft) -> NewEvent:
        cause = causes[change.person_id]
        key = (name, body.segment_id, body.person_id, "event", cause.position)
        return NewEvent.fact(cause=cause, name=name, body=body, key=key, occurred_at=now)

    def reason(change: Change) -> Reason:
        return "identity" if causes[change.person_id].name == MOVES else "event"

    judging.record(session, store_id, found, reason, fact)


def _causes(session: Session, store_id: int, events: Sequence[Event]) -> dict[int, Event]:
    """Everybody the events are about, each with the last event that is."""
    causes: dict[int, Event] = {}
    concerned = [(event, person_id) for event in events for person_id in _named(event)]
    now = people.current(session, store_id, [person_id for _, person_id in concerned])
    resolved = _resolved(session, store_id, [event for event in events if event.name in PROFILES])
    pairs = [*concerned, *((event, person_id) for (event, _), person_id in zip(concerned, now, strict=True)), *resolved]
    for event, person_id in sorted(pairs, key=lambda pair: pair[0].position):
        causes[person_id] = event
    causes.pop(0, None)  # an order of nobody
    return causes


def _named(event: Event) -> list[int]:
    """The people a fact names. What a browser calls by the same name is not one."""
    if event.source != FACT or not event.body:
        return []
    if event.name == MOVES:
        moved = event.read(IdentityMoved)
        return [moved.person_from, moved.person_to]
    return [event.read(_OfPerson).person_id] if event.name in ABOUT_A_PERSON else []


def _resolved(session: Session, store_id: int, events: Sequence[Event]) -> list[tuple[Event, int]]:
    found = people.resolve(session, store_id, [_identity(event) for event in events])
    return [(event, person_id) for event, person_id in zip(events, found, strict=True) if person_id is not None]


def _identity(event: Event) -> Identity:
    if event.name == "person received" and event.trusted and event.body:
        document = event.read(PersonDocument)
        return Identity(user_id=document.user_id, email=document.email)
    return Identity(anonymous_id=event.anonymous_id, user_id=event.user_id)


def _by_store(events: Iterable[Event]) -> dict[int, list[Event]]:
    by_store: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_store[event.store_id].append(event)
    return by_store


def _stay(event: Event, body: SegmentEntered) -> dict[str, Any]:
    return {
        "store_id": event.store_id,
        "segment_id": body.segment_id,
        "person_id": body.person_id,
        "entered_position": event.position,
        "left_position": None,
        "entered_at": event.occurred_at,
        "left_at": None,
    }


def _end(event: Event, body: SegmentLeft) -> dict[str, Any]:
    return {
        "a_store": event.store_id,
        "a_segment": body.segment_id,
        "a_person": body.person_id,
        "a_position": event.position,
        "an_instant": event.occurred_at,
    }
