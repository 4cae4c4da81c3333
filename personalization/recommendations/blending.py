"""Several rankings into one: what the home slot shows, for a visit that goes on and for a history that is known.

The weights were chosen on splits in time: the last month of a simulated shop, of an online retailer's orders, and of visits; they stand
on a wide plateau. What shoppers truly wanted was looked at afterwards only (docs/reference/recommendation-quality.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np

from personalization.recommendations import reasons
from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.recommenders.base import EMPTY, NO_ITEM, Context, Model, Ranking, unexplained
from personalization.recommendations.recommenders.buy_again import BuyAgainModel
from personalization.recommendations.schemas import Level

# Reciprocal-rank fusion (Cormack et al. 2009); a small constant lets the head of each list count.
_CONSTANT = 5.0
DEPTH = 60
_RANKS = np.arange(1000)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each list counts. `past` is the share of the history's lists while a visit goes on."""

    session_neighbours: float = 1.0
    also_chosen: float = 1.0
    lightfm_hybrid: float = 0.7
    buy_again: float = 2.0
    abandoned: float = 1.0
    past: float = 0.5


class Part(NamedTuple):
    """One ranking in a blend, and what to say of what it brings."""

    weight: float
    ranking: Ranking
    level: Level
    code: str


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A product that is proposed, with what the reason needs."""

    item: int
    level: Level
    code: str
    support: int = 0
    base: int = 0
    cause: int = NO_ITEM


def visit_parts(models: Mapping[str, Model], visit: Context, weights: Weights) -> list[Part]:
    """The lists that follow from this visit; empty without one."""
    if not len(visit.items):
        return []
    return [
        Part(weights.session_neighbours, _ask(models, "session_neighbours", visit), "session", reasons.SESSION),
        Part(weights.also_chosen, _ask(models, "also_chosen", visit), "session", reasons.CHOSEN),
        Part(weights.lightfm_hybrid, _ask(models, "lightfm_hybrid", visit), "session", reasons.YOUR_CATEGORY),
    ]


def history_parts(
    models: Mapping[str, Model], past: Context, abandoned: IndexArray, weights: Weights, share: float
) -> list[Part]:
    """The lists that follow from purchases, earlier visits and an abandoned cart; empty without any."""
    if not (len(past.items) or len(past.bought)):
        return []
    left = unexplained(abandoned, np.ones(len(abandoned), np.float32))
    useful = _without_finished(models, past)
    return [
        Part(share * weights.also_chosen, _ask(models, "also_chosen", past, useful), "personal", reasons.CHOSEN),
        Part(
            share * weights.lightfm_hybrid,
            _ask(models, "lightfm_hybrid", past, useful),
            "personal",
            reasons.YOUR_CATEGORY,
        ),
        Part(share * weights.buy_again, _ask(models, "buy_again", past, useful), "personal", reasons.AGAIN),
        Part(share * weights.abandoned, left, "personal", reasons.IN_CART),
    ]


@dataclass(frozen=True, slots=True)
class Blend:
    """Items best first; each came strongest from part `part` at rank `rank` there. Candidates are made of those that are shown only."""

    parts: Sequence[Part]
    items: list[int]
    part: list[int]
    rank: list[int]

    def best(self, k: int, allowed: BoolArray) -> list[Candidate]:
        """The first k that are allowed."""
        size, chosen = len(allowed), []
        for place, item in enumerate(self.items):
            if item < size and allowed[item]:
                chosen.append(_candidate(self.parts[self.part[place]], self.rank[place]))
                if len(chosen) == k:
                    break
        return chosen


def fused(parts: Sequence[Part], k: int = DEPTH) -> Blend:
    """The k best by Σ weight / (5 + rank). What is said of an item comes from the list with the strongest reason, of those from the one that gave it most."""
    parts = [part for part in parts if len(part.ranking)]
    if len(parts) <= 1:
        items = parts[0].ranking.items[:k].tolist() if parts else []
        return Blend(parts, items, [0] * len(items), list(range(len(items))))
    sizes = [len(part.ranking) for part in parts]
    entries = np.concatenate([part.ranking.items for part in parts])
    ranks = np.concatenate([_RANKS[:size] for size in sizes])
    shares = np.repeat([part.weight for part in parts], sizes) / (_CONSTANT + ranks)
    items, places = np.unique(entries, return_inverse=True)
    sums = np.bincount(places, shares)
    tells = np.repeat([reasons.strength(part.code) for part in parts], sizes)
    strongest = np.lexsort((shares, tells, places))[np.bincount(places).cumsum() - 1]
    order = np.argsort(-sums, kind="stable")[:k]
    best, numbers = strongest[order], np.repeat(np.arange(len(parts)), sizes)
    return Blend(parts, items[order].tolist(), numbers[best].tolist(), ranks[best].tolist())


def candidates(ranking: Ranking, level: Level, code: str) -> list[Candidate]:
    """Each item of a ranking as a candidate."""
    part = Part(1.0, ranking, level, code)
    return [_candidate(part, rank) for rank in range(len(ranking))]


def _candidate(part: Part, rank: int) -> Candidate:
    ranking = part.ranking
    return Candidate(
        int(ranking.items[rank]),
        part.level,
        part.code,
        int(ranking.support[rank]),
        int(ranking.base[rank]),
        int(ranking.cause[rank]),
    )


def _without_finished(models: Mapping[str, Model], past: Context) -> BoolArray | None:
    """Everything but what this person has and people buy once; None (everything) where nothing is known of buying again."""
    model = models.get("buy_again")
    if not isinstance(model, BuyAgainModel) or not len(past.bought):
        return None
    useful = np.ones(len(model.lure), bool)
    useful[model.finished(past)] = False
    return useful


def _ask(models: Mapping[str, Model], name: str, context: Context, allowed: BoolArray | None = None) -> Ranking:
    found = models.get(name)
    return EMPTY if found is None else found.recommend(context, DEPTH, allowed)
