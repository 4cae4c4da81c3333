"""The reaction `people.identities`: every event finds its person.

Links are taken in one by one, in the order of the log, so that the same moves are concluded whatever the size of a batch; all
reading and writing is set-wise.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.clock import Instant
from core.db import Session
from core.log import EVERYTHING, FACT, Event, NewEvent, Reaction
from tracking.people import mentions
from tracking.people.graph import Graph, LinkKey, Mentioned
from tracking.people.identifier import Identifier, own_person
from tracking.people.mentions import Mention
from tracking.people.profile import Told
from tracking.people.refolding import refold
from tracking.people.repository import consent_rows, identity_rows, person_rows
from tracking.people.repository.identity_rows import Known
from tracking.people.schemas import IdentityMoved, TraitSet

_encode = msgspec.json.Encoder(order="sorted").encode


def identify(session: Session, events: Sequence[Event]) -> None:
    """Find whose the events are; write identities, links, people, traits and consent."""
    by_store: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        by_store[event.store_id].append(event)
    for store_id, of_store in by_store.items():
        _identify(session, store_id, of_store)


REACTIONS = (Reaction(name="people.identities", reads=EVERYTHING, handle=identify),)


@dataclass(slots=True)
class _Batch:
    """What one store's events change, gathered before it is written."""

    session: Session
    graph: Graph
    identities: dict[Identifier, Known]
    touched: set[Identifier] = field(default_factory=set)
    changed_links: dict[LinkKey, Mentioned] = field(default_factory=dict)
    merges: dict[tuple[int, int], int] = field(default_factory=dict)
    dirty: set[int] = field(default_factory=set)  # people whose profile has to be folded anew
    strangers: set[int] = field(default_factory=set)  # browsers heard of for the first time: people without a profile
    seen: dict[int, tuple[Instant, Instant]] = field(default_factory=dict)

    def take(self, mention: Mention) -> None:
        """One event: its links, then whose it is, then when they were seen."""
        event = mention.event
        if mention.links:
            moved = [key.left for key in mention.links if self._link(key, event)]
            for one in _unique([*moved, *(leaning for left in moved for leaning in sorted(self._leaning(left)))]):
                self._settle(one, event)
        for new in _named(mention):
            if new not in self.identities:
                self._settle(new, event)
        if mention.about is not None and mention.seen_at is not None:
            self._see(self.identities[mention.about], mention.seen_at)

    def _link(self, key: LinkKey, event: Event) -> bool:
        mentioned = Mentioned(event.occurred_at, event.position)
        if not self.graph.add(key, mentioned):
            return False
        self.changed_links[key] = mentioned
        return True

    def _leaning(self, left: Identifier) -> set[Identifier]:
        return self.graph.leaning_on(left) if left.kind == "email" else set()

    def _settle(self, one: Identifier, event: Event) -> None:
        """Give an identity to whom the graph says."""
        owner, known = self.graph.owner(one), self.identities.get(one)
        if known is None:
            known = self.identities[one] = Known(one, owner.person_id)
            is_own = owner.person_id == own_person(one)
            (self.strangers if is_own and one.kind == "anonymous" else self.dirty).add(owner.person_id)
            if not is_own:
                self.merges[(own_person(one), event.position)] = owner.person_id
        elif known.person_id != owner.person_id:
            self._move(known, owner.person_id, event)
        known.proved, known.shared = owner.proved, owner.shared
        self.touched.add(one)

    def _move(self, known: Known, person_to: int, event: Event) -> None:
        person_from, one = known.person_id, known.identifier
        fact = IdentityMoved(person_from=person_from, person_to=person_to, kind=one.kind, value=one.value)
        key = ("identity moved", person_from, person_to, one.kind, one.value, event.position)
        self.session.append(NewEvent.fact(cause=event, name="identity moved", body=fact, key=key))
        self.merges[(own_person(one), event.position)] = person_to
        self.dirty |= {person_from, person_to}
        known.person_id = person_to

    def _see(self, known: Known, at: Instant) -> None:
        if known.first_seen_at is None and known.person_id not in self.strangers:
            self.dirty.add(known.person_id)
        known.first_seen_at = at if known.first_seen_at is None else min(known.first_seen_at, at)
        known.last_seen_at = at if known.last_seen_at is None else max(known.last_seen_at, at)
        first, last = self.seen.get(known.person_id, (at, at))
        self.seen[known.person_id] = (min(first, at), max(last, at))
        self.touched.add(known.identifier)


def _identify(session: Session, store_id: int, events: Sequence[Event]) -> None:
    read = [mentions.read(event) for event in events]
    batch = _loaded(session, store_id, read)
    for mention in read:
        batch.take(mention)
    identity_rows.write_identities(session, [batch.identities[one].row for one in sorted(batch.touched)])
    identity_rows.write_links(session, batch.changed_links.items())
    identity_rows.write_merges(session, _merge_rows(store_id, batch))
    identity_rows.write_person_events(session, _event_rows(read))
    consent_rows.write_consent(session, _consent_rows(read))
    batch.dirty |= _tell(session, store_id, read, batch) | _set_traits(session, store_id, events)
    # Something may have been set for them before they were seen.
    batch.dirty |= person_rows.with_traits(session, store_id, batch.strangers - batch.dirty)
    refold(session, store_id, batch.dirty)
    person_rows.bump_people(session, _seen_rows(store_id, batch))


def _loaded(session: Session, store_id: int, read: Sequence[Mention]) -> _Batch:
    keys = [key for mention in read for key in mention.links]
    graph = _graph_around(session, store_id, keys)
    wanted = {one for mention in read for one in _named(mention)}
    wanted |= {one for key in keys if key.left.kind == "email" for one in graph.leaning_on(key.left)}
    return _Batch(session, graph, identity_rows.identities(session, store_id, wanted))


def _graph_around(session: Session, store_id: int, keys: Sequence[LinkKey]) -> Graph:
    """The stored links of every identity whose owner these links may change."""
    wanted = {key.left for key in keys}
    addresses = {end for key in keys for end in (key.left, key.right) if end.kind == "email"}
    if addresses:
        wanted |= addresses | identity_rows.leaning_on(session, store_id, addresses)
    graph, loaded = Graph(), set[Identifier]()
    while missing := wanted - loaded:
        found = identity_rows.links(session, store_id, missing)
        for key, mentioned in found.items():
            graph.add(key, mentioned)
        loaded |= missing
        wanted = {key.right for key in found if key.right.kind == "email"}
    return graph


def _tell(session: Session, store_id: int, read: Sequence[Mention], batch: _Batch) -> set[int]:
    """Keep the best value of each trait; the people whose profile changes by it."""
    telling = [mention for mention in read if mention.traits and mention.about is not None]
    if not telling:
        return set()
    of = {own_person(mention.about): mention.about for mention in telling if mention.about is not None}
    known, changed = person_rows.told(session, store_id, of), dict[tuple[int, str], Told]()
    for mention in telling:
        assert mention.about is not None
        for name, value in mention.traits.items():
            key, one = (own_person(mention.about), name), Told.of(mention.rank, mention.event.occurred_at, value)
            if key not in known or one > known[key]:
                known[key] = changed[key] = one
    person_rows.write_told(session, store_id, changed)
    return {batch.identities[of[number]].person_id for number, _ in changed}


def _set_traits(session: Session, store_id: int, events: Sequence[Event]) -> set[int]:
    """Keep what facts `trait set` say; the people concerned."""
    facts = [
        (event, event.read(TraitSet))
        for event in events
        if event.name == "trait set" and event.source == FACT and event.body
    ]
    rows = [
        {
            "store_id": store_id,
            "person_id": fact.person_id,
            "name": fact.name,
            "position": event.position,
            "value": _encode(fact.value).decode(),
            "owner": fact.owner,
        }
        for event, fact in facts
    ]
    person_rows.write_trait_versions(session, rows)
    concerned = {fact.person_id for _, fact in facts}
    return concerned | set(identity_rows.merges(session, store_id, concerned).values())


def _merge_rows(store_id: int, batch: _Batch) -> list[dict[str, Any]]:
    return [
        {"store_id": store_id, "person_from": person_from, "position": position, "person_to": person_to}
        for (person_from, position), person_to in batch.merges.items()
    ]


def _event_rows(read: Sequence[Mention]) -> list[dict[str, Any]]:
    rows = []
    for mention in read:
        event, of = mention.event, mention.person_id or (mention.about and own_person(mention.about))
        # The raw delivery behind a document speaks of the same person, and names nobody itself.
        causes = [event.cause] if event.name == "order received" and event.cause is not None else []
        for position in [event.position, *causes] if of else ():
            rows.append({"store_id": event.store_id, "identity_id": of, "position": position, "at": event.occurred_at})
    return rows


def _consent_rows(read: Sequence[Mention]) -> list[dict[str, Any]]:
    newest: dict[tuple[Identifier, str, bool], Mention] = {}
    for mention in read:
        for purpose, granted in mention.consent.items() if mention.about is not None else ():
            assert mention.about is not None
            key = (mention.about, purpose, granted)
            if key not in newest or mention.event.occurred_at > newest[key].event.occurred_at:
                newest[key] = mention
    return [
        {
            "store_id": one.store_id,
            "identity_id": own_person(one),
            "purpose": purpose,
            "granted": granted,
            "at": mention.event.occurred_at,
            "said_by": mention.event.source,
        }
        for (one, purpose, granted), mention in newest.items()
    ]


def _seen_rows(store_id: int, batch: _Batch) -> list[dict[str, Any]]:
    return [
        {
            "store_id": store_id,
            "person_id": person_id,
            "known": False,
            "searched": "",
            "traits": {},
            "first_seen_at": first,
            "last_seen_at": last,
        }
        for person_id, (first, last) in sorted(batch.seen.items())
        if person_id not in batch.dirty
    ]


def _named(mention: Mention) -> list[Identifier]:
    """Every identity the event names."""
    named = [end for key in mention.links for end in (key.left, key.right)] if mention.links else []
    if mention.about is not None:
        named.append(mention.about)
    return named


def _unique(identifiers: Sequence[Identifier]) -> list[Identifier]:
    return list(dict.fromkeys(identifiers))
