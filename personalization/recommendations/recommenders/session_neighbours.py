"""What people in similar visits did next: nearest neighbours over visits, without training.

After VMIS-kNN (Kersbergen, Sprangers, Schelter: Serenade, SIGMOD 2022) and VSTAN (Ludewig et al. 2021): an inverted index from product
to its m most recent visits; similarity by position-weighted common products; items scored by nearness to the matched position.
"""

import threading
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray, offsets, ranges
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import EMPTY, Context, Ranking, constant, rank
from personalization.recommendations.recommenders.viewed_next import in_visit_order

_scratch = threading.local()


@dataclass(frozen=True, slots=True)
class SessionNeighboursModel:
    """Visits by recency and the inverted index over them.

    Visit v has `visit_items[visit_pointers[v] : visit_pointers[v + 1]]` with `visit_positions`; item i is in the visits
    `postings[posting_pointers[i] : …]`, oldest first, at `posting_positions`. `idf` per item, `visits_with` how many visits have it.
    """

    recommender: "SessionNeighbours"
    visit_pointers: InstantArray
    visit_items: IndexArray
    visit_positions: IndexArray
    posting_pointers: InstantArray
    postings: IndexArray
    posting_positions: IndexArray
    length_norm: FloatArray
    idf: FloatArray
    visits_with: IndexArray

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        """What similar visits went on with; support: how many of the `base` nearest visits have the item."""
        latest = self._latest_distinct(context.touched)
        visits, similarity, matched = self._neighbours(latest)
        if not len(visits):
            return EMPTY
        starts = self.visit_pointers[visits]
        lengths = self.visit_pointers[visits + 1] - starts
        rows = ranges(starts, lengths)
        entries = self.visit_items[rows]
        distance = self.visit_positions[rows] - matched.repeat(lengths)
        shares = similarity.repeat(lengths) * self._nearness(distance) * self.idf[entries]
        items, sums, counts = _sum_by_item(entries, shares)
        if not self.recommender.repeat_last:
            sums[items == latest[0]] = 0
        best, score = rank(items, sums, k, allowed)
        support = counts[items.searchsorted(best)]
        return Ranking(best, score, support, constant(len(best), len(visits)), constant(len(best), latest[0]))

    def _latest_distinct(self, items: IndexArray) -> list[int]:
        latest = dict.fromkeys(items[-self.recommender.last_items :][::-1].tolist())
        return [item for item in latest if item < len(self.idf)]

    def _neighbours(self, latest: list[int]) -> tuple[IndexArray, FloatArray, IndexArray]:
        """The nearest visits, their similarity, and the position in them of the most recent common item."""
        if not latest:
            return self.postings[:0], self.idf[:0], self.postings[:0]
        if len(latest) == 1:
            visits, positions = self._visits_of(latest[0])
            return self._nearest(visits, self.length_norm[visits], positions)
        scratch = scratch_of(len(self.length_norm))
        visits, positions = self._add_up(latest, scratch)
        similarity: FloatArray = scratch[visits] * self.length_norm[visits]
        scratch[visits] = 0
        return self._nearest(visits, similarity, positions)

    def _visits_of(self, item: int) -> tuple[IndexArray, IndexArray]:
        window = slice(self.posting_pointers[item], self.posting_pointers[item + 1])
        return self.postings[window], self.posting_positions[window]

    def _add_up(self, latest: list[int], scratch: FloatArray) -> tuple[IndexArray, IndexArray]:
        """Sum the position weights of each visit into `scratch`; the visits found, and their position of the first item that found them."""
        found, positions = [], []
        for age, item in enumerate(latest):
            visits, places = self._visits_of(item)
            weights = scratch[visits]
            fresh = weights == 0
            # An item names a visit once, so assigning is adding.
            scratch[visits] = weights + np.float32(np.exp(-age / self.recommender.position_fade))
            found.append(visits[fresh])
            positions.append(places[fresh])
        return np.concatenate(found), np.concatenate(positions)

    def _nearest(
        self, visits: IndexArray, similarity: FloatArray, positions: IndexArray
    ) -> tuple[IndexArray, FloatArray, IndexArray]:
        """The k most similar visits, the more recent of equals."""
        spare = len(visits) - self.recommender.neighbours
        if spare <= 0:
            return visits, similarity, positions
        # Visits are numbered by recency: of two that are equally similar the more recent one is nearer.
        best = np.argpartition(similarity.astype(np.float64) + visits * 1e-12, spare)[spare:]
        return visits[best], similarity[best], positions[best]

    def _nearness(self, distance: IndexArray) -> FloatArray:
        """What an item counts by its distance to the matched one, a little less before it than after."""
        settings = self.recommender
        nearness: FloatArray = np.exp(np.abs(distance) * np.float32(-1.0 / settings.distance_fade))
        if settings.before != 1.0:
            nearness[distance < 0] *= np.float32(settings.before)
        return nearness


@dataclass(frozen=True, slots=True)
class SessionNeighbours:
    """The defaults were chosen on validation days of session data, by the sum of MRR@20 and HR@20; they stand on a wide plateau.

    m `recent_visits`, k `neighbours`, the `last_items` of the visit at hand; λ₁ `position_fade`, λ₂ `distance_fade`.

    `length_power`: a visit of n items counts n^−power; `idf_weight`: 1 + weight·ln(visits / visits with the item), 0 turns it off.
    """

    name: ClassVar[str] = "session_neighbours"
    model: ClassVar[type[SessionNeighboursModel]] = SessionNeighboursModel
    recent_visits: int = 1000
    neighbours: int = 200
    last_items: int = 8
    position_fade: float = 1.25
    distance_fade: float = 1.0
    before: float = 1.0
    length_power: float = 0.0
    idf_weight: float = 0.2
    repeat_last: bool = False
    longest_visit: int = 50

    def fit(self, interactions: Interactions) -> SessionNeighboursModel:
        """Builds the two indexes; each visit keeps its newest `longest_visit` distinct items, each item its m newest visits."""
        item, visit, position = self._entries(interactions)
        size, visits = interactions.item_count, int(visit[-1]) + 1 if len(visit) else 0
        lengths = np.bincount(visit, minlength=visits)
        held = np.bincount(item, minlength=size)
        order = np.lexsort((visit, item))
        rank_from_end = offsets(item, size)[1:][item[order]] - np.arange(len(order))
        order = order[rank_from_end <= self.recent_visits]
        return SessionNeighboursModel(
            recommender=self,
            visit_pointers=offsets(visit, visits),
            visit_items=item,
            visit_positions=position,
            posting_pointers=offsets(item[order], size),
            postings=visit[order],
            posting_positions=position[order],
            length_norm=(np.maximum(lengths, 1) ** -self.length_power).astype(np.float32),
            idf=(1 + self.idf_weight * np.log(max(visits, 1) / np.maximum(held, 1))).astype(np.float32),
            visits_with=held.astype(np.int32),
        )

    def _entries(self, interactions: Interactions) -> tuple[IndexArray, IndexArray, IndexArray]:
        """Item, visit by recency and position, visit by visit; visits of one item teach nothing and are left out."""
        touched = interactions.of_kinds(Kind.VIEW, Kind.CART, Kind.PURCHASE)
        ended = np.zeros(int(touched.visit.max()) + 1 if len(touched) else 0, np.int64)
        np.maximum.at(ended, touched.visit, touched.at)
        recency = np.empty(len(ended), np.int32)
        recency[np.argsort(ended, kind="stable")] = np.arange(len(ended), dtype=np.int32)
        item, visit = in_visit_order(touched)
        return _newest_distinct(item, recency[visit], self.longest_visit)


def _newest_distinct(item: IndexArray, visit: IndexArray, longest: int) -> tuple[IndexArray, IndexArray, IndexArray]:
    order = np.argsort(visit, kind="stable")
    item, visit = item[order], visit[order]
    pointers = offsets(visit, int(visit[-1]) + 1 if len(visit) else 0)
    position = (np.arange(len(visit)) - pointers[visit]).astype(np.int32) if len(visit) else item
    # Reversed, the first occurrence of (visit, item) is the last one in time.
    keys = (visit.astype(np.int64) << 32) | item
    kept = np.sort(len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1])
    item, visit, position = item[kept], visit[kept], position[kept]
    lengths = np.bincount(visit) if len(visit) else np.zeros(0, np.int64)
    ends = np.cumsum(lengths)
    near_end = ends[visit] - np.arange(len(visit)) <= longest if len(visit) else np.zeros(0, bool)
    kept = near_end & (lengths[visit] > 1) if len(visit) else near_end
    item, visit, position = item[kept], visit[kept], position[kept]
    visit = np.unique(visit, return_inverse=True)[1].astype(np.int32)
    return item, visit, position


def scratch_of(size: int) -> FloatArray:
    """Zeros to add up in, one array per thread; whoever uses it leaves zeros behind. Making one anew would cost more than the sum."""
    found: FloatArray | None = getattr(_scratch, "array", None)
    if found is None or len(found) < size:
        found = _scratch.array = np.zeros(size, np.float32)
    return found


def _sum_by_item(items: IndexArray, shares: FloatArray) -> tuple[IndexArray, FloatArray, IndexArray]:
    """Each item once, in order of index, with its sum and the number of its entries."""
    # Item and place in one number: sorting numbers is three times as fast as sorting places by their items.
    packed = items.astype(np.int64) << 32 | np.arange(len(items))
    packed.sort()
    found, order = (packed >> 32).astype(np.int32), packed & 0xFFFFFFFF
    starts = np.concatenate(([0], (found[1:] != found[:-1]).nonzero()[0] + 1))
    sums = np.add.reduceat(shares[order], starts)
    counts = np.empty(len(starts), np.int32)
    counts[:-1] = starts[1:] - starts[:-1]
    counts[-1] = len(found) - starts[-1]
    return found[starts], sums, counts
