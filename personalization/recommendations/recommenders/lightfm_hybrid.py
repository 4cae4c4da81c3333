"""LightFM: factors of products from their ids and what describes them, so that new products and new people have a place.

Kula, "Metadata Embeddings for User and Item Cold-start Recommendations", 2015. The only module that imports `lightfm`. Representations are
taken out with the biases folded into two extra dimensions, so an answer is one matrix product (`predict` is far too slow to serve with).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from lightfm import LightFM
from scipy import sparse

from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, top
from personalization.recommendations.interactions import Interactions
from personalization.recommendations.recommenders.base import EMPTY, Context, Ranking, unexplained


class FactorsNotFinite(ArithmeticError):
    """The fit diverged; the old model stays."""

    def __init__(self) -> None:
        super().__init__("LightFM gave factors that are not finite; lower the learning rate.")


@dataclass(frozen=True, slots=True)
class LightFMHybridModel:
    """`items`: products × (dimensions + 2); the score is their product with somebody's vector.

    The vectors of people are not kept: a newcomer is placed as well, and whoever is erased is in no file.
    """

    recommender: "LightFMHybrid"
    items: FloatArray

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """By the recency-weighted mean of what somebody bought and touched; without counts."""
        touched = np.concatenate((context.bought, context.items))
        if not len(touched):
            return EMPTY
        scores = self.items @ self._person(touched)
        items = np.arange(len(scores), dtype=np.int32)
        if allowed is not None:
            items = np.flatnonzero(allowed[: len(scores)]).astype(np.int32)
        order = top(items, scores[items], k)
        return unexplained(items[order], scores[items[order]])

    def _person(self, touched: IndexArray) -> FloatArray:
        weights = np.exp(-np.arange(len(touched) - 1, -1, -1) / self.recommender.memory_items)
        mean = (weights / weights.sum()) @ self.items[touched]
        # The mean of the products' own biases says nothing about the person; the constant that adds them does.
        mean[-2:] = (0.0, self.recommender.bias_weight)
        vector: FloatArray = mean.astype(np.float32)
        return vector


@dataclass(frozen=True, slots=True)
class LightFMHybrid:
    """WARP over people × products; `threads` > 1 updates without locks, so two fits then differ slightly.

    `word_share` of a product's vector comes from the words that describe it, the rest from its id: more words place new products better
    and known ones worse. `bias_weight` below 1 damps the popularity that LightFM keeps in the item biases.
    """

    name: ClassVar[str] = "lightfm_hybrid"
    model: ClassVar[type[LightFMHybridModel]] = LightFMHybridModel
    dimensions: int = 32
    epochs: int = 12
    learning_rate: float = 0.05
    item_alpha: float = 1e-6
    view: float = 1.0
    cart: float = 2.0
    purchase: float = 4.0
    word_share: float = 0.15
    bias_weight: float = 1.0
    memory_items: float = 10.0
    threads: int = 1
    seed: int = 7

    def fit(self, interactions: Interactions) -> LightFMHybridModel:
        """Refits from nothing; raises FactorsNotFinite instead of answering with NaN."""
        return LightFMHybridModel(self, folded(*self.fitted(interactions), self.bias_weight)[0])

    def fitted(self, interactions: Interactions) -> tuple[LightFM, sparse.csr_matrix]:
        """The library's own model with the item features it was fitted on; raises FactorsNotFinite."""
        matrix, features = self._matrix(interactions), self._features(interactions)
        model = LightFM(
            no_components=self.dimensions,
            loss="warp",
            learning_rate=self.learning_rate,
            item_alpha=self.item_alpha,
            random_state=self.seed,
        )
        present = (matrix > 0).astype(np.float32).tocoo()
        try:
            with np.errstate(invalid="ignore"):
                model.fit(present, None, features, matrix, self.epochs, self.threads)
        except ValueError as error:
            raise FactorsNotFinite from error
        return model, features

    def _matrix(self, interactions: Interactions) -> sparse.coo_matrix:
        """People × products, the strongest kind of interaction, damped: log(1 + Σ weights)."""
        weights = np.array([self.view, self.cart, self.purchase, 0.0], np.float32)[interactions.kind]
        shape = (len(interactions.person_ids), interactions.item_count)
        summed = sparse.csr_matrix((weights, (interactions.person, interactions.item)), shape=shape)
        summed.eliminate_zeros()
        summed.data = np.log1p(summed.data).astype(np.float32)
        return summed.tocoo()

    def _features(self, interactions: Interactions) -> sparse.csr_matrix:
        """Identity beside the describing words, each row summing to one: raw rows make the fit diverge."""
        identity = sparse.identity(interactions.item_count, dtype=np.float32, format="csr")
        if not self.word_share:
            return identity
        words = interactions.products.feature_matrix()
        described = np.asarray(words.sum(axis=1)).ravel()
        share = np.where(described > 0, self.word_share, 0.0).astype(np.float32)
        per_word = sparse.diags(share / np.maximum(described, 1.0).astype(np.float32))
        return sparse.hstack((sparse.diags(1.0 - share) @ identity, per_word @ words), format="csr", dtype=np.float32)


def folded(model: LightFM, features: sparse.csr_matrix, bias_weight: float) -> tuple[FloatArray, FloatArray]:
    """Products and people such that their product is the library's score; raises FactorsNotFinite."""
    item_bias, item_factors = model.get_item_representations(features)
    person_bias, person_factors = model.get_user_representations()
    ones = np.ones
    items = np.hstack((item_factors, ones((len(item_bias), 1)), item_bias[:, None])).astype(np.float32)
    constant = np.full((len(person_bias), 1), bias_weight)
    people = np.hstack((person_factors, person_bias[:, None], constant)).astype(np.float32)
    if not (np.isfinite(items).all() and np.isfinite(people).all()):
        raise FactorsNotFinite
    return items, people
