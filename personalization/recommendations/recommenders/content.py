"""What is described alike: likeness by the rare words in common. Grows by one product at a time."""

import math
from array import array
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from personalization.recommendations.arrays import FloatArray, IndexArray, top
from personalization.recommendations.products import Products

Neighbours = tuple[IndexArray, FloatArray]

# A word that describes more products than this says little and would cost much.
_COMMONEST = 1000
_RAREST_WORDS = 12
_REMEMBERED = 4096


class ContentIndex:
    """Words of every product and products of every word; `put` costs O(words), so a new product has neighbours at once.

    Likeness = Σ ln(1 + products / products with the word)² over common words / √(words of the other product): TF-IDF cosine with
    the length counted in words, which stays true while the catalog grows.
    """

    def __init__(self) -> None:
        self._words: list[tuple[str, ...]] = []
        self._lengths = array("f")
        self._holders: dict[str, array[int]] = {}
        self._answers: OrderedDict[tuple[int, int, int], Neighbours] = OrderedDict()
        self.changes = 0

    @classmethod
    def of(cls, products: Products) -> "ContentIndex":
        """The index of these products, in their order."""
        index = cls()
        for number, words in enumerate(products.words):
            index.put(number, words)
        return index

    def put(self, item: int, words: Sequence[str]) -> None:
        """Say what describes the product; replaces what was said before."""
        named = tuple(dict.fromkeys(words))
        if item < len(self._words) and self._words[item] == named:
            return
        missing = item + 1 - len(self._words)
        self._words.extend([()] * missing)
        self._lengths.extend([1.0] * missing)
        for word in self._words[item]:
            self._holders[word].remove(item)
        for word in named:
            self._holders.setdefault(word, array("i")).append(item)
        self._words[item] = named
        self._lengths[item] = math.sqrt(max(len(named), 1))
        self.changes += 1

    def nearest(self, item: int, k: int) -> Neighbours:
        """The k products most alike, best first, without the product itself; empty when nothing tells it from others."""
        asked = (item, k, self.changes)
        found = self._answers.get(asked)
        if found is None:
            found = self._answers[asked] = self._nearest(item, k)
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return found

    def _nearest(self, item: int, k: int) -> Neighbours:
        telling = self._telling_words(item)
        if not telling:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        holders = [np.array(self._holders[word], np.int32) for word, _ in telling]
        weights = np.repeat([weight for _, weight in telling], [len(one) for one in holders])
        items, places = np.unique(np.concatenate(holders), return_inverse=True)
        scores = np.bincount(places, weights).astype(np.float32)
        others = items != item
        items, scores = items[others], scores[others]
        likeness = scores / np.array(self._lengths, np.float32)[items]
        order = top(items, likeness, k)
        return items[order], likeness[order]

    def _telling_words(self, item: int) -> list[tuple[str, float]]:
        words = self._words[item] if item < len(self._words) else ()
        weighted = [(word, self._weight(word)) for word in words if len(self._holders[word]) <= _COMMONEST]
        return sorted(weighted, key=lambda pair: (-pair[1], pair[0]))[:_RAREST_WORDS]

    def _weight(self, word: str) -> float:
        return math.log(1 + len(self._words) / len(self._holders[word])) ** 2
