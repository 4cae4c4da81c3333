"""What a backtest is asked and what it answers."""

from dataclasses import dataclass
from datetime import date

from core.clock import Instant
from loyalty.rules.schemas import Outcome, RuleBody


@dataclass(frozen=True, kw_only=True)
class Question:
    """A rule, a store and a period [since, until)."""

    store_id: int
    currency: str
    time_zone: str
    locale: str
    body: RuleBody
    since: Instant
    until: Instant


@dataclass(frozen=True, kw_only=True)
class Week:
    """Net points of the orders placed in the week that begins on `monday`."""

    monday: date
    points: int


@dataclass(frozen=True, kw_only=True)
class Band:
    """How many people would hold this many points; `most` None: no upper end."""

    least: int
    most: int | None
    people: int


@dataclass(frozen=True, kw_only=True)
class Example:
    """A past order and what it would get."""

    order_id: str
    person_id: int
    placed_at: Instant
    goods: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the rule would have done; points are net of what refunds would have taken back."""

    orders: int
    buyers: int
    people: int
    more_than_once: int
    rewarded_orders: int
    points: int
    taken_back: int
    rewarded_revenue: int
    weeks: tuple[Week, ...]
    bands: tuple[Band, ...]
    examples: tuple[Example, ...]
    seconds: float
