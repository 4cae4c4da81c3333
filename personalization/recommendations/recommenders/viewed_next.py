"""What is looked at after something else: co-occurrence in sequence within a visit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import sparse

from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import Context, Ranking
from personalization.recommendations.recommenders.neighbours import NeighbourLists, nearest


@dataclass(frozen=True, slots=True)
class ViewedNextModel:
    """Neighbour lists over visits: `counts` visits with both products near each other, `bases` visits with the first."""

    recommender: "ViewedNext"
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
        """What follows the latest products, the last one counting most."""
        latest = context.touched[-self.recommender.last_items :]
        age = np.arange(len(latest) - 1, -1, -1)
        weights = np.exp(-age / self.recommender.memory_items).astype(np.float32)
        return self.lists.of_many(latest, weights, k, allowed)


@dataclass(frozen=True, slots=True)
class ViewedNext:
    """Σ direction · exp(−(distance−1)/4) / log2(2 + length of the visit) over pairs up to `window` apart, / √(n_a·n_b).

    Pairs onward count `forward`, pairs back `backward`; the settings are those that won on a validation split of sequences.
    """

    name: ClassVar[str] = "viewed_next"
    model: ClassVar[type[ViewedNextModel]] = ViewedNextModel
    window: int = 10
    forward: float = 1.0
    backward: float = 0.7
    fade: float = 4.0
    keep: int = 150
    last_items: int = 20
    memory_items: float = 2.0

    def fit(self, interactions: Interactions) -> ViewedNextModel:
        """One pass per distance over all visits, then one sparse sum."""
        touched = interactions.of_kinds(Kind.VIEW, Kind.CART, Kind.PURCHASE)
        item, visit = in_visit_order(touched)
        size = interactions.item_count
        scores, counts = self._pairs(item, visit, size)
        both = np.unique(np.stack((visit, item)), axis=1)
        bases = np.bincount(both[1], minlength=size)
        norm = sparse.diags(1.0 / np.sqrt(np.maximum(bases, 1)))
        lists = nearest((norm @ scores @ norm).tocsr(), counts, bases.astype(np.int32), self.keep)
        return ViewedNextModel(self, lists.pointers, lists.neighbours, lists.scores, lists.counts, lists.bases)

    def _pairs(self, item: IndexArray, visit: IndexArray, size: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        discount = 1.0 / np.log2(2.0 + np.bincount(visit, minlength=1))
        scores = sparse.csr_matrix((size, size), dtype=np.float64)
        together: list[InstantArray] = []
        for distance in range(1, min(self.window, len(item) - 1) + 1):
            near = np.flatnonzero(visit[distance:] == visit[:-distance])
            first, second, where = item[near], item[near + distance], visit[near]
            weight = discount[where] * np.exp(-(distance - 1) / self.fade)
            forward = sparse.csr_matrix((weight, (first, second)), shape=(size, size))
            scores = scores + self.forward * forward + self.backward * forward.T
            together.append(np.stack((where, first, second)).astype(np.int64))
        return scores.tocsr(), _visits_with_both(together, size)


def in_visit_order(touched: Interactions) -> tuple[IndexArray, IndexArray]:
    """Items and visits, visit by visit and oldest first; the same item twice in a row counts once."""
    order = np.argsort(touched.visit, kind="stable")
    item, visit = touched.item[order], touched.visit[order]
    fresh = np.ones(len(item), bool)
    fresh[1:] = (np.diff(item) != 0) | (np.diff(visit) != 0)
    return item[fresh], visit[fresh]


def _visits_with_both(pairs: list[InstantArray], size: int) -> sparse.csr_matrix:
    """Symmetric counts of visits that have both items within the window, each visit once per pair."""
    if not pairs:
        return sparse.csr_matrix((size, size), dtype=np.int32)
    where, first, second = np.concatenate(pairs, axis=1)
    low, high = np.minimum(first, second), np.maximum(first, second)
    keys = np.unique((where * size + low) * size + high)
    low, high = keys // size % size, keys % size
    counts = sparse.csr_matrix((np.ones(len(keys), np.int32), (low, high)), shape=(size, size))
    return (counts + counts.T).tocsr()
