"""When the simulated years of the tests end, and how large the small one is."""

from core import clock
from demo.simulator.settings import SimulatorSettings

END = clock.parse("2026-11-24T14:00:00+01:00")
SMALL = SimulatorSettings(end=END, buyers=220, passers_by=300)
