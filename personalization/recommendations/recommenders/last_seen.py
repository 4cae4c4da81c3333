"""The baseline that hands back what was just looked at, newest first: also the slot "continue where you left"."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.interactions import Interactions
from personalization.recommendations.recommenders.base import Context, Ranking, permitted, unexplained


@dataclass(frozen=True, slots=True)
class LastSeenModel:
    """Remembers nothing but how many products there are."""

    recommender: "LastSeen"
    items: IndexArray

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """The context's own items, each once, newest first."""
        newest = np.array(list(dict.fromkeys(context.items[::-1].tolist())), np.int32)
        newest = newest[permitted(newest, allowed)][:k]
        scores = (1.0 / (1 + np.arange(len(newest)))).astype(np.float32)
        return unexplained(newest, scores)


@dataclass(frozen=True, slots=True)
class LastSeen:
    """No settings: there is nothing to learn."""

    name: ClassVar[str] = "last_seen"
    model: ClassVar[type[LastSeenModel]] = LastSeenModel

    def fit(self, interactions: Interactions) -> LastSeenModel:
        """A model of these products."""
        return LastSeenModel(self, np.arange(interactions.item_count, dtype=np.int32))
