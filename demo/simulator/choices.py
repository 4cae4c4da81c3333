"""How a shopper picks products: by taste and season first, then by what is like the thing they came for."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from demo.simulator.assortment import Assortment
from demo.simulator.population import Shopper
from demo.simulator.seasons import seasonal_weights
from demo.simulator.tastes import Tastes

# Few people buy the same kettle twice.
OWNED = 0.03
# Within a visit likeness counts more than taste: one compares kettles with kettles.
TASTE_WHILE_COMPARING = 0.35


class Chooser:
    """Draws products for shoppers; holds the only random state it uses from outside."""

    def __init__(self, generator: np.random.Generator, assortment: Assortment, tastes: Tastes) -> None:
        self._generator = generator
        self._assortment = assortment
        self._weights = tastes.weights()
        self._comparing = np.exp(TASTE_WHILE_COMPARING * tastes.utilities)
        self._nearness = np.exp(assortment.likeness)
        self._season = np.ones(len(assortment))

    def begin_day(self, day: date) -> None:
        self._season = seasonal_weights(day, self._assortment.kinds, self._assortment.kind_names)

    def chances(self, shopper: Shopper) -> NDArray[np.float64]:
        """What this shopper wants today by taste alone: one probability per product, summing to 1."""
        weights = self._weights[shopper.number] * self._season
        for product in shopper.owned:
            weights[product] *= OWNED
        chances: NDArray[np.float64] = weights / weights.sum()
        return chances

    def wish(self, shopper: Shopper) -> int:
        """The one product this visit is about."""
        return self._draw(self.chances(shopper))

    def compared(self, shopper: Shopper, wish: int, number: int) -> list[int]:
        """Up to `number` other products looked at on the way to the wish, each once, in the order looked at."""
        weights = self._comparing[shopper.number] * self._nearness[wish]
        weights[wish] = 0.0
        seen: list[int] = []
        for _ in range(number):
            product = self._draw(weights)
            weights[product] = 0.0
            seen.append(product)
        return seen

    def companions(self, product: int) -> list[int]:
        """What else lands in the cart because it goes with `product`."""
        return [each.product for each in self._assortment.companions[product] if self._generator.random() < each.chance]

    def one_of(self, products: Sequence[int]) -> int:
        return products[int(self._generator.integers(len(products)))]

    def _draw(self, weights: NDArray[np.float64]) -> int:
        sums = weights.cumsum()
        return min(int(sums.searchsorted(self._generator.random() * sums[-1], side="right")), len(sums) - 1)
