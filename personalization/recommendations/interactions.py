"""What people did with products, as arrays: the one input of every recommender."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from personalization.recommendations.arrays import AnyArray, BoolArray, IndexArray, InstantArray
from personalization.recommendations.products import Products

VISIT_IDLE = 30 * 60 * 1000


class Kind(IntEnum):
    """What was done, from the weakest sign of interest to the strongest; a return takes interest back."""

    VIEW = 0
    CART = 1
    PURCHASE = 2
    RETURN = 3


@dataclass(frozen=True, slots=True)
class Interactions:
    """One row per interaction, oldest first.

    `person` and `item` index `person_ids` and `products.ids`; `at` is in milliseconds; `visit` numbers the visits of all people.
    A negative person id is a guest: known for one order only, so it teaches item-to-item but nobody is ever asked about it.
    """

    person: IndexArray
    item: IndexArray
    kind: npt.NDArray[np.int8]
    at: InstantArray
    visit: IndexArray
    person_ids: InstantArray
    products: Products

    def __len__(self) -> int:
        return len(self.item)

    @property
    def item_count(self) -> int:
        """Number of products, also those nobody touched."""
        return len(self.products.ids)

    def where(self, mask: BoolArray) -> "Interactions":
        """The rows of the mask, with the same vocabularies."""
        return replace(
            self,
            person=self.person[mask],
            item=self.item[mask],
            kind=self.kind[mask],
            at=self.at[mask],
            visit=self.visit[mask],
        )

    def of_kinds(self, *kinds: Kind) -> "Interactions":
        """Only the rows of these kinds."""
        return self.where(np.isin(self.kind, np.array(kinds, np.int8)))

    def between(self, start: int, end: int) -> "Interactions":
        """The rows with start < at <= end."""
        return self.where((self.at > start) & (self.at <= end))

    def checksum(self) -> str:
        """Sixteen hex digits that change when any row or any product id changes."""
        digest = hashlib.blake2b(digest_size=8)
        for array in (self.person_ids[self.person], self.item, self.kind, self.at):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update("\x00".join(self.products.ids).encode())
        return digest.hexdigest()


def from_arrays(
    *,
    people: npt.NDArray[np.int64],
    items: Sequence[str] | npt.NDArray[np.str_],
    kinds: npt.NDArray[np.int8],
    at: npt.NDArray[np.int64],
    visits: AnyArray | None = None,
    products: Products | None = None,
) -> Interactions:
    """Interactions of parallel columns in any order; visits are cut at 30 minutes idle unless they are given.

    Without products the vocabulary is the items that occur; with products, rows of unknown items are left out.
    """
    names = np.asarray(items, dtype=np.str_)
    if products is None:
        vocabulary, item = np.unique(names, return_inverse=True)
        products = Products.bare(tuple(str(name) for name in vocabulary))
    else:
        item = _positions(names, products.ids)
    kept = np.flatnonzero(item >= 0)
    order = kept[np.argsort(at[kept], kind="stable")]
    person_ids, numbers = np.unique(people[order], return_inverse=True)
    person = numbers.astype(np.int32)
    instants = at[order].astype(np.int64)
    visit = cut_visits(person, instants) if visits is None else _numbered(visits[order])
    return Interactions(
        person, item[order].astype(np.int32), kinds[order].astype(np.int8), instants, visit, person_ids, products
    )


def cut_visits(person: IndexArray, at: InstantArray, idle: int = VISIT_IDLE) -> IndexArray:
    """Number of the visit of each row: a new one for another person or after more than `idle` milliseconds."""
    order = np.lexsort((at, person))
    begins = np.ones(len(order), bool)
    begins[1:] = (np.diff(person[order]) != 0) | (np.diff(at[order]) > idle)
    visit = np.empty(len(order), np.int32)
    visit[order] = np.cumsum(begins) - 1
    return visit


def _positions(names: npt.NDArray[np.str_], vocabulary: Sequence[str]) -> npt.NDArray[np.int64]:
    index = {name: position for position, name in enumerate(vocabulary)}
    return np.fromiter((index.get(str(name), -1) for name in names), np.int64, len(names))


def _numbered(keys: AnyArray) -> IndexArray:
    return np.unique(keys, return_inverse=True)[1].astype(np.int32)
