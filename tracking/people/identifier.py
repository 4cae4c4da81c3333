"""One identity: an anonymous id, a user id or an e-mail of one store, and the numbers derived from it."""

import re
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from core import ids

Kind: TypeAlias = Literal["anonymous", "user", "email"]

LONGEST = 255
_LONGEST_EMAIL = 320
# What broken integrations send in place of an id; taken as one, it would melt thousands of people into one person.
_JUNK_WORDS = frozenset({"", "-1", "null", "anonymous", "guest"})
_ZEROS = re.compile(r"[0-]*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Identifier(NamedTuple):
    """An identity as it is compared: the same text of another store or kind is another identity."""

    store_id: int
    kind: Kind
    value: str


@lru_cache(maxsize=65_536)
def anonymous(store_id: int, text: str | None) -> Identifier | None:
    """The identity of a browser, or None for a text that cannot be an id."""
    value = _cleaned(text)
    return Identifier(store_id, "anonymous", value) if value else None


@lru_cache(maxsize=65_536)
def user(store_id: int, text: str | None) -> Identifier | None:
    """The identity of a signed-in customer, or None for a text that cannot be an id."""
    value = _cleaned(text)
    return Identifier(store_id, "user", value) if value else None


def email(store_id: int, text: str | None) -> Identifier | None:
    """The identity of an address, compared in lower case, or None for a text that cannot be one.

    Only a trusted source may bring one: the caller has checked that.
    """
    value = (text or "").strip().lower()
    return Identifier(store_id, "email", value) if len(value) <= _LONGEST_EMAIL and _EMAIL.fullmatch(value) else None


@lru_cache(maxsize=65_536)
def own_person(identifier: Identifier) -> int:
    """The id of the person this identity is while it belongs to nobody else; also the key of the identity's row."""
    return ids.derived("person", *identifier)


def _cleaned(text: str | None) -> str | None:
    value = (text or "").strip()
    is_junk = len(value) > LONGEST or value.casefold() in _JUNK_WORDS or _ZEROS.fullmatch(value)
    return None if is_junk else value
