"""Several rankings into one: what the home slot shows, for a visit that goes on and for a history that is known.

The weights were chosen on a simulated shop with known tastes, an online retailer's orders (validation month) and a split in time of
visits; they stand on a wide plateau.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np

from personalization.recommendations import reasons
from personalization.recommendations.arrays import IndexArray
from personalization.recommendations.recommenders.base import EMPTY, NO_ITEM, Context, Model, Ranking, unexplained
from personalization.recommendations.schemas import Level

# Reciprocal-rank fusion (Cormack et al. 2009); a small constant lets the head of each list count.
_CONSTANT = 5.0
DEPTH = 60


@dataclass(frozen=True, slots=True)
class Weights:
    """What each list counts. `past` is the share of the history's lists while a visit goes on."""

    session_neighbours: float = 1.0
    also_chosen: float = 1.0
    lightfm_hybrid: float = 0.7
    buy_again: float = 1.0
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
    return [
        Part(share * weights.also_chosen, _ask(models, "also_chosen", past), "personal", reasons.CHOSEN),
        Part(share * weights.lightfm_hybrid, _ask(models, "lightfm_hybrid", past), "personal", reasons.YOUR_CATEGORY),
        Part(share * weights.buy_again, _ask(models, "buy_again", past), "personal", reasons.AGAIN),
        Part(share * weights.abandoned, left, "personal", reasons.IN_CART),
    ]


def fused(parts: Sequence[Part], k: int) -> list[Candidate]:
    """The k best by Σ weight / (5 + rank); each with the level and the reason of the list that gave it most."""
    scores: dict[int, float] = {}
    strongest: dict[int, tuple[float, int, int]] = {}
    for number, part in enumerate(parts):
        for rank, item in enumerate(part.ranking.items.tolist()):
            share = part.weight / (_CONSTANT + rank)
            scores[item] = scores.get(item, 0.0) + share
            if item not in strongest or _tells_more(share, part, strongest[item], parts):
                strongest[item] = (share, number, rank)
    order = sorted(scores, key=lambda item: -scores[item])[:k]
    return [_candidate(parts[strongest[item][1]], strongest[item][2]) for item in order]


def candidates(ranking: Ranking, level: Level, code: str) -> list[Candidate]:
    """Each item of a ranking as a candidate."""
    part = Part(1.0, ranking, level, code)
    return [_candidate(part, rank) for rank in range(len(ranking))]


def _tells_more(share: float, part: Part, former: tuple[float, int, int], parts: Sequence[Part]) -> bool:
    """A list that can say why goes before one that cannot, then the one that gave more."""
    counted, counted_before = (one.code != reasons.YOUR_CATEGORY for one in (part, parts[former[1]]))
    return share > former[0] if counted == counted_before else counted


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


def _ask(models: Mapping[str, Model], name: str, context: Context) -> Ranking:
    found = models.get(name)
    return EMPTY if found is None else found.recommend(context, DEPTH)
