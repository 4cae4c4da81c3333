"""Finding products: by number, by address, by shelf, and by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from demo.catalogue import Product, Variant, products, shelves, slug
from demo.shop.errors import NotFound

Thing = TypeVar("Thing")

SORTS = {"shelf": "As on the shelf", "cheap": "Price, low to high", "dear": "Price, high to low", "name": "Name"}


@dataclass(frozen=True)
class Department:
    """A group or one of its shelves: what a category page shows. `shelf` is `None` for a whole group."""

    group: str
    shelf: str | None

    @property
    def name(self) -> str:
        """The heading of its page."""
        return self.shelf or self.group

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/shop/c/{slug(self.name)}"

    def products(self) -> tuple[Product, ...]:
        """Return what stands here."""
        wanted = {self.group, self.shelf} - {None}
        return tuple(product for product in products() if wanted <= set(product.categories))


def product_at(address: str) -> Product:
    """Return the product with this slug.

    Raises:
        NotFound: there is none.
    """
    return _found(_by_slug().get(address), "There is no product at this address.")


def product_of_variant(variant_id: str) -> tuple[Product, Variant]:
    """Return a variant and the product it belongs to; a product's own number is its first variant.

    Raises:
        NotFound: there is none.
    """
    return _found(_by_variant().get(variant_id), "There is no product with this number.")


@cache
def departments() -> tuple[Department, ...]:
    """Return all groups, each followed by its shelves."""
    found = []
    for group, names in shelves().items():
        found += [Department(group, None), *(Department(group, name) for name in names)]
    return tuple(found)


def department_at(address: str) -> Department:
    """Return the group or shelf with this slug.

    Raises:
        NotFound: there is none.
    """
    return _found({slug(one.name): one for one in departments()}.get(address), "There is no shelf at this address.")


def in_order(found: Sequence[Product], sort: str) -> list[Product]:
    """Sort products by one of `SORTS`; an unknown sort leaves them as they stand."""
    if sort in {"cheap", "dear"}:
        return sorted(found, key=lambda product: product.price, reverse=sort == "dear")
    return sorted(found, key=lambda product: product.name) if sort == "name" else list(found)


def search(query: str) -> list[Product]:
    """Return products that have every word of the query, best first: words in the name weigh most."""
    words = _words(query)
    if not words:
        return []
    scored = [(score, product) for product in products() if (score := _score(product, words))]
    return [product for _, product in sorted(scored, key=lambda pair: -pair[0])]


def _score(product: Product, words: list[str]) -> int:
    colours = [variant.colour for variant in product.variants]
    places = (
        (8, _words(product.name)),
        (4, _words(" ".join((*product.categories, product.kind, product.colour, product.colour_family)))),
        (1, _words(" ".join((product.description, product.pattern, *colours)))),
    )
    total = 0
    for word in words:
        best = max((weight for weight, found in places if any(one.startswith(word) for one in found)), default=0)
        if not best:
            return 0
        total += best
    return total


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


@cache
def _by_slug() -> dict[str, Product]:
    return {product.slug: product for product in products()}


@cache
def _by_variant() -> dict[str, tuple[Product, Variant]]:
    return {variant.variant_id: (product, variant) for product in products() for variant in product.variants}


def _found(thing: Thing | None, sentence: str) -> Thing:
    if thing is None:
        raise NotFound(sentence)
    return thing
