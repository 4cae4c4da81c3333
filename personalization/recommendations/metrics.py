"""How good a ranking is, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from personalization.recommendations.arrays import IndexArray

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Quality:
    """The four measures of one ranking cut at k against the items that turned out right."""

    hit: float
    ndcg: float
    reciprocal_rank: float
    recall: float


def quality(ranked: IndexArray, truth: IndexArray, k: int) -> Quality:
    """HR, NDCG, MRR and recall at k. NDCG has the standard discount 1/log2(rank + 1), against min(k, n) ideal hits.

    >>> quality(np.array([7, 3, 9], np.int32), np.array([3], np.int32), 3)
    Quality(hit=1.0, ndcg=0.6309297535714575, reciprocal_rank=0.5, recall=1.0)
    """
    hits = np.flatnonzero(np.isin(ranked[:k], truth)) + 1
    if not len(hits):
        return Quality(0.0, 0.0, 0.0, 0.0)
    gain = float((1 / np.log2(hits + 1)).sum())
    ideal = float((1 / np.log2(np.arange(1, min(k, len(truth)) + 1) + 1)).sum())
    return Quality(1.0, gain / ideal, 1.0 / int(hits[0]), len(hits) / len(truth))


def bootstrap_interval(
    values: Values, groups: npt.NDArray[np.integer], *, draws: int = 500, seed: int = 11
) -> tuple[float, float]:
    """95 % interval of the mean by resampling whole groups (people or visits): the rows of one group are not independent."""
    if not len(values):
        return (0.0, 0.0)
    numbers = np.unique(groups, return_inverse=True)[1]
    sums = np.bincount(numbers, values)
    sizes = np.bincount(numbers)
    chosen = np.random.default_rng(seed).integers(0, len(sums), (draws, len(sums)))
    means = sums[chosen].sum(axis=1) / sizes[chosen].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return (float(low), float(high))


def gini(shown: npt.NDArray[np.integer], item_count: int) -> float:
    """How unevenly the products share what was shown: 0 all alike, near 1 a few get everything."""
    counts = np.sort(np.bincount(shown, minlength=item_count))
    total = counts.sum()
    if not total:
        return 0.0
    ranks = np.arange(1, item_count + 1)
    return float((2 * ranks - item_count - 1) @ counts / (item_count * total))
