"""Browsing as Segment calls, in the shape the snippet on Kettle Lane's pages would have sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from core import clock
from demo.catalogue import CURRENCY, Product, slug
from demo.history.money import decimal_text
from demo.simulator.occurrences import Browsed, Line

BATCH = 500

# Calls that no product or shelf places: the path and the title of their page.
PLACES = {
    "Home": ("/shop", "Home"),
    "Cart Viewed": ("/shop/cart", "Your basket"),
    "Checkout Started": ("/shop/checkout", "Checkout"),
    "identify": ("/shop/account", "Your account"),
}
THANKS = "Thank you"
CONSENT_WITHOUT_PERSONALIZATION = {"analytics": True, "personalization": False, "marketing": False}


Key = Literal["api", "write"]


@dataclass(frozen=True, slots=True)
class Batch:
    """A body, how many calls it holds, and which of the store's keys it is sent with."""

    key: Key
    body: bytes
    size: int


class Page(Struct, frozen=True, omit_defaults=True):
    """Where in the shop it happened."""

    url: str
    path: str
    title: str
    referrer: str = ""


class Context(Struct, frozen=True, omit_defaults=True):
    """What the page knew beside the call itself."""

    page: Page
    consent: dict[str, dict[str, bool]] | UnsetType = UNSET


class SegmentCall(Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One item of a `/v1/batch` or `/v1/import` body."""

    type: str
    message_id: str
    timestamp: str
    anonymous_id: str
    context: Context
    user_id: str | UnsetType = UNSET
    event: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    properties: dict[str, Any] | UnsetType = UNSET
    traits: dict[str, Any] | UnsetType = UNSET


class CallWriter:
    """Turns what was browsed into calls; `base_url` is where the shop's pages are, without a slash at the end."""

    def __init__(self, products: Sequence[Product], *, base_url: str) -> None:
        self.products = products
        self.base_url = base_url
        self._facts = [_facts_of(product) for product in products]
        self._links = [self._link_of(product) for product in products]

    def write(self, browsed: Browsed) -> SegmentCall:
        page = self._page(browsed)
        is_track, is_page = browsed.call == "track", browsed.call == "page"
        return SegmentCall(
            type=browsed.call,
            message_id=browsed.message_id,
            timestamp=clock.iso(browsed.at),
            anonymous_id=browsed.anonymous_id,
            user_id=browsed.user_id or UNSET,
            event=browsed.name if is_track else UNSET,
            name=browsed.name if is_page else UNSET,
            properties=self._properties(browsed, page) if is_track or is_page else UNSET,
            traits={} if browsed.call == "identify" else UNSET,
            context=Context(
                page=page,
                consent=UNSET
                if browsed.accepts_personalization
                else {"categoryPreferences": CONSENT_WITHOUT_PERSONALIZATION},
            ),
        )

    def _link_of(self, product: Product) -> dict[str, Any]:
        return {"url": self.base_url + product.url_path, "image_url": self.base_url + product.image_path}

    def _page(self, browsed: Browsed) -> Page:
        path, title = self._place(browsed)
        return Page(url=self.base_url + path, path=path, title=f"{title} · Kettle Lane", referrer=browsed.referrer)

    def _place(self, browsed: Browsed) -> tuple[str, str]:
        if browsed.category is not None:
            return f"/shop/c/{slug(browsed.category)}", browsed.category
        if browsed.name == "Order Completed":
            return f"/shop/thanks/{browsed.order_id}", THANKS
        if browsed.name in PLACES:
            return PLACES[browsed.name]
        product = self.products[browsed.lines[0].product]
        return product.url_path, product.name

    def _properties(self, browsed: Browsed, page: Page) -> dict[str, Any]:
        if browsed.call == "page":
            return {"path": page.path, "title": page.title, "url": page.url}
        if browsed.category is not None:
            return {"list_id": slug(browsed.category), "category": browsed.category}
        if browsed.name == "Product Viewed":
            product = browsed.lines[0].product
            return self._facts[product] | self._links[product] | {"currency": CURRENCY}
        cart = {"cart_id": browsed.message_id.rpartition("-")[0]}
        if browsed.name in ("Product Added", "Product Removed"):
            return self._item(browsed.lines[0]) | {"currency": CURRENCY} | cart
        return cart | self._totals(browsed) | {"products": [self._item(line) for line in browsed.lines]}

    def _item(self, line: Line) -> dict[str, Any]:
        return self._facts[line.product] | {"quantity": line.quantity}

    def _totals(self, browsed: Browsed) -> dict[str, Any]:
        if browsed.order_id is None:
            return {}
        known: dict[str, Any] = {"order_id": browsed.order_id, "currency": CURRENCY}
        if browsed.amounts is None:
            return known | {"value": _number(sum(line.quantity * line.price for line in browsed.lines))}
        amounts = browsed.amounts
        return known | {
            "revenue": _number(amounts.goods - amounts.discount),
            "shipping": _number(amounts.shipping),
            "tax": _number(amounts.tax),
            "discount": _number(amounts.discount),
            "total": _number(amounts.total),
        }


def _number(minor: int) -> float:
    return float(decimal_text(minor))


def _facts_of(product: Product) -> dict[str, Any]:
    return {
        "product_id": product.product_id,
        "name": product.name,
        "category": " / ".join(product.categories),
        "price": float(product.price),
    }


class Batcher:
    """Collects calls into ready-made `/v1/import` bodies, one kind of key at a time.

    What a browser says about an order travels with the browsers' key: the shop's own books confirm it.
    """

    def __init__(self, *, size: int = BATCH) -> None:
        self.batches: list[Batch] = []
        self._size = size
        self._encoder = msgspec.json.Encoder()
        self._waiting: dict[Key, list[bytes]] = {"api": [], "write": []}

    def add(self, call: SegmentCall) -> None:
        key: Key = "write" if call.event == "Order Completed" else "api"
        self._waiting[key].append(self._encoder.encode(call))
        if len(self._waiting[key]) == self._size:
            self._close(key)

    def finish(self) -> tuple[Batch, ...]:
        """All batches, the unfilled ones last."""
        for key in self._waiting:
            self._close(key)
        return tuple(self.batches)

    def _close(self, key: Key) -> None:
        calls, self._waiting[key] = self._waiting[key], []
        if calls:
            self.batches.append(Batch(key, b'{"batch":[' + b",".join(calls) + b"]}", len(calls)))
