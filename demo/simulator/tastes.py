"""What each shopper truly likes: a latent vector over kind, colour and pattern, and how much a price hurts.

Utility of product j for person i (a multinomial logit, McFadden 1974):
    u_ij = kind_i[kind_j] + colour_i[colour_j] + pattern_i[pattern_j] - sensitivity_i (ln price_j - ideal_ik)^2 + quality_j
where k is the kind of j. People of one persona share the means, so that what others bought says something about a person.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.simulator.assortment import Assortment

PERSONAS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Tastes:
    """`utilities` is (people, products); `personas` says whose mean each person varies."""

    utilities: NDArray[np.float64]
    personas: NDArray[np.int64]

    def weights(self) -> NDArray[np.float64]:
        """exp(utility): what the chance of a choice is proportional to."""
        scale: NDArray[np.float64] = np.exp(self.utilities)
        return scale


def draw_tastes(generator: np.random.Generator, assortment: Assortment, people: int) -> Tastes:
    """Give `people` shoppers their tastes; rounded, so that no machine's last bit decides a choice."""
    personas = generator.integers(PERSONAS, size=people)
    utilities = (
        _likings(generator, personas, assortment.kinds, strength=2.3, own=0.9)
        + _likings(generator, personas, assortment.colours, strength=0.9, own=0.7)
        + _likings(generator, personas, assortment.patterns, strength=0.8, own=0.6)
        - _price_pain(generator, personas, assortment)
        + generator.normal(0.0, 0.25, len(assortment))[None, :]
    )
    return Tastes(utilities=utilities.round(6), personas=personas)


def _likings(
    generator: np.random.Generator,
    personas: NDArray[np.int64],
    codes: NDArray[np.int64],
    *,
    strength: float,
    own: float,
) -> NDArray[np.float64]:
    """Liking of each product's code: the persona's mean plus the person's own part, both in units of log-odds."""
    labels = int(codes.max()) + 1
    means = generator.normal(0.0, strength, (PERSONAS, labels))
    personal = means[personas] + generator.normal(0.0, own, (len(personas), labels))
    return personal[:, codes]


def _price_pain(
    generator: np.random.Generator, personas: NDArray[np.int64], assortment: Assortment
) -> NDArray[np.float64]:
    """Prices are compared within a kind: a person looks for the cheap, the middle or the dear end of it."""
    logs = np.log(assortment.prices.astype(np.float64))
    middles = np.array([np.median(logs[assortment.kinds == kind]) for kind in range(len(assortment.kind_names))])
    sensitivity = generator.gamma(2.0, 0.9, len(personas))
    ideal = generator.normal(0.0, 0.25, PERSONAS)[personas] + generator.normal(0.0, 0.15, len(personas))
    distance = (logs - middles[assortment.kinds])[None, :] - ideal[:, None]
    pain: NDArray[np.float64] = sensitivity[:, None] * distance**2
    return pain
