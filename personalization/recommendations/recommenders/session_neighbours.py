"""What people in similar visits did next: nearest neighbours over visits, without training.

After VMIS-kNN (Kersbergen, Sprangers, Schelter: Serenade, SIGMOD 2022) and VSTAN (Ludewig et al. 2021): an inverted index from product
to its m most recent visits; similarity by position-weighted common products; items scored by nearness to the matched position.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray, offsets, ranges
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.base import EMPTY, Context, Ranking, rank
from personalization.recommendations.recommenders.viewed_next import in_visit_order


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
        lengths = self.visit_pointers[visits + 1] - self.visit_pointers[visits]
        rows = ranges(self.visit_pointers[visits], lengths)
        scores = self._shares(rows, np.repeat(similarity, lengths), np.repeat(matched, lengths))
        items, sums, counts = _sum_by_item(self.visit_items[rows], scores)
        if not self.recommender.repeat_last:
            sums[items == latest[0]] = 0
        best, score = rank(items, sums, k, allowed)
        support = counts[np.searchsorted(items, best)]
        base = np.full(len(best), len(visits), np.int32)
        return Ranking(best, score, support, base, np.full(len(best), latest[0], np.int32))

    def _latest_distinct(self, items: IndexArray) -> list[int]:
        latest = dict.fromkeys(items[-self.recommender.last_items :][::-1].tolist())
        return [item for item in latest if item < len(self.idf)]

    def _neighbours(self, latest: list[int]) -> tuple[IndexArray, FloatArray, IndexArray]:
        """The nearest visits, their similarity, and the position in them of the most recent common item."""
        settings = self.recommender
        visits, positions, weights = [], [], []
        for age, item in enumerate(latest):
            start, end = self.posting_pointers[item], self.posting_pointers[item + 1]
            visits.append(self.postings[start:end])
            positions.append(self.posting_positions[start:end])
            weights.append(np.full(end - start, np.exp(-age / settings.position_fade), np.float32))
        if not visits:
            return self.postings[:0], self.idf[:0], self.postings[:0]
        if len(visits) == 1:
            return self._nearest(visits[0], weights[0], positions[0])
        return self._nearest(*_sum_by_visit(np.concatenate(visits), np.concatenate(weights), np.concatenate(positions)))

    def _nearest(
        self, visits: IndexArray, weights: FloatArray, positions: IndexArray
    ) -> tuple[IndexArray, FloatArray, IndexArray]:
        """Of the m most recent visits the k most similar, the more recent of equals."""
        settings = self.recommender
        newest = slice(-settings.recent_visits, None)
        visits, positions = visits[newest], positions[newest]
        similarity: FloatArray = weights[newest] * self.length_norm[visits]
        if len(visits) > settings.neighbours:
            # Visits are numbered by recency: of two that are equally similar the more recent one is nearer.
            keyed = similarity.astype(np.float64) + visits * 1e-12
            best = np.argpartition(keyed, len(keyed) - settings.neighbours)[-settings.neighbours :]
            return visits[best], similarity[best], positions[best]
        return visits, similarity, positions

    def _shares(self, rows: InstantArray, similarity: FloatArray, matched: IndexArray) -> FloatArray:
        settings = self.recommender
        distance = self.visit_positions[rows] - matched
        fade = np.exp(np.abs(distance) * np.float32(-1.0 / settings.distance_fade))
        fade *= np.where(distance < 0, np.float32(settings.before), np.float32(1.0))
        shares: FloatArray = similarity * fade * self.idf[self.visit_items[rows]]
        return shares


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


def _sum_by_visit(
    visits: IndexArray, weights: FloatArray, positions: IndexArray
) -> tuple[IndexArray, FloatArray, IndexArray]:
    """Sums of the weights per visit, and the position of each visit's heaviest entry."""
    order = np.argsort(visits, kind="stable")
    found = visits[order]
    first = np.flatnonzero(np.append(True, found[1:] != found[:-1]))
    sums = np.add.reduceat(weights[order], first)
    # Entries were appended from the most recent item on, so the first of each visit is the heaviest.
    return found[first], sums, positions[order[first]]


def _sum_by_item(items: IndexArray, scores: FloatArray) -> tuple[IndexArray, FloatArray, IndexArray]:
    order = np.argsort(items, kind="stable")
    found = items[order]
    first = np.flatnonzero(np.append(True, found[1:] != found[:-1]))
    sums = np.add.reduceat(scores[order], first).astype(np.float32)
    counts = np.diff(np.append(first, len(found))).astype(np.int32)
    return found[first], sums, counts
