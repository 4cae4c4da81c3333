"""Types of the arrays that cross this part, and the few operations on them that numpy lacks."""

import numpy as np
import numpy.typing as npt

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
IndexArray = npt.NDArray[np.int32]
InstantArray = npt.NDArray[np.int64]
AnyArray = npt.NDArray[np.generic]

_GOLDEN = np.uint32(2654435761)


def tie_order(items: npt.NDArray[np.integer]) -> npt.NDArray[np.uint32]:
    """A fixed pseudo-random order of items (Knuth's multiplicative hash), so that equal scores favour nobody.

    >>> [int(x) for x in tie_order(np.array([0, 1, 2]))]
    [0, 2654435761, 1013904226]
    """
    return items.astype(np.uint32) * _GOLDEN


def top(items: IndexArray, scores: FloatArray, k: int) -> IndexArray:
    """Positions of the k best scores, best first; equal scores in `tie_order`.

    >>> [int(x) for x in top(np.array([4, 5, 6], np.int32), np.array([.1, .9, .5], np.float32), 2)]
    [1, 2]
    """
    if len(scores) > 4 * k:
        ordered = scores.copy()
        ordered.partition(len(scores) - k)
        # Every score equal to the k-th stays in, or the order of the input would decide between ties.
        chosen = (scores >= ordered[len(scores) - k]).nonzero()[0]
        order = np.lexsort((tie_order(items[chosen]), -scores[chosen]))[:k]
        best: IndexArray = chosen[order].astype(np.int32)
        return best
    return np.lexsort((tie_order(items), -scores))[:k].astype(np.int32)


def first_allowed(order: IndexArray, allowed: BoolArray | None, k: int) -> IndexArray:
    """The first k of an order that are allowed, without looking at more of a long order than needed.

    >>> [int(x) for x in first_allowed(np.array([2, 0, 1], np.int32), np.array([True, True, False]), 1)]
    [0]
    """
    if allowed is None:
        return order[:k]
    head = order[: 4 * k]
    found: IndexArray = head[allowed[head]][:k]
    if len(found) < k and len(head) < len(order):
        found = order[allowed[order]][:k]
    return found


def ranges(starts: npt.NDArray[np.integer], lengths: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """The concatenation of start, start+1, … for each start, as long as its length says.

    >>> [int(x) for x in ranges(np.array([5, 9]), np.array([2, 3]))]
    [5, 6, 9, 10, 11]
    """
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    rows: InstantArray = (starts - ends + lengths).repeat(lengths)
    rows += np.arange(total)
    return rows


def offsets(keys: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.int64]:
    """Row pointers of entries sorted by key: entries of key i stand at [offsets[i], offsets[i + 1])."""
    counts = np.bincount(keys, minlength=size)
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
