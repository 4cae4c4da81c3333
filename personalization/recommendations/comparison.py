"""Whether one model is worse than another on the same questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.evaluation import Question
from personalization.recommendations.metrics import bootstrap_interval, quality
from personalization.recommendations.recommenders.base import Context, Model, Ranking


@dataclass(frozen=True, slots=True)
class Difference:
    """New minus old NDCG over the same questions, with the 95 % interval of the paired difference."""

    recommender: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Translated:
    """A model of other products behind the same questions: indexes are translated in and out, unknown products left out."""

    model: Model
    inward: IndexArray
    outward: IndexArray

    @classmethod
    def between(cls, model: Model, own_ids: Sequence[str], asked_ids: Sequence[str]) -> "Translated":
        """For a model over `own_ids` that is asked in terms of `asked_ids`."""
        own = {product_id: index for index, product_id in enumerate(own_ids)}
        asked = {product_id: index for index, product_id in enumerate(asked_ids)}
        inward = np.array([own.get(product_id, -1) for product_id in asked_ids], np.int32)
        outward = np.array([asked.get(product_id, -1) for product_id in own_ids], np.int32)
        return cls(model, inward, outward)

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """As the model would answer, in terms of the asking side; a person's row is not carried over."""
        permitted = self.outward >= 0
        if allowed is not None:
            permitted &= allowed[self.outward]
        found = self.model.recommend(self._inward(context), k, permitted)
        return replace(found, items=self.outward[found.items])

    def _inward(self, context: Context) -> Context:
        items, bought = self.inward[context.items], self.inward[context.bought]
        known = bought >= 0
        return Context(
            context.now, items[items >= 0], bought[known], context.bought_at[known], category=context.category
        )


def difference(
    name: str, new: Model, old: Model, questions: Sequence[Question], *, k: int, item_count: int
) -> Difference:
    """The paired difference of NDCG@k, resampled over people and visits."""
    gaps = _ndcg(new, questions, k, item_count) - _ndcg(old, questions, k, item_count)
    low, high = bootstrap_interval(gaps, np.array([question.group for question in questions], np.int64))
    return Difference(name, float(gaps.mean()) if len(gaps) else 0.0, low, high)


def _ndcg(model: Model, questions: Sequence[Question], k: int, item_count: int) -> npt.NDArray[np.float64]:
    allowed = np.ones(item_count, bool)
    values = np.zeros(len(questions))
    for number, asked in enumerate(questions):
        allowed[asked.excluded] = False
        values[number] = quality(model.recommend(asked.context, k, allowed).items, asked.truth, k).ndcg
        allowed[asked.excluded] = True
    return values
