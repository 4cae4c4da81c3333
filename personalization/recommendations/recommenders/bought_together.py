"""What is bought in one basket with something else: cosine between products over baskets."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from core.clock import DAY
from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import Context, Ranking
from personalization.recommendations.recommenders.neighbours import NeighbourLists, nearest


@dataclass(frozen=True, slots=True)
class BoughtTogetherModel:
    """Neighbour lists over baskets: `counts` baskets with both products, `bases` baskets with the first."""

    recommender: "BoughtTogether"
    pointers: InstantArray
    neighbours: IndexArray
    scores: FloatArray
    counts: IndexArray
    bases: IndexArray

    @property
    def lists(self) -> NeighbourLists:
        """The lists behind the model."""
        return NeighbourLists(self.pointers, self.neighbours, self.scores, self.counts, self.bases)

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """Goes with what is in hand and with own purchases, the recent ones counting more."""
        recent = slice(-self.recommender.last_bought, None)
        age = np.maximum(context.now - context.bought_at[recent], 0) / DAY
        weights = np.exp(-age / self.recommender.memory_days)
        items = np.concatenate((context.bought[recent], context.items))
        both = np.concatenate((weights, np.ones(len(context.items)))).astype(np.float32)
        return self.lists.of_many(items, both, k, allowed)


@dataclass(frozen=True, slots=True)
class BoughtTogether:
    """Cosine Σ 1/size over common baskets / √(n_a·n_b): a large basket says less about each of its pairs.

    Pairs of fewer than `minimum_support` baskets are left out, as are baskets of more than `largest_basket` products.
    """

    name: ClassVar[str] = "bought_together"
    model: ClassVar[type[BoughtTogetherModel]] = BoughtTogetherModel
    keep: int = 200
    minimum_support: int = 3
    largest_basket: int = 1000
    memory_days: float = 60.0
    last_bought: int = 100

    def fit(self, interactions: Interactions) -> BoughtTogetherModel:
        """One sparse product over the purchases of each visit."""
        baskets = basket_matrix(interactions.of_kinds(Kind.PURCHASE), self.largest_basket)
        size = np.asarray(baskets.sum(axis=1)).ravel()
        weighted = sparse.diags(1.0 / np.sqrt(np.maximum(size, 1.0))) @ baskets
        bases = np.asarray(baskets.sum(axis=0)).ravel()
        counts = (baskets.T @ baskets).tocsr()
        norm = sparse.diags(1.0 / np.sqrt(np.maximum(bases, 1.0)))
        scores = (norm @ (weighted.T @ weighted) @ norm).tocsr().multiply(counts >= self.minimum_support).tocsr()
        lists = nearest(scores, counts, bases, self.keep)
        return BoughtTogetherModel(self, lists.pointers, lists.neighbours, lists.scores, lists.counts, lists.bases)


def basket_matrix(bought: Interactions, largest: int) -> sparse.csr_matrix:
    """Visits × products, 1 where the visit has the product."""
    visits, row = np.unique(bought.visit, return_inverse=True)
    shape = (len(visits), bought.item_count)
    matrix = sparse.csr_matrix((np.ones(len(row), np.float32), (row, bought.item)), shape=shape)
    matrix.data[:] = 1.0
    return matrix[np.diff(matrix.indptr) <= largest]
