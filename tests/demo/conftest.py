"""One small year and one whole year, each simulated once."""

import pytest

from demo.catalogue import products
from demo.simulator.occurrences import Occurrence
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from tests.demo.years import END, SMALL


@pytest.fixture(scope="session")
def small_year() -> list[Occurrence]:
    return list(Simulation(SMALL, products()).occurrences())


@pytest.fixture(scope="session")
def whole_year() -> list[Occurrence]:
    return list(Simulation(SimulatorSettings(end=END), products()).occurrences())
