"""Item-to-item lists: for each product its nearest products with scores and the counts behind them."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray, InstantArray, ranges, top
from personalization.recommendations.recommenders.base import EMPTY, Ranking, rank


@dataclass(frozen=True, slots=True)
class NeighbourLists:
    """Row i of products stands at [pointers[i], pointers[i + 1]), best first; `counts` cases together, `bases` cases of product i."""

    pointers: InstantArray
    neighbours: IndexArray
    scores: FloatArray
    counts: IndexArray
    bases: IndexArray

    def of_one(self, item: int, k: int, allowed: BoolArray | None) -> Ranking:
        """The k best permitted neighbours of one product."""
        if not 0 <= item < len(self.bases):
            return EMPTY
        start, end = int(self.pointers[item]), int(self.pointers[item + 1])
        chosen = np.arange(start, end)
        if allowed is not None:
            chosen = chosen[allowed[self.neighbours[start:end]]]
        chosen = chosen[:k]
        base = np.full(len(chosen), self.bases[item], np.int32)
        cause = np.full(len(chosen), item, np.int32)
        return Ranking(self.neighbours[chosen], self.scores[chosen], self.counts[chosen], base, cause)

    def of_many(self, items: IndexArray, weights: FloatArray, k: int, allowed: BoolArray | None) -> Ranking:
        """The k best permitted products by weighted sum over the given ones; the evidence is that of the largest share."""
        known = (items >= 0) & (items < len(self.bases))
        items, weights = items[known], weights[known]
        if len(items) == 1:
            return self.of_one(int(items[0]), k, allowed)
        lengths = (self.pointers[items + 1] - self.pointers[items]).astype(np.int64)
        rows = ranges(self.pointers[items], lengths)
        if not len(rows):
            return EMPTY
        shares = (self.scores[rows] * np.repeat(weights, lengths)).astype(np.float32)
        return self._summed(rows, np.repeat(items, lengths), shares, k, allowed)

    def _summed(
        self, rows: InstantArray, causes: IndexArray, shares: FloatArray, k: int, allowed: BoolArray | None
    ) -> Ranking:
        found = self.neighbours[rows]
        sums = np.bincount(found, shares, minlength=len(self.bases)).astype(np.float32)
        items = np.flatnonzero(sums).astype(np.int32)
        best, scores = rank(items, sums[items], k, allowed)
        strongest = _strongest(found, shares, best, len(self.bases))
        cause = causes[strongest]
        return Ranking(best, scores, self.counts[rows[strongest]], self.bases[cause], cause)


def _strongest(found: IndexArray, shares: FloatArray, best: IndexArray, size: int) -> IndexArray:
    """For each of the best items the entry that gave it most."""
    place = np.full(size, -1, np.int32)
    place[best] = np.arange(len(best), dtype=np.int32)
    entries = np.flatnonzero(place[found] >= 0).astype(np.int32)
    order = np.lexsort((shares[entries], place[found[entries]]))
    ends = np.searchsorted(place[found[entries]][order], np.arange(len(best)), side="right") - 1
    return entries[order[ends]]


def nearest(scores: sparse.csr_matrix, counts: sparse.csr_matrix, bases: IndexArray, keep: int) -> NeighbourLists:
    """The `keep` best entries of each row of a score matrix, with the entry of `counts` at the same place."""
    rows = [_best_of_row(scores, row, keep) for row in range(scores.shape[0])]
    lengths = np.array([len(columns) for columns, _ in rows], np.int64)
    neighbours = np.concatenate([np.zeros(0, np.int32), *(columns for columns, _ in rows)])
    values = np.concatenate([np.zeros(0, np.float32), *(values for _, values in rows)])
    source = np.repeat(np.arange(scores.shape[0]), lengths)
    found = np.asarray(counts[source, neighbours]).ravel() if len(neighbours) else np.zeros(0)
    pointers = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    return NeighbourLists(pointers, neighbours, values, found.astype(np.int32), bases.astype(np.int32))


def _best_of_row(scores: sparse.csr_matrix, row: int, keep: int) -> tuple[IndexArray, FloatArray]:
    start, end = scores.indptr[row], scores.indptr[row + 1]
    columns, values = scores.indices[start:end].astype(np.int32), scores.data[start:end].astype(np.float32)
    inside = (columns != row) & (values > 0)
    columns, values = columns[inside], values[inside]
    order = top(columns, values, keep)
    return columns[order], values[order]
