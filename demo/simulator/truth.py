"""What nobody but the simulator knows: what each shopper truly wants next, and how well anybody could guess it.

A hit is the recommended product being the one the next order is about (its first line). Since the chances are known, hit rates
are expectations, not samples: hit rate@k = mean over people of the sum of p(product) over the k products recommended.
"""

from collections.abc import Mapping, Sequence
from math import erfc, exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from demo.simulator.population import Shopper
from demo.simulator.simulation import CHANCE_OF_RESUMING, GAP_SPREAD, RESUMED_WITHIN_DAYS, Simulation
from demo.simulator.visits import CONVERSION_WHEN_RESUMED

Probabilities = NDArray[np.float64]


class Truth:
    """The true state of a simulation at the day it has reached; it reads and never moves the simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._assortment = simulation.assortment
        self._by_user = {
            shopper.user_id: shopper
            for shopper in simulation.population.shoppers[: simulation.settings.buyers]
            if shopper.user_id is not None
        }

    @property
    def product_ids(self) -> tuple[str, ...]:
        """What each position of the arrays stands for."""
        return self._assortment.product_ids

    def people(self) -> list[str]:
        """The user ids of those with an account who bought before and have not lost interest."""
        return [
            user_id
            for user_id, shopper in self._by_user.items()
            if shopper.orders > 0 and shopper.leaves_on > self._simulation.day
        ]

    def true_scores(self, user_id: str) -> NDArray[np.float64]:
        """Utility of every product to this person, in log-odds; raises KeyError for somebody unknown."""
        scores: NDArray[np.float64] = self._simulation.tastes.utilities[self._by_user[user_id].number].copy()
        return scores

    def next_purchase(self, user_id: str) -> Probabilities:
        """Chance of each product to be what this person's next order is about; sums to 1.

        Three things compete: consumables at home that run out, a cart that was left, and a wish out of taste and season.
        """
        shopper = self._by_user[user_id]
        chances = np.zeros(len(self._assortment))
        left = 1.0
        for product, chance in self._restocks(shopper):
            chances[product] += left * chance
            left *= 1.0 - chance
        if shopper.abandoned is not None:
            chance = left * self._resumes(shopper, shopper.abandoned[1])
            chances[shopper.abandoned[0]] += chance
            left -= chance
        wishes: Probabilities = chances + left * self._simulation.chooser.chances(shopper)
        return wishes

    def best_possible(self, user_id: str, k: int) -> list[str]:
        """The k products nobody could choose better, best first."""
        order = np.argsort(-self.next_purchase(user_id), kind="stable")[:k]
        return [self._assortment.product_ids[product] for product in order]

    def popular(self, k: int) -> list[str]:
        """The k products sold most until now, best first."""
        order = np.argsort(-self._simulation.units_sold, kind="stable")[:k]
        return [self._assortment.product_ids[product] for product in order]

    def hit_rate(self, recommended: Mapping[str, Sequence[str]]) -> float:
        """Expected hit rate of one list of product ids per user id, whoever made the lists; a product counts once."""
        position = {product_id: index for index, product_id in enumerate(self._assortment.product_ids)}
        sums = [
            sum(self.next_purchase(user_id)[position[product_id]] for product_id in set(products))
            for user_id, products in recommended.items()
        ]
        return float(np.mean(sums)) if sums else 0.0

    def best_possible_hit_rate(self, k: int) -> float:
        return self.hit_rate({user_id: self.best_possible(user_id, k) for user_id in self.people()})

    def popularity_hit_rate(self, k: int) -> float:
        return self.hit_rate({user_id: self.popular(k) for user_id in self.people()})

    def _restocks(self, shopper: Shopper) -> list[tuple[int, float]]:
        """Consumables in the order in which they run out, each with its chance to come before an order out of taste."""
        day = self._simulation.day
        pace = float(self._simulation.population.visit_rates[shopper.number]) * shopper.conversion
        restocks = []
        for product, (bought_on, usual) in shopper.at_home.items():
            days_left = max(0.0, bought_on + usual - day)
            chance = _still_comes(shopper.habit, elapsed=day - bought_on, usual=usual) * exp(-pace * days_left)
            restocks.append((days_left, product, chance))
        return [(product, chance) for _days_left, product, chance in sorted(restocks)]

    def _resumes(self, shopper: Shopper, left_on: int) -> float:
        """Chance that the next order is the abandoned cart: first come back in time, then take it up, then buy."""
        rate = float(self._simulation.population.visit_rates[shopper.number])
        comes_back = 1.0 - exp(-rate * max(0, left_on + RESUMED_WITHIN_DAYS - self._simulation.day))
        return comes_back * CHANCE_OF_RESUMING * CONVERSION_WHEN_RESUMED


def _still_comes(habit: float, *, elapsed: float, usual: float) -> float:
    """Chance that a restock is still to come, given that none came in `elapsed` days (Bayes over a log-normal gap)."""
    if elapsed <= 0:
        return habit
    later = 0.5 * erfc(log(elapsed / usual) / (GAP_SPREAD * sqrt(2.0)))
    return habit * later / (1.0 - habit + habit * later)
