"""The home slot as a recommender, so that an evaluation shows what visitors really get beside each list that goes into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.blending import DEPTH, Weights, fused, history_parts, visit_parts
from personalization.recommendations.recommenders.base import Context, Model, Ranking, unexplained

_NONE: IndexArray = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class HomeSlotModel:
    """The models behind the slot. It is not trained or stored itself; its parts are."""

    PARTS: ClassVar[frozenset[str]] = frozenset({"session_neighbours", "also_chosen", "lightfm_hybrid", "buy_again"})
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
