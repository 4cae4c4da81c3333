"""What every recommender is: settings that can be fitted, and the model that comes out."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from core.clock import Instant
from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray, top
from personalization.recommendations.interactions import Interactions

NO_ITEM = -1
_NO_ITEMS: IndexArray = np.zeros(0, np.int32)
_NO_INSTANTS: InstantArray = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the one who asks. All arrays are oldest first and may be empty; items index the products.

    `items`: touched lately (this visit, for a session model). `bought`, `bought_at`: own purchases. `person`: the row of a person
    the model was fitted with, -1 for anybody else. `category`: restrict popularity to it, -1 for none.
    """

    now: Instant
    items: IndexArray = field(default_factory=lambda: _NO_ITEMS)
    bought: IndexArray = field(default_factory=lambda: _NO_ITEMS)
    bought_at: InstantArray = field(default_factory=lambda: _NO_INSTANTS)
    person: int = -1
    category: int = -1

    @property
    def touched(self) -> IndexArray:
        """What was touched lately; own purchases when nothing else is known, as in a shop that reports orders only."""
        return self.items if len(self.items) else self.bought


@dataclass(frozen=True, slots=True)
class Ranking:
    """Items best first with their scores, and the evidence of each: `support` of `base` cases around the item `cause` (-1: no item)."""

    items: IndexArray
    scores: FloatArray
    support: IndexArray
    base: IndexArray
    cause: IndexArray

    def __len__(self) -> int:
        return len(self.items)


EMPTY = Ranking(_NO_ITEMS, np.zeros(0, np.float32), _NO_ITEMS, _NO_ITEMS, _NO_ITEMS)


class Model(Protocol):
    """A fitted recommender: a frozen dataclass of its recommender and of arrays, nothing else."""

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """At most k items for this context, best first; only those that `allowed` (as long as the products) permits."""
        ...


@runtime_checkable
class Recommender(Protocol):
    """Settings of a method: a frozen dataclass of plain values with the name under which it is registered."""

    name: ClassVar[str]
    model: ClassVar[type[Any]]

    def fit(self, interactions: Interactions) -> Model:
        """The model of these interactions; the same interactions give the same model."""
        ...


def permitted(items: IndexArray, allowed: BoolArray | None) -> BoolArray:
    """Which of the items may be answered."""
    return np.ones(len(items), bool) if allowed is None else allowed[items]


def rank(items: IndexArray, scores: FloatArray, k: int, allowed: BoolArray | None) -> tuple[IndexArray, FloatArray]:
    """The k best permitted items of positive score, equal scores in a fixed random order."""
    kept = scores > 0
    if allowed is not None:
        kept &= allowed[items]
    chosen = kept.nonzero()[0]
    items, scores = items[chosen], scores[chosen]
    order = top(items, scores, k)
    return items[order], scores[order]


def constant(size: int, value: int) -> IndexArray:
    """The same number for every item of a ranking."""
    found = np.empty(size, np.int32)
    found.fill(value)
    return found


def unexplained(items: IndexArray, scores: FloatArray) -> Ranking:
    """A ranking without counts: nothing can be claimed about it."""
    none = np.zeros(len(items), np.int32)
    return Ranking(items, scores, none, none, np.full(len(items), NO_ITEM, np.int32))
