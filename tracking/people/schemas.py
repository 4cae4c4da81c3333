"""What other parts see of people, and the bodies of the facts about them."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.clock import Instant


class PersonDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A person as a shop reports them (`person received`)."""

    v: int = 1
    user_id: str
    email: str | None = None
    traits: dict[str, Any] = {}
    marketing: bool | None = None
    created_at: str | None = None


class IdentityMoved(msgspec.Struct, kw_only=True):
    """Fact `identity moved`: what belonged to one person belongs to another from here on."""

    v: int = 1
    person_from: int
    person_to: int
    kind: str
    value: str


class TraitSet(msgspec.Struct, kw_only=True):
    """Fact `trait set`: a value about a person, written by whoever owns it."""

    v: int = 1
    person_id: int
    name: str
    value: str | int | float | bool | None
    owner: str


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What an event or an order says about who it is; at least one is given, or the person is nobody."""

    anonymous_id: str | None = None
    user_id: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class Person:
    """A shopper."""

    person_id: int
    user_id: str | None
    email: str | None
    name: str | None
    country: str | None
    city: str | None
    first_seen_at: Instant
    last_seen_at: Instant
    traits: dict[str, Any]
    marketing: bool | None

    @property
    def label(self) -> str:
        """How staff see this person: the name, else the e-mail, else what is known."""
        return self.name or self.email or self.user_id or "Someone"


@dataclass(frozen=True, kw_only=True)
class KnownIdentity:
    """One identity of a person; `proved` by a token or the shop's server; `shared` by too many users to be anybody's."""

    kind: str
    value: str
    proved: bool
    shared: bool
    first_seen_at: Instant | None
    last_seen_at: Instant | None


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """One page of people; `next` is the cursor of the page after it, None on the last one."""

    items: tuple[Person, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One line of a person's, order's or parcel's timeline. `why` is what the popover behind “why?” explains."""

    at: Instant
    kind: str  # visits, orders, parcels, points, mail, segments, identity
    icon: str  # a symbol of the console's sprite
    text: str
    detail: str = ""
    amount: str = ""
    link: str = ""
    why: "Why | None" = None
    images: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Why:
    """An explanation: a sentence, its leaves with what was seen, and where it comes from."""

    sentence: str
    leaves: tuple["Leaf", ...] = ()
    total: str = ""
    footer: str = ""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One part of an explanation: whether it held, its words, the value seen and the value needed."""

    holds: bool
    text: str
    seen: str = ""
    needed: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What a person's events may be used for now."""

    analytics: bool = True
    personalization: bool = True
    marketing: bool = False
    stamps: dict[str, bool] = field(default_factory=dict)
