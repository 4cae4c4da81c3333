"""One small year and one whole year, each simulated once."""

import pytest

from core import clock
from demo.catalogue import products
from demo.simulator.occurrences import Occurrence
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation

END = clock.parse("2026-11-24T14:00:00+01:00")
SMALL = SimulatorSettings(end=END, buyers=220, passers_by=300)


@pytest.fixture(scope="session")
def small_year() -> list[Occurrence]:
    return list(Simulation(SMALL, products()).occurrences())


@pytest.fixture(scope="session")
def whole_year() -> list[Occurrence]:
    return list(Simulation(SimulatorSettings(end=END), products()).occurrences())
