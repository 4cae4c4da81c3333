"""The home slot as a recommender, so that an evaluation shows what visitors really get beside each list that goes into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.blending import DEPTH, Weights, fused, history_parts, visit_parts
from personalization.recommendations.interactions import Interactions
from personalization.recommendations.recommenders.also_chosen import AlsoChosen
from personalization.recommendations.recommenders.base import Context, Model, Ranking, unexplained
from personalization.recommendations.recommenders.buy_again import BuyAgain
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours

_NONE: IndexArray = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class HomeSlotModel:
    """The models behind the slot."""

    weights: Weights
    models: Mapping[str, Model]

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """The blend over the context: with purchases it is a history, without them a visit that goes on."""
        if len(context.bought):
            parts = history_parts(self.models, context, _NONE, self.weights, 1.0)
        else:
            parts = visit_parts(self.models, context, self.weights)
        found = [item for item in fused(parts, DEPTH + k).items if allowed is None or allowed[item]][:k]
        scores = 1.0 / (1.0 + np.arange(len(found)))
        return unexplained(np.array(found, np.int32), scores.astype(np.float32))


@dataclass(frozen=True, slots=True)
class HomeSlot:
    """Fits what the slot needs. It is not trained or stored itself; its lists are."""

    name: ClassVar[str] = "home_slot"
    model: ClassVar[type[HomeSlotModel]] = HomeSlotModel
    weights: Weights = field(default_factory=Weights)

    def fit(self, interactions: Interactions) -> HomeSlotModel:
        """The same models as a training fits."""
        parts = (SessionNeighbours(), AlsoChosen(), LightFMHybrid(), BuyAgain())
        return HomeSlotModel(self.weights, {one.name: one.fit(interactions) for one in parts})
