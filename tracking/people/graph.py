"""Whose an identity is: a pure function of the set of links, so that the order of arrival does not matter.

A user id is a person. Another identity belongs to the user of its earliest proved link, else of its earliest claimed one;
an anonymous id without a user belongs to whom the e-mail of its guest order belongs. An anonymous id linked to more users
than a household has is a shared machine and belongs to nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from core.clock import Instant
from tracking.people.identifier import Identifier, own_person

MOST_USERS = 5


class LinkKey(NamedTuple):
    """What makes two mentions the same link."""

    left: Identifier
    right: Identifier
    proved: bool


class Mentioned(NamedTuple):
    """When a link was mentioned first, by the clock of its events, and the log's row that says so."""

    at: Instant
    position: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose an identity is, and whether a token or the shop's server has proved it."""

    person_id: int
    proved: bool = False
    shared: bool = False


@dataclass(slots=True)
class Graph:
    """The links around some identities; complete for every identity whose owner is asked."""

    links: dict[LinkKey, Mentioned] = field(default_factory=dict)
    _by_left: dict[Identifier, dict[LinkKey, Mentioned]] = field(default_factory=dict)
    _by_right: dict[Identifier, set[Identifier]] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Mapping[LinkKey, Mentioned]) -> "Graph":
        """The graph of a set of links."""
        graph = cls()
        for key, mentioned in links.items():
            graph.add(key, mentioned)
        return graph

    def add(self, key: LinkKey, mentioned: Mentioned) -> bool:
        """Take a mention in; whether it is new, or earlier than what was known."""
        known = self.links.get(key)
        if known is not None and known.at <= mentioned.at:
            return False
        self.links[key] = mentioned
        self._by_left.setdefault(key.left, {})[key] = mentioned
        self._by_right.setdefault(key.right, set()).add(key.left)
        return True

    def owner(self, identifier: Identifier) -> Owner:
        """Whose the identity is."""
        links = self._by_left.get(identifier, {})
        users = [key for key in links if key.right.kind == "user"]
        if identifier.kind == "anonymous" and len({key.right for key in users}) > MOST_USERS:
            return Owner(own_person(identifier), shared=True)
        for proved in (True, False):
            first = self._earliest(key for key in users if key.proved is proved)
            if first is not None:
                return Owner(own_person(first), proved=proved)
        address = self._earliest(key for key in links if key.right.kind == "email")
        # Anybody can type any address into a guest checkout: the visits count for its owner, but prove nothing.
        return Owner(self.owner(address).person_id) if address else Owner(own_person(identifier))

    def leaning_on(self, identifier: Identifier) -> set[Identifier]:
        """The identities whose owner may change with the owner of this one."""
        return self._by_right.get(identifier, set())

    def _earliest(self, keys: Iterable[LinkKey]) -> Identifier | None:
        # Two links of one millisecond: the id decides, because the order of arrival must not.
        first = min(keys, key=lambda key: (self.links[key].at, own_person(key.right)), default=None)
        return first.right if first else None
