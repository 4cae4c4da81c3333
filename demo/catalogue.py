"""The catalogue of Kettle Lane: 304 products, the same on every machine, since all of it follows from a seed.

`products()` is what the shop sells and what the simulator of shoppers buys. Nothing here knows Regulars.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from demo.art.design import Design, design
from demo.art.jitter import Jitter
from demo.assortment import ASSORTMENT, GROUPS, Assortment
from demo.naming import alt, candidates

COUNT = 304
CURRENCY = "EUR"


@dataclass(frozen=True)
class Variant:
    """The same thing in another hue. The first variant is the product as pictured."""

    variant_id: str
    colour: str
    image_path: str
    alt: str


@dataclass(frozen=True)
class Product:
    """One product of the shop.

    `categories` goes from the group to the shelf ("Kettles & pots", "Kettles"); `price` includes VAT; `stock` is what lies
    on the shelf before the first order; `lasts_days` is how many days one pack usually lasts, `None` for what is not
    used up; `perishable` things cannot be returned.
    """

    product_id: str
    name: str
    kind: str
    categories: tuple[str, ...]
    price: Decimal
    currency: str
    stock: int
    description: str
    colour: str
    colour_family: str
    pattern: str
    image_path: str
    url_path: str
    variants: tuple[Variant, ...]
    alt: str
    perishable: bool
    lasts_days: int | None

    @property
    def consumable(self) -> bool:
        """Whether it is used up and bought again."""
        return self.lasts_days is not None

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.url_path.rsplit("/", 1)[1]


@cache
def products() -> tuple[Product, ...]:
    """Return all products, in the order of their numbers."""
    taken: set[str] = set()
    made = []
    for index in range(COUNT):
        product = _product(index, taken)
        taken.add(product.name)
        made.append(product)
    return tuple(made)


@cache
def shelves() -> dict[str, tuple[str, ...]]:
    """Return the shelves of each group, both in the order of the shop's navigation."""
    found: dict[str, list[str]] = {group: [] for group in GROUPS}
    for assortment in ASSORTMENT.values():
        found[assortment.group] += [shelf for shelf in assortment.shelves if shelf not in found[assortment.group]]
    return {group: tuple(dict.fromkeys(names)) for group, names in found.items()}


def slug(name: str) -> str:
    """Write a name as it stands in an address: "Kettles & pots" is "kettles-pots"."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("'", "")).strip("-")


def _product(index: int, taken: set[str]) -> Product:
    drawn, row = design(index), index // len(ASSORTMENT)
    assortment = ASSORTMENT[drawn.kind]
    jitter = Jitter(f"{drawn.seed}/{index}/shelf")
    name = next(name for name in candidates(drawn, row) if name not in taken)
    return Product(
        product_id=product_id(index),
        name=name,
        kind=drawn.kind,
        categories=(assortment.group, assortment.shelves[row % len(assortment.shelves)]),
        price=_price(assortment, row, jitter),
        currency=CURRENCY,
        stock=jitter.whole(8, 140),
        description=assortment.texts[row % len(assortment.texts)],
        colour=drawn.colour,
        colour_family=drawn.colour_family,
        pattern=drawn.pattern,
        image_path=image_path(index, 0),
        url_path=f"/shop/p/{slug(name)}",
        variants=_variants(index, assortment),
        alt=alt(drawn),
        perishable=assortment.perishable,
        lasts_days=assortment.lasts_days[row % len(assortment.lasts_days)] if assortment.lasts_days else None,
    )


def product_id(index: int) -> str:
    """Return the article number of an index."""
    return f"KL-{index:04d}"


def image_path(index: int, variant: int) -> str:
    """Return where the shop serves the picture of an index."""
    return f"/shop/art/{index}.svg" if variant == 0 else f"/shop/art/{index}-{variant}.svg"


def _price(assortment: Assortment, row: int, jitter: Jitter) -> Decimal:
    """A whole price or one that ends in .50 or .90; a larger pack costs more, though less per gram."""
    whole = jitter.whole(assortment.lowest, assortment.highest)
    size = row % len(assortment.sizes) if assortment.sizes else 0
    factor = (Decimal(1), Decimal("1.8"), Decimal("3.3"))[size]
    return (whole * factor).quantize(Decimal(1)) + jitter.choose((Decimal("0.00"), Decimal("0.50"), Decimal("0.90")))


def _variants(index: int, assortment: Assortment) -> tuple[Variant, ...]:
    """Colours that would carry the same word are offered once."""
    found: dict[str, Variant] = {}
    for number in range(assortment.colours + 1 if assortment.colours > 1 else 1):
        drawn = design(index, number)
        if drawn.colour not in found:
            found[drawn.colour] = _variant(index, number, drawn)
    return tuple(found.values())


def _variant(index: int, number: int, drawn: Design) -> Variant:
    suffix = "" if number == 0 else f"-{number}"
    return Variant(f"{product_id(index)}{suffix}", drawn.colour, image_path(index, number), alt(drawn))
