"""A person's profile: what the person's identities were told, folded into one; pure, the same for any order of arrival."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from core.clock import Instant
from core.conditions import fold
from tracking.people.identifier import email
from tracking.people.mentions import Rank

_encode = msgspec.json.Encoder(order="sorted").encode
_LONGEST_TEXT = 500


class Told(NamedTuple):
    """A value given for a trait. Told values compare: the greatest holds. Equal times fall to the greater JSON text."""

    rank: Rank
    at: Instant
    value: str  # JSON

    @classmethod
    def of(cls, rank: Rank, at: Instant, value: Any) -> "Told":
        """The value as it is compared and stored; NUL, which PostgreSQL cannot hold, falls out."""
        text = _encode(value).decode()
        return cls(rank, at, _encode(_without_nul(value)).decode() if "\\u0000" in text else text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known about a person."""

    email: str | None
    name: str | None
    country: str | None
    city: str | None
    traits: dict[str, Any]


def folded(store_id: int, told: Iterable[tuple[str, Told]]) -> Profile:
    """The profile that these values make; a null takes a trait away."""
    best: dict[str, Told] = {}
    for name, one in told:
        if name not in best or one > best[name]:
            best[name] = one
    decoded = {name: msgspec.json.decode(one.value) for name, one in sorted(best.items())}
    traits = {name: value for name, value in decoded.items() if value is not None}
    address = traits.get("address")
    place: Mapping[str, Any] = address if isinstance(address, dict) else {}
    found = email(store_id, traits.get("email") if isinstance(traits.get("email"), str) else None)
    return Profile(
        email=found.value if found else None,
        name=_name(traits),
        country=_text(traits.get("country") or place.get("country"), 60),
        city=_text(traits.get("city") or place.get("city"), 120),
        traits=traits,
    )


def typed(name: str, value: Any) -> dict[str, Any] | None:
    """The columns in which conditions compare a trait; None for a list, an object or an endless text."""
    row: dict[str, Any] = {"name": name, "text": None, "number": None, "flag": None}
    match value:
        case bool():
            row["flag"] = value
        case int() | float() if math.isfinite(value) and abs(value) <= 2**53:
            row["number"] = float(value)
        case str() if len(value) <= _LONGEST_TEXT:
            row["text"] = fold(value)
        case _:
            return None
    return row


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_without_nul(one) for one in value]
        case dict():
            return {_without_nul(name): _without_nul(one) for name, one in value.items()}
        case _:
            return value


def _name(traits: Mapping[str, Any]) -> str | None:
    whole = _text(traits.get("name"), 200)
    if whole:
        return whole
    parts = (
        _text(traits.get(a) or traits.get(b), 100) for a, b in (("firstName", "first_name"), ("lastName", "last_name"))
    )
    return " ".join(part for part in parts if part) or None


def _text(value: object, longest: int) -> str | None:
    return value.strip()[:longest] or None if isinstance(value, str) else None
