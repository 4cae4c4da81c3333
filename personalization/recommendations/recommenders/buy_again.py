"""What somebody buys again and again, offered when it is due."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.clock import DAY
from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, offsets
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import EMPTY, Context, Ranking, rank


@dataclass(frozen=True, slots=True)
class BuyAgainModel:
    """`gap_days`: the usual days between two purchases of a product by one person (0: nobody bought it twice).

    `repeaters` people bought it twice. `lure`: how much likelier than the shop's average product it is bought again by who has it.
    """

    recommender: "BuyAgain"
    gap_days: FloatArray
    repeaters: IndexArray
    lure: FloatArray

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """Own purchases by number of orders; support is that number. What was bought clearly too recently comes later."""
        if not len(context.bought):
            return EMPTY
        items, first, counts = np.unique(context.bought[::-1], return_index=True, return_counts=True)
        count = counts.astype(np.int32)
        age = ((context.now - context.bought_at[::-1][first]) / DAY).astype(np.float32)
        scores = self._scores(items, count, age)
        best, score = rank(items, scores, k, allowed)
        support = count[np.searchsorted(items, best)]
        return Ranking(best, score, support, support, best)

    def finished(self, context: Context) -> IndexArray:
        """Own purchases, made once, of what hardly anybody buys twice: a second kettle is no recommendation, by whatever list."""
        items, counts = np.unique(context.bought, return_counts=True)
        found: IndexArray = items[(counts == 1) & (self.lure[items] < self.recommender.seldom)]
        return found

    def _scores(self, items: IndexArray, count: IndexArray, age: FloatArray) -> FloatArray:
        gap = self.gap_days[items]
        due = np.where(gap > 0, np.minimum(1.0, age / np.maximum(gap * self.recommender.due_share, 1e-6)), 1.0)
        # The latest purchase only breaks ties of the number of orders, hence the small second term.
        fresh = 1.0 / (1.0 + np.maximum(age, 0.0) / 365.0)
        return ((count * (0.5 + 0.5 * due) + 0.5 * fresh) * np.sqrt(self.lure[items])).astype(np.float32)


@dataclass(frozen=True, slots=True)
class BuyAgain:
    """Own purchases by count, weighed by the root of the product's lure; within `due_share` of its usual gap they count up to half.

    The share of buyers who come back for a product is drawn to the shop's own by `prior` imagined buyers. Below `seldom` of the shop's
    share a product is one that people buy once. Chosen on the last month of a simulated shop and of an online retailer.
    """

    name: ClassVar[str] = "buy_again"
    model: ClassVar[type[BuyAgainModel]] = BuyAgainModel
    due_share: float = 0.5
    prior: float = 5.0
    seldom: float = 0.5

    def fit(self, interactions: Interactions) -> BuyAgainModel:
        """Learns the median gap between purchases of one product by one person; needs two people who bought it twice."""
        bought = interactions.of_kinds(Kind.PURCHASE)
        order = np.lexsort((bought.at, bought.person, bought.item))
        item, person, at = bought.item[order], bought.person[order], bought.at[order]
        again = (np.diff(item) == 0) & (np.diff(person) == 0) & (np.diff(at) > 0)
        gaps, of_item, by = (np.diff(at) / DAY)[again], item[1:][again], person[1:][again]
        repeaters = np.unique(np.stack((of_item, by)), axis=1)[0]
        counts = np.bincount(repeaters, minlength=interactions.item_count).astype(np.int32)
        medians = _medians(of_item, gaps, interactions.item_count, counts)
        return BuyAgainModel(self, medians, counts, self._lure(interactions, bought, counts))

    def _lure(self, interactions: Interactions, bought: Interactions, repeaters: IndexArray) -> FloatArray:
        """Of each product the share of its buyers who bought it again, 1 being the shop's; guests cannot be seen to come back."""
        known = interactions.person_ids[bought.person] >= 0
        pairs = np.unique(np.stack((bought.item[known], bought.person[known])), axis=1)
        buyers = np.bincount(pairs[0], minlength=interactions.item_count)
        average = repeaters.sum() / max(buyers.sum(), 1)
        if not average:
            return np.ones(interactions.item_count, np.float32)
        share = (repeaters + self.prior * average) / (buyers + self.prior)
        lure: FloatArray = (share / average).astype(np.float32)
        return lure


def _medians(item: IndexArray, gaps: FloatArray, size: int, repeaters: IndexArray) -> FloatArray:
    order = np.lexsort((gaps, item))
    pointers = offsets(item, size)
    middle = (pointers[:-1] + pointers[1:]) // 2
    medians = np.zeros(size, np.float32)
    known = repeaters >= 2
    medians[known] = gaps[order][middle[known]]
    return medians
