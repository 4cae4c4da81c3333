"""What one event says about who it is: pure reading, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from core import clock
from core.clock import Instant
from core.log import FACT, PUBLIC, Event, UnreadableBody
from tracking.collect import consent
from tracking.people import identifier
from tracking.people.graph import LinkKey
from tracking.people.identifier import Identifier

_LONGEST_NAME = 100
_MOST_TRAITS = 100  # of one call
Call = TypeVar("Call", bound=msgspec.Struct)
_CALLS = frozenset({"track", "page", "screen", "identify", "group", "alias"})
_TELLING = frozenset({"identify", "alias"})  # the calls whose body says who somebody is


class Rank(IntEnum):
    """Whose word about a trait counts more; among equals the later one holds."""

    BROWSER = 0
    BUYER = 1  # typed into a checkout, or sent with a verified token: the person themselves
    SHOP = 2
    OWNER = 3  # a fact `trait set`


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One event, read: whose it is, which identities it ties together, what it says about them.

    `person_id` is the person a fact names. `seen_at` is None for what is not an act of a person (facts, raw deliveries);
    `consent` is what it agreed to.
    """

    event: Event
    about: Identifier | None = None
    person_id: int | None = None
    links: tuple[LinkKey, ...] = ()
    seen_at: Instant | None = None
    traits: Mapping[str, Any] = field(default_factory=dict)
    rank: Rank = Rank.BROWSER
    consent: Mapping[str, bool] = field(default_factory=dict)


class _Identify(msgspec.Struct):
    traits: Any = None
    context: Any = None


class _Alias(msgspec.Struct):
    previousId: str | int | float | None = None


class _Fact(msgspec.Struct):
    person_id: int | None = None
    person_to: int | None = None


class _Order(msgspec.Struct):
    """Of `tracking.orders.schemas.OrderDocument` what says who bought; people stand below orders."""

    user_id: str | None = None
    anonymous_id: str | None = None
    email: str | None = None
    address: Any = None


class _Person(msgspec.Struct):
    """`PersonDocument` as it may stand in the log after an erasure."""

    user_id: str | None = None
    email: str | None = None
    traits: dict[str, Any] = {}
    marketing: bool | None = None
    created_at: str | None = None


def read(event: Event) -> Mention:
    """Who the event is about. Raises UnreadableBody for a trusted document without its shape."""
    if event.type in _CALLS:
        return _call(event)
    if event.source != PUBLIC and event.name == "order received":
        return _order(event)
    if event.source not in (PUBLIC, FACT) and event.name == "person received":
        return _person(event)
    return _other(event)


def _call(event: Event) -> Mention:
    user = identifier.user(event.store_id, event.user_id) if event.user_id else None
    anonymous = identifier.anonymous(event.store_id, event.anonymous_id)
    trusted = event.trusted
    if user is None and event.proof is None and event.type not in _TELLING:
        return Mention(
            event=event,
            about=anonymous,
            seen_at=event.occurred_at,
            consent=_agreed(event, trusted) if event.consent else {},
            rank=Rank.SHOP if trusted else Rank.BROWSER,
        )
    # A verified token speaks for its own user only, whoever the call says it is.
    token = identifier.user(event.store_id, event.proof) if event.proof else None
    proved = trusted or (token is not None and token == user)
    traits = _traits(event) if event.type == "identify" else {}
    rank = Rank.SHOP if trusted else Rank.BUYER if proved else Rank.BROWSER
    address = identifier.email(event.store_id, _text(traits.get("email"))) if trusted and traits else None
    if not trusted:
        traits.pop("email", None)
    return Mention(
        event=event,
        about=user or anonymous or address,
        links=_links(user, [anonymous, _previous(event)], address, proved) + _vouched(anonymous, token, user),
        seen_at=event.occurred_at,
        traits=traits,
        rank=rank,
        consent=_agreed(event, proved) if event.consent else {},
    )


def _other(event: Event) -> Mention:
    """A fact or a raw delivery: it says whom it is about, and nothing about them."""
    person_id = None
    if event.source == FACT:
        fact = _read(event, _Fact())
        person_id = fact.person_id or fact.person_to
    about = identifier.user(event.store_id, event.user_id) or identifier.anonymous(event.store_id, event.anonymous_id)
    return Mention(event=event, about=about, person_id=person_id)


def _links(
    user: Identifier | None, anonymous: list[Identifier | None], address: Identifier | None, proved: bool
) -> tuple[LinkKey, ...]:
    target = user or address
    if target is None:
        return ()
    links = [LinkKey(one, target, proved) for one in anonymous if one is not None]
    if user is not None and address is not None:
        links.append(LinkKey(address, user, True))
    return tuple(links)


def _vouched(anonymous: Identifier | None, token: Identifier | None, user: Identifier | None) -> tuple[LinkKey, ...]:
    """The browser that holds a token belongs to the token's user, also in calls that name another user or none."""
    return (LinkKey(anonymous, token, True),) if anonymous and token and token != user else ()


def _order(event: Event) -> Mention:
    document, store_id = event.read(_Order), event.store_id
    user = identifier.user(store_id, document.user_id)
    anonymous = identifier.anonymous(store_id, document.anonymous_id)
    address = identifier.email(store_id, document.email)
    # The address in an order is what somebody typed. It finds the guest; it must not tie that guest's past to the
    # customer who typed it. An account's own address comes by a server's identify or `person received`.
    return Mention(
        event=event,
        about=user or address or anonymous,
        links=_links(user, [anonymous], None if user else address, True),
        seen_at=event.occurred_at,
        traits=_buyer(document),
        rank=Rank.BUYER,
    )


def _person(event: Event) -> Mention:
    document, store_id = event.read(_Person), event.store_id
    user = identifier.user(store_id, document.user_id)
    address = identifier.email(store_id, document.email)
    traits = _named(document.traits) | ({"email": document.email} if document.email else {})
    return Mention(
        event=event,
        about=user or address,
        links=_links(user, [], address, True),
        seen_at=_created(document, event),
        traits=traits,
        rank=Rank.SHOP,
        consent={} if document.marketing is None else {"marketing": document.marketing},
    )


def _created(document: _Person, event: Event) -> Instant:
    try:
        return min(clock.parse(document.created_at), event.occurred_at) if document.created_at else event.occurred_at
    except clock.UnreadableTime:
        return event.occurred_at


def _buyer(document: _Order) -> dict[str, Any]:
    """What a buyer wrote about themselves: their address as it is, their name out of it."""
    traits: dict[str, Any] = {"email": document.email} if document.email else {}
    if isinstance(document.address, dict) and document.address:
        traits["address"] = document.address
        if name := _text(document.address.get("name")):
            traits["name"] = name
    return traits


def _traits(event: Event) -> dict[str, Any]:
    call = _read(event, _Identify())
    if isinstance(call.traits, dict):
        return _named(call.traits)
    within = call.context.get("traits") if isinstance(call.context, dict) else None  # where RudderStack puts them
    return _named(within) if isinstance(within, dict) else {}


def _read(event: Event, nothing: Call) -> Call:
    """The body. What a browser sends broken says nothing, as does an odd fact; a server's is set aside to be seen."""
    try:
        return event.read(type(nothing))
    except UnreadableBody:
        if event.trusted and event.source != FACT:
            raise
        return nothing


def _named(traits: Mapping[str, Any]) -> dict[str, Any]:
    usable = ((name, value) for name, value in traits.items() if 0 < len(name) <= _LONGEST_NAME and "\0" not in name)
    return dict(islice(usable, _MOST_TRAITS))


def _previous(event: Event) -> Identifier | None:
    if event.type != "alias":
        return None
    previous = _read(event, _Alias()).previousId
    # Always an anonymous id: if a user of that name exists, the two are still never merged.
    return identifier.anonymous(event.store_id, None if previous is None else str(previous))


def _agreed(event: Event, proved: bool) -> Mapping[str, bool]:
    said = _stamped(event.consent)
    if not proved and said.get("marketing"):
        # Anybody could agree to mail in another's name; refusing is always heard.
        return {purpose: granted for purpose, granted in said.items() if purpose != "marketing"}
    return said


@lru_cache(maxsize=256)
def _stamped(stamp: str) -> Mapping[str, bool]:
    return MappingProxyType(dict(consent.read(stamp).items()))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
