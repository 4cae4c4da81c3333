"""The shelves as arrays: what the simulator needs to know of the products, whoever made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

CENTS = Decimal(100)

# What goes together in a kitchen: kind -> the kinds that are bought along with it, and how often.
COMPANIONS: dict[str, tuple[tuple[str, float], ...]] = {
    "kettle": (("pouch", 0.45), ("mug", 0.40)),
    "teapot": (("tin", 0.40), ("mug", 0.30)),
    "pouch": (("tin", 0.10), ("mug", 0.08)),
    "plant": (("vase", 0.20), ("bottle", 0.12)),
    "board": (("towel", 0.25), ("bowl", 0.15)),
    "plate": (("bowl", 0.35),),
    "lamp": (("candle", 0.15),),
    "cushion": (("candle", 0.18), ("towel", 0.08)),
    "jar": (("board", 0.12), ("tin", 0.12)),
}


class Sellable(Protocol):
    """What a product must say about itself to be simulated."""

    @property
    def product_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def categories(self) -> tuple[str, ...]: ...
    @property
    def price(self) -> Decimal: ...
    @property
    def colour_family(self) -> str: ...
    @property
    def pattern(self) -> str: ...
    @property
    def perishable(self) -> bool: ...
    @property
    def lasts_days(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Companion:
    """`product` lands in the same cart with probability `chance`."""

    product: int
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Assortment:
    """Every array has one entry per product, in the order given; `likeness` is (products, products), larger for more alike.

    `lasts_days` is 0 for what is not used up; `perishable` products cannot be returned.
    """

    product_ids: tuple[str, ...]
    categories: tuple[str, ...]
    kinds: NDArray[np.int64]
    colours: NDArray[np.int64]
    patterns: NDArray[np.int64]
    prices: NDArray[np.int64]
    lasts_days: NDArray[np.int64]
    perishable: frozenset[int]
    kind_names: tuple[str, ...]
    likeness: NDArray[np.float64]
    companions: tuple[tuple[Companion, ...], ...]

    def __len__(self) -> int:
        return len(self.product_ids)

    def is_consumable(self, product: int) -> bool:
        return bool(self.lasts_days[product] > 0)


def assortment_of(products: Sequence[Sellable]) -> Assortment:
    """Build the arrays; raises ValueError when there is nothing to sell."""
    if not products:
        raise ValueError("A shop without products cannot be simulated.")
    kinds, kind_names = _codes([product.kind for product in products])
    colours, _ = _codes([product.colour_family for product in products])
    patterns, _ = _codes([product.pattern for product in products])
    prices = np.array([int(product.price * CENTS) for product in products], dtype=np.int64)
    likeness = _likeness(kinds, colours, patterns, prices)
    return Assortment(
        product_ids=tuple(product.product_id for product in products),
        categories=tuple(product.categories[-1] if product.categories else product.kind for product in products),
        kinds=kinds,
        colours=colours,
        patterns=patterns,
        prices=prices,
        lasts_days=np.array([product.lasts_days or 0 for product in products], dtype=np.int64),
        perishable=frozenset(index for index, product in enumerate(products) if product.perishable),
        kind_names=kind_names,
        likeness=likeness,
        companions=_companions(kinds, kind_names, likeness),
    )


def _codes(labels: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    names = sorted(set(labels))
    number = {name: index for index, name in enumerate(names)}
    return np.array([number[label] for label in labels], dtype=np.int64), tuple(names)


def _likeness(
    kinds: NDArray[np.int64], colours: NDArray[np.int64], patterns: NDArray[np.int64], prices: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Log-weights: how near two products stand to each other in a shopper's mind."""
    logs = np.log(prices.astype(np.float64) + 1.0)
    alike: NDArray[np.float64] = (
        2.4 * (kinds[:, None] == kinds[None, :])
        + 1.1 * (colours[:, None] == colours[None, :])
        + 0.8 * (patterns[:, None] == patterns[None, :])
        - 0.6 * np.abs(logs[:, None] - logs[None, :])
    )
    return alike.round(6)


def _companions(
    kinds: NDArray[np.int64], kind_names: tuple[str, ...], likeness: NDArray[np.float64]
) -> tuple[tuple[Companion, ...], ...]:
    """For each product the most alike product of each kind that goes with its kind: always the same, so that bundles can be learnt."""
    return tuple(
        tuple(
            Companion(int(np.flatnonzero(kinds == kind)[likeness[product][kinds == kind].argmax()]), chance)
            for name, chance in COMPANIONS.get(kind_names[kinds[product]], ())
            for kind in [_position(kind_names, name)]
            if kind is not None
        )
        for product in range(len(kinds))
    )


def _position(names: tuple[str, ...], name: str) -> int | None:
    return names.index(name) if name in names else None
