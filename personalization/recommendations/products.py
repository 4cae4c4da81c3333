"""The products as recommenders see them: ids, the category each belongs to first, and words that describe them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from personalization.recommendations.arrays import IndexArray

UNKNOWN_CATEGORY = -1


@dataclass(frozen=True)
class Products:
    """Parallel to `ids`: `titles`, `category` into `categories` (-1: none), and `words`, the describing terms of each product."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    category: IndexArray
    categories: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]

    @classmethod
    def bare(cls, ids: Sequence[str]) -> "Products":
        """Products of which nothing but the id is known."""
        none = np.full(len(ids), UNKNOWN_CATEGORY, np.int32)
        return cls(tuple(ids), tuple(ids), none, (), ((),) * len(ids))

    @classmethod
    def described(cls, rows: Iterable[tuple[str, str, Sequence[str], Sequence[str]]]) -> "Products":
        """Products of (id, title, categories with the most telling first, words)."""
        entries = list(rows)
        names = {name: number for number, name in enumerate(sorted({c[0] for _, _, c, _ in entries if c}))}
        category = [names[c[0]] if c else UNKNOWN_CATEGORY for _, _, c, _ in entries]
        words = tuple(tuple(dict.fromkeys((*c, *w))) for _, _, c, w in entries)
        ids, titles = tuple(i for i, _, _, _ in entries), tuple(t for _, t, _, _ in entries)
        return cls(ids, titles, np.array(category, np.int32), tuple(names), words)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Index of each product id."""
        return {product_id: index for index, product_id in enumerate(self.ids)}

    def feature_matrix(self) -> sparse.csr_matrix:
        """Products × words, 1 where the word describes the product; a word that describes one product only is left out."""
        index: dict[str, int] = {}
        rows = [[index.setdefault(word, len(index)) for word in words] for words in self.words]
        pointers = np.cumsum([0, *(len(row) for row in rows)])
        columns = np.array([column for row in rows for column in row], np.int32)
        shape = (len(self.ids), len(index))
        matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, pointers), shape=shape)
        shared = np.flatnonzero(np.asarray((matrix > 0).sum(axis=0)).ravel() > 1)
        return matrix[:, shared]
