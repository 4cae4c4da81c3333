"""The body of a rule, and what other parts see of rules."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec

from core.clock import Instant

MOST_POINTS = 1_000_000


class _Body(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What every kind has: who and when (`condition`, core.conditions over an order), and how long the points last."""

    v: int = 1
    condition: dict[str, Any] | None = None
    spendable_after_days: int = 0
    lasts_months: int | None = 12


class SpendRule(_Body, tag="spend", tag_field="kind", kw_only=True, frozen=True, omit_defaults=True):
    """`points` points for every `per` minor units spent on the whole order, or on items from one category."""

    points: int
    per: int = 100
    category: str | None = None


class BonusRule(_Body, tag="bonus", tag_field="kind", kw_only=True, frozen=True, omit_defaults=True):
    """`points` points once for an order."""

    points: int


RuleBody: TypeAlias = SpendRule | BonusRule


@dataclass(frozen=True, kw_only=True)
class RuleVersion:
    """One version of a rule."""

    rule_id: int
    name: str
    version: int
    state: str  # draft, on, past
    body: RuleBody
    saved_at: Instant
    saved_by: str
    on_at: Instant | None
    on_from: int | None
    on_until: int | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule with its versions, newest first."""

    rule_id: int
    name: str
    versions: tuple[RuleVersion, ...]

    @property
    def on(self) -> RuleVersion | None:
        """The version that gives points now."""
        return next((version for version in self.versions if version.state == "on"), None)

    @property
    def draft(self) -> RuleVersion | None:
        """The version being written."""
        return next((version for version in self.versions if version.state == "draft"), None)


@dataclass(frozen=True, kw_only=True)
class ExplainedLeaf:
    """One condition of a rule for one order."""

    holds: bool
    text: str
    seen: str = ""
    needed: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a rule gives for one order, and why: `basis` is what was counted of each line, in minor units."""

    points: int
    holds: bool
    basis: dict[str, int] = field(default_factory=dict)
    leaves: tuple[ExplainedLeaf, ...] = ()
    arithmetic: str = ""
