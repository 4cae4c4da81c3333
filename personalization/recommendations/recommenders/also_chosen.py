"""What the same people choose: EASE, a linear model from product to product over whole histories.

Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019: B = −P / diag(P) with P = (XᵀX + λI)⁻¹, the diagonal zero. Rows of X
are people, divided by the root of the length of their history.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

from core.clock import DAY
from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import Context, Ranking
from personalization.recommendations.recommenders.neighbours import NeighbourLists, nearest


@dataclass(frozen=True, slots=True)
class AlsoChosenModel:
    """Neighbour lists over people: `counts` people who chose both products, `bases` people who chose the first."""

    recommender: "AlsoChosen"
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
        """By what was bought, the recent counting more, and what was looked at lately."""
        settings = self.recommender
        recent = slice(-settings.last_bought, None)
        age = np.maximum(context.now - context.bought_at[recent], 0) / DAY
        bought = np.exp(-age / settings.memory_days)
        looked = settings.view * np.exp(-np.arange(len(context.items) - 1, -1, -1) / settings.memory_items)
        items = np.concatenate((context.bought[recent], context.items))
        return self.lists.of_many(items, np.concatenate((bought, looked)).astype(np.float32), k, allowed)


@dataclass(frozen=True, slots=True)
class AlsoChosen:
    """λ is `regularisation`; a view counts `view` of a purchase; only the `largest` most chosen products take part.

    The inverse costs the cube of the number of products: four thousand take seconds and 64 MB, above that the rest is left to others.
    """

    name: ClassVar[str] = "also_chosen"
    model: ClassVar[type[AlsoChosenModel]] = AlsoChosenModel
    regularisation: float = 30.0
    view: float = 0.3
    largest: int = 4000
    keep: int = 200
    minimum_support: int = 3
    memory_days: float = 120.0
    memory_items: float = 10.0
    last_bought: int = 100

    def fit(self, interactions: Interactions) -> AlsoChosenModel:
        """One inverse over the products that at least `minimum_support` people chose."""
        size = interactions.item_count
        chosen = self._histories(interactions)
        present = (chosen > 0).astype(np.float32)
        bases = np.asarray(present.sum(axis=0)).ravel()
        part = np.flatnonzero(bases >= self.minimum_support).astype(np.int32)
        part = np.sort(part[np.argsort(-bases[part], kind="stable")[: self.largest]])
        weights = self._weights(chosen[:, part])
        scores = _widened(_best_per_row(weights, self.keep), part, size)
        counts = (present.T @ present).tocsr()
        supported = scores.multiply(counts >= self.minimum_support).tocsr()
        lists = nearest(supported, counts, bases.astype(np.int32), self.keep)
        return AlsoChosenModel(self, lists.pointers, lists.neighbours, lists.scores, lists.counts, lists.bases)

    def _histories(self, interactions: Interactions) -> sparse.csr_matrix:
        """People × products: 1 for bought, `view` for only looked at, nothing for brought back."""
        value = np.array([self.view, self.view, 1.0, 0.0], np.float32)[interactions.kind]
        order = np.lexsort((value, interactions.item, interactions.person))
        person, item = interactions.person[order], interactions.item[order]
        last = np.ones(len(order), bool)
        last[:-1] = (np.diff(person) != 0) | (np.diff(item) != 0)
        shape = (len(interactions.person_ids), interactions.item_count)
        found = sparse.csr_matrix((value[order][last], (person[last], item[last])), shape=shape)
        returned = interactions.of_kinds(Kind.RETURN)
        back = sparse.csr_matrix((np.ones(len(returned), np.float32), (returned.person, returned.item)), shape=shape)
        kept = (found - found.multiply(back > 0)).tocsr()
        kept.eliminate_zeros()
        return kept

    def _weights(self, chosen: sparse.csr_matrix) -> npt.NDArray[np.float32]:
        lengths = np.maximum(np.asarray(chosen.sum(axis=1)).ravel(), 1.0)
        normalised = sparse.diags(1.0 / np.sqrt(lengths)) @ chosen
        gram = (normalised.T @ normalised).toarray().astype(np.float32)
        gram[np.diag_indices_from(gram)] += self.regularisation
        inverse = np.linalg.inv(gram)
        weights: npt.NDArray[np.float32] = (-inverse / np.diag(inverse)).astype(np.float32)
        np.fill_diagonal(weights, 0.0)
        return weights


def _best_per_row(weights: npt.NDArray[np.float32], keep: int) -> sparse.csr_matrix:
    if weights.shape[1] > keep:
        threshold = np.partition(weights, weights.shape[1] - keep, axis=1)[:, -keep][:, None]
        weights = np.where(weights >= threshold, weights, 0.0)
    return sparse.csr_matrix(np.maximum(weights, 0.0))


def _widened(part_scores: sparse.csr_matrix, part: IndexArray, size: int) -> sparse.csr_matrix:
    """The same scores over all products."""
    entries = part_scores.tocoo()
    return sparse.csr_matrix((entries.data, (part[entries.row], part[entries.col])), shape=(size, size))
