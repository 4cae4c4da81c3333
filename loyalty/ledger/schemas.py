"""What goes into the ledger and what is read from it."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from core.clock import Instant

MovementKind: TypeAlias = Literal["award", "take back", "expiry", "adjustment"]


@dataclass(frozen=True, kw_only=True)
class Award:
    """Points for a person: the start of a lot. The same `key` gives once; another body under it is a conflict."""

    store_id: int
    key: bytes
    person_id: int
    points: int
    order_id: str | None
    rule_id: int | None
    rule_version: int | None
    cause: int | None
    effective_at: Instant
    recorded_at: Instant
    available_from: Instant
    expires_at: Instant | None
    explanation: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class TakeBack:
    """Points taken out of one lot again; never more than are left in it."""

    store_id: int
    key: bytes
    lot: bytes
    points: int
    cause: int | None
    effective_at: Instant
    recorded_at: Instant
    explanation: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class EarnedLot:
    """A lot with the explanation of its award, as a refund needs it."""

    lot: bytes
    person_id: int
    order_id: str
    rule_id: int | None
    rule_version: int | None
    awarded: int
    remaining: int
    explanation: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Movement:
    """One line of a person's points history."""

    kind: MovementKind
    points: int
    order_id: str | None
    rule_id: int | None
    rule_version: int | None
    effective_at: Instant
    recorded_at: Instant
    cause: int | None
    person_id: int
    explanation: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What a person has: spendable now, waiting, and what runs out next."""

    available: int
    pending: int
    earned: int
    next_expiry_at: Instant | None
    next_expiry_points: int

    @property
    def total(self) -> int:
        return self.available + self.pending


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A store's points over a period."""

    held: int
    holders: int
    given: int
    taken_back: int
    expired: int
    expiring: int


class PointsAwarded(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `points awarded`, key ("points awarded", ledger key in hex)."""

    v: int = 1
    person_id: int
    points: int
    order_id: str | None
    rule_id: int | None
    rule_version: int | None
    available_from: Instant
    expires_at: Instant | None


class PointsTakenBack(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `points taken back`, key ("points taken back", ledger key in hex)."""

    v: int = 1
    person_id: int
    points: int
    order_id: str | None
    rule_id: int | None
