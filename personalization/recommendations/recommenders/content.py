"""What is described alike: cosine over TF-IDF of categories, attributes and title words. Grows by one product at a time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from personalization.recommendations.arrays import FloatArray, IndexArray, top
from personalization.recommendations.products import Products

Neighbours = tuple[IndexArray, FloatArray]


@dataclass
class ContentIndex:
    """Words of every product and products of every word; `put` costs O(words), so a new product has neighbours at once.

    Only the `rarest` words of the asked product are followed, which bounds the work where a word describes half the catalog.
    """

    rarest: int = 12
    _words: list[tuple[str, ...]] = field(default_factory=list)
    _holders: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, products: Products) -> "ContentIndex":
        """The index of these products, in their order."""
        index = cls()
        for number, words in enumerate(products.words):
            index.put(number, words)
        return index

    def put(self, item: int, words: Sequence[str]) -> None:
        """Say what describes the product; replaces what was said before."""
        self._words.extend([()] * (item + 1 - len(self._words)))
        for word in self._words[item]:
            self._holders[word].remove(item)
        self._words[item] = tuple(dict.fromkeys(words))
        for word in self._words[item]:
            self._holders.setdefault(word, []).append(item)

    def nearest(self, item: int, k: int) -> Neighbours:
        """The k products most alike, best first, without the product itself; empty when nothing describes it."""
        scores: dict[int, float] = {}
        for word, weight in self._telling_words(item):
            for other in self._holders[word]:
                scores[other] = scores.get(other, 0.0) + weight
        scores.pop(item, None)
        items = np.fromiter(scores, np.int32, len(scores))
        cosine = np.fromiter((value / self._norm(other) for other, value in scores.items()), np.float32, len(scores))
        order = top(items, cosine, k)
        return items[order], cosine[order]

    def _telling_words(self, item: int) -> list[tuple[str, float]]:
        if item >= len(self._words):
            return []
        weighted = [(word, self._idf(word) ** 2) for word in self._words[item]]
        return sorted(weighted, key=lambda pair: (-pair[1], pair[0]))[: self.rarest]

    def _idf(self, word: str) -> float:
        return math.log(1 + len(self._words) / len(self._holders[word]))

    def _norm(self, item: int) -> float:
        return math.sqrt(sum(self._idf(word) ** 2 for word in self._words[item]))


class CachedContent:
    """The answers of a content index, remembered until it changes."""

    def __init__(self, index: ContentIndex, size: int = 4096) -> None:
        self._index = index
        self._nearest = lru_cache(maxsize=size)(index.nearest)

    def put(self, item: int, words: Sequence[str]) -> None:
        """As `ContentIndex.put`; forgets the remembered answers."""
        self._index.put(item, words)
        self._nearest.cache_clear()

    def nearest(self, item: int, k: int) -> Neighbours:
        """As `ContentIndex.nearest`."""
        return self._nearest(item, k)
