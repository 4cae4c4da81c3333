"""What decides a simulated year, and nothing else does."""

from dataclasses import dataclass
from typing import Self

# Of the people who ever come, 48 in a hundred buy.
_BUYERS_IN_A_HUNDRED = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorSettings:
    """One simulated stretch of time; equal settings and equal products give equal bytes.

    `end` is the last instant in milliseconds since 1970 UTC (nothing happens at or after it). The stretch begins at the local midnight
    that lies `days` days before it. `buyers` all buy at least once; `passers_by` look around, leave no name, and buy nothing.
    """

    end: int
    seed: int = 20
    days: int = 365
    buyers: int = 2_400
    passers_by: int = 2_600
    time_zone: str = "Europe/Berlin"
    currency: str = "EUR"

    @classmethod
    def of_people(cls, people: int, *, end: int) -> Self:
        """The year that ends at `end` with this many people, buyers and passers-by in the usual proportion."""
        buyers = people * _BUYERS_IN_A_HUNDRED // 100
        return cls(end=end, buyers=buyers, passers_by=people - buyers)

    def __post_init__(self) -> None:
        if self.days < 1 or self.buyers < 1 or self.passers_by < 0:
            raise ValueError("A simulation needs at least one day, one buyer and no negative number of passers-by.")
