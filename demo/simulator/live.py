"""Visits that begin now: the same people with the same tastes, one visit at a time, and nobody buys."""

from collections.abc import Sequence

import numpy as np

from core.clock import Instant
from demo.simulator.assortment import Sellable
from demo.simulator.choices import Chooser
from demo.simulator.occurrences import Browsed
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from demo.simulator.visits import Plan, VisitTeller

SHARE_OF_BUYERS = 0.45


class LiveVisits:
    """Draws visits for ever; `settings` are those of the year before, so that its people come back.

    `seed` decides who comes: another one each time, or the same people would come after each start.
    """

    def __init__(self, settings: SimulatorSettings, products: Sequence[Sellable], *, seed: int) -> None:
        simulation = Simulation(settings, products)
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._chooser = Chooser(self._generator, simulation.assortment, simulation.tastes)
        self._chooser.begin_day(simulation.date_of(settings.days))
        self._teller = VisitTeller(self._generator, simulation.assortment, self._chooser)
        self._population = simulation.population
        self._seed = seed
        self._visits = 0

    def begin(self, started_at: Instant) -> tuple[Browsed, ...]:
        """The calls of a visit that begins at `started_at`; all but the first lie in the future."""
        self._visits += 1
        visit_id = f"live-{self._seed:x}-{self._visits:x}"
        plan = Plan(shopper=self._population.shoppers[self._somebody()], buys=False)
        return self._teller.tell(plan, visit_id=visit_id, order_id="", started_at=started_at).calls

    def pause(self, visits_per_second: float) -> float:
        """Seconds until the next visit begins (a Poisson process)."""
        return float(self._generator.exponential(1.0 / visits_per_second))

    def _somebody(self) -> int:
        buyers, everybody = self._population.buyers, len(self._population.shoppers)
        if self._generator.random() < SHARE_OF_BUYERS or everybody == buyers:
            return int(self._generator.integers(buyers))
        return int(self._generator.integers(buyers, everybody))
