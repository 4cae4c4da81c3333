"""A store's products in memory, as arrays and finished texts: what serving reads instead of the database.

The first products are those of the model in its order, so that an index means the same to both; later ones follow and are found by
what describes them until the next training.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core import money
from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.products import Products
from personalization.recommendations.recommenders.content import ContentIndex
from tracking.catalog.schemas import Product

_WORD = re.compile(r"[^\W\d_]{3,}", re.UNICODE)
_LARGEST_TEXT = 40
_NONE: IndexArray = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Card:
    """How a product is shown."""

    title: str
    url: str | None
    image_url: str | None
    price: str | None
    currency: str


class Shelf:
    """Products by index; `put` is O(words of the product). Reading is safe while another thread puts."""

    def __init__(self, product_ids: Sequence[str] = (), titles: Sequence[str] = ()) -> None:
        self.ids: list[str] = list(product_ids)
        self.position = {product_id: index for index, product_id in enumerate(self.ids)}
        self.cards: list[Card] = [Card(title, None, None, None, "") for title in titles or product_ids]
        self.content = ContentIndex()
        self.category_names: list[str] = []
        self.changes = 0
        self._category_index: dict[str, int] = {}
        self._of_category: dict[int, IndexArray] = {}
        self._permitted: BoolArray | None = None
        self._available = np.zeros(max(len(self.ids), 64), bool)
        self._category = np.full(len(self._available), -1, np.int32)
        self._described = np.zeros(len(self._available), bool)
        self._gone = np.zeros(len(self._available), bool)

    def __len__(self) -> int:
        return len(self.ids)

    def put(self, products: Iterable[Product]) -> None:
        """Take in products as they are now."""
        for product in products:
            index = self.position.get(product.product_id)
            if index is None:
                index = self._new(product.product_id)
            self._describe(index, product)
        self._permitted = None
        self._of_category = {}
        self.changes += 1

    def allowed(self) -> BoolArray:
        """A fresh mask of what may be answered: for sale and in stock.

        Where the shop describes its products, what only browsers or old orders tell of is left out; where it never described one,
        that is all there is.
        """
        if self._permitted is None or len(self._permitted) != len(self.ids):
            size = len(self.ids)
            described = self._described[:size]
            self._permitted = self._available[:size] & described if described.any() else ~self._gone[:size]
        return self._permitted.copy()

    def category(self, index: int) -> int:
        """The category of a product, -1 for none: of those it is in the last named, shops list from the group to the shelf."""
        return int(self._category[index])

    def of_category(self, category: int) -> IndexArray:
        """The products whose category it is."""
        found = self._of_category.get(category)
        if found is None:
            found = (self._category[: len(self.ids)] == category).nonzero()[0].astype(np.int32)
            self._of_category[category] = found
        return found

    def indexes(self, product_ids: Iterable[str]) -> IndexArray:
        """Indexes of the products that are known, in the given order."""
        found = [self.position[one] for one in product_ids if one in self.position]
        return np.array(found, np.int32) if found else _NONE

    def _new(self, product_id: str) -> int:
        index = len(self.ids)
        if index == len(self._available):
            none = np.zeros(index, bool)
            self._available = np.concatenate((self._available, none))
            self._described = np.concatenate((self._described, none))
            self._gone = np.concatenate((self._gone, none))
            self._category = np.concatenate((self._category, np.full(index, -1, np.int32)))
        # The list grows last: a reader that sees the index finds everything else in place.
        self.cards.append(Card(product_id, None, None, None, ""))
        self.ids.append(product_id)
        self.position[product_id] = index
        return index

    def _describe(self, index: int, product: Product) -> None:
        price = None if product.price is None else str(money.to_decimal(product.price, product.currency))
        self.cards[index] = Card(product.name, product.url, product.image_url, price, product.currency)
        self._category[index] = self._category_number(product.categories)
        self.content.put(index, words_of(product))
        self._available[index] = product.for_sale
        self._gone[index] = not product.for_sale
        self._described[index] = product.described

    def _category_number(self, categories: Sequence[str]) -> int:
        if not categories:
            return -1
        number = self._category_index.setdefault(categories[-1], len(self.category_names))
        if number == len(self.category_names):
            self.category_names.append(categories[-1])
        return number


def words_of(product: Product) -> tuple[str, ...]:
    """What describes a product: categories, attributes as name and value, and the words of its name."""
    categories = (f"category:{name}" for name in product.categories)
    attributes = (
        f"{name}:{value}"[:_LARGEST_TEXT].lower()
        for name, given in product.attributes.items()
        for value in (given if isinstance(given, list) else [given])
        if isinstance(value, str | int | float | bool)
    )
    return tuple(dict.fromkeys((*categories, *attributes, *_words(product.name))))


def as_products(catalog: Iterable[Product], told: Mapping[str, str]) -> Products:
    """The catalog as the recommenders see it, with what only history tells of (id → title) behind it."""
    rows = [(one.product_id, one.name, one.categories[-1:], words_of(one)) for one in catalog]
    known = {row[0] for row in rows}
    rows.extend((one, title, (), _words(title)) for one, title in told.items() if one not in known)
    return Products.described(rows)


def _words(title: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(title)))
