"""What most people are interested in lately: exponential decay with time, per category."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clock import DAY
from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, first_allowed, tie_order
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import NO_ITEM, Context, Ranking, constant, rank


@dataclass(frozen=True, slots=True)
class PopularModel:
    """Per product its decayed `scores`, the distinct people behind it (`support`) and its `category`; `order` has the best first."""

    recommender: "Popular"
    scores: FloatArray
    support: IndexArray
    category: IndexArray
    order: IndexArray

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """The most popular products, of the context's category if it names one; support is the distinct people behind each."""
        order = self.order
        if context.category >= 0:
            order = order[self.category[order] == context.category]
        return self._ranking(first_allowed(order, allowed, k))

    def of_items(self, items: IndexArray, k: int, allowed: BoolArray | None = None) -> Ranking:
        """The most popular of these products."""
        return self._ranking(rank(items, self.scores[items], k, allowed)[0])

    def _ranking(self, items: IndexArray) -> Ranking:
        support = self.support[items]
        return Ranking(items, self.scores[items], support, support, constant(len(items), NO_ITEM))


@dataclass(frozen=True, slots=True)
class Popular:
    """Popularity: Σ weight(kind) · 2^(−age / half_life_days), counted once per person, product, kind and visit.

    `window_days` > 0 leaves older interactions out altogether. Weights are settings of the shop: view < cart < purchase, a return negative.
    """

    name: ClassVar[str] = "popular"
    model: ClassVar[type[PopularModel]] = PopularModel
    half_life_days: float = 30.0
    window_days: float = 0.0
    view: float = 1.0
    cart: float = 3.0
    purchase: float = 10.0
    returned: float = -10.0

    def fit(self, interactions: Interactions) -> PopularModel:
        """Ages count from the latest interaction."""
        latest = int(interactions.at[-1]) if len(interactions) else 0
        if self.window_days:
            interactions = interactions.between(int(latest - self.window_days * DAY), latest)
        once = _once_per_visit(interactions)
        age = (latest - interactions.at[once]) / DAY
        weight = np.array([self.view, self.cart, self.purchase, self.returned])[interactions.kind[once]]
        decayed = weight * np.exp2(-age / self.half_life_days)
        scores = np.bincount(interactions.item[once], decayed, minlength=interactions.item_count).astype(np.float32)
        items = np.arange(interactions.item_count, dtype=np.int32)
        order = np.lexsort((tie_order(items), -scores)).astype(np.int32)
        order = order[scores[order] > 0]
        return PopularModel(self, scores, _people_per_item(interactions), interactions.products.category, order)


def _once_per_visit(interactions: Interactions) -> IndexArray:
    keys = np.stack((interactions.visit, interactions.item, interactions.kind.astype(np.int32)))
    return np.unique(keys, axis=1, return_index=True)[1].astype(np.int32)


def _people_per_item(interactions: Interactions) -> IndexArray:
    kept = interactions.kind != Kind.RETURN
    pairs = np.unique(np.stack((interactions.item[kept], interactions.person[kept])), axis=1)
    return np.bincount(pairs[0], minlength=interactions.item_count).astype(np.int32)
