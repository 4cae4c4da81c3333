"""How a document, or a browser's view, changes what is known of a product: pure."""

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET

from core import money
from core.clock import Instant
from core.log import Event, UnreadableBody
from tracking.catalog.errors import UnreadableProduct
from tracking.catalog.schemas import Amount, ProductDocument, Variant, VariantDocument

LONGEST_ID = 255
_LONGEST_NAME = 400
_LONGEST_URL = 2_000
_LONGEST_CATEGORY = 200
_LARGEST_STOCK = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What is known of a product from a position on."""

    product_id: str
    described: bool = False
    name: str
    url: str | None = None
    image_url: str | None = None
    price: int | None = None
    currency: str
    stock: int | None = None
    categories: tuple[str, ...] = ()
    attributes: dict[str, Any] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    deleted: bool = False
    updated_at: Instant = 0
    position: int = 0

    @property
    def for_sale(self) -> bool:
        """Not deleted, and not counted down to nothing; where variants are counted, one in stock is enough."""
        counted = [variant.stock for variant in self.variants if variant.stock is not None]
        in_stock = self.stock > 0 if self.stock is not None else not counted or any(stock > 0 for stock in counted)
        return in_stock and not self.deleted


class _Properties(msgspec.Struct):
    product_id: Any = None
    sku: Any = None
    name: Any = None
    url: Any = None
    image_url: Any = None
    price: Any = None
    currency: Any = None
    category: Any = None


class _View(msgspec.Struct):
    properties: _Properties = msgspec.field(default_factory=_Properties)


def product_of(event: Event) -> str | None:
    """The product an event is about, None when it names none that can be kept. Raises UnreadableBody."""
    if event.name == "product received":
        found = event.read(_Named).product_id
        if not _is_id(found):
            raise UnreadableProduct(found, f"an id is empty or longer than {LONGEST_ID} characters")
        return found
    viewed = _viewed(event)
    found = _text(viewed.product_id, LONGEST_ID + 1) or _text(viewed.sku, LONGEST_ID + 1)
    return found if found and _is_id(found) else None


def received(event: Event, known: Version, currency: str) -> Version:
    """The product after a document of the shop. Raises UnreadableProduct or UnreadableBody."""
    document = event.read(ProductDocument)
    base = known if known.described else Version(product_id=known.product_id, name=known.product_id, currency=currency)
    changes: dict[str, Any] = {"described": True, "deleted": document.deleted}
    if document.currency is not UNSET:
        changes["currency"] = _currency(document.currency, document.product_id) if document.currency else currency
    in_currency = changes.get("currency", base.currency)
    if document.price is not UNSET:
        changes["price"] = _price(document.price, in_currency, document.product_id)
    elif in_currency != base.currency:
        changes["price"] = None  # the old figure means nothing in another currency
    if document.stock is not UNSET:
        changes["stock"] = _stock(document.stock, document.product_id)
    if document.categories is not UNSET:
        changes["categories"] = _categories(document.categories or [])
    if document.variants is not UNSET:
        changes["variants"] = tuple(_variant(one, in_currency) for one in document.variants or ())
    return replace(base, **changes, **_plain(document))


def viewed(event: Event, known: Version, trusted_origins: frozenset[str]) -> Version:
    """The product after somebody viewed it: fills what a product that the shop never described is shown with.

    A browser's word is worth little: an address outside the shop's own origins, where it has named any, is left out.
    """
    properties = _viewed(event)
    currency = _text(properties.currency, 4).upper() or known.currency
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        currency = known.currency
    category = _text(properties.category, _LONGEST_CATEGORY)
    url = _url(properties.url)
    return replace(
        known,
        name=_text(properties.name, _LONGEST_NAME) or known.name,
        url=url if url and _is_from(url, trusted_origins) else known.url,
        image_url=_url(properties.image_url) or known.image_url,
        categories=(category,) if category else known.categories,
        **_told_price(properties.price, currency, known),
    )


class _Named(msgspec.Struct):
    product_id: str


def _viewed(event: Event) -> _Properties:
    try:
        return event.read(_View).properties
    except UnreadableBody:
        return _Properties()  # a browser may send anything; the event stays in the log


def _plain(document: ProductDocument) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if document.name is not UNSET:
        changes["name"] = _text(document.name, _LONGEST_NAME) or document.product_id
    if document.url is not UNSET:
        changes["url"] = _url(document.url)
    if document.image_url is not UNSET:
        changes["image_url"] = _url(document.image_url)
    if document.attributes is not UNSET:
        changes["attributes"] = _clean(document.attributes or {})
    return changes


def _variant(document: VariantDocument, currency: str) -> Variant:
    if not _is_id(document.variant_id):
        raise UnreadableProduct(document.variant_id, "a variant's id is empty or too long")
    return Variant(
        variant_id=document.variant_id,
        name=_text(document.name, _LONGEST_NAME) or None,
        price=_price(document.price, currency, document.variant_id),
        stock=_stock(document.stock, document.variant_id),
        image_url=_url(document.image_url),
        attributes=_clean(document.attributes),
    )


def _price(value: Amount, currency: str, product_id: str) -> int | None:
    if value is None:
        return None
    try:
        price = money.to_minor(value, currency)
    except money.UnreadableAmount as error:
        raise UnreadableProduct(product_id, str(error).rstrip(".")) from error
    if price < 0:
        raise UnreadableProduct(product_id, f"the price {value} is below zero")
    return price


def _told_price(value: object, currency: str, known: Version) -> dict[str, Any]:
    try:
        price = None if value is None else money.to_minor(str(value), currency)
    except money.UnreadableAmount:
        price = None
    return {} if price is None or price < 0 else {"price": price, "currency": currency}


def _currency(text: str, product_id: str) -> str:
    currency = text.strip().upper()
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise UnreadableProduct(product_id, f"“{text[:20]}” is not an ISO 4217 currency such as EUR")
    return currency


def _stock(value: int | None, product_id: str) -> int | None:
    if value is not None and abs(value) > _LARGEST_STOCK:
        raise UnreadableProduct(product_id, f"the stock {value} is not a number of pieces")
    return value


def _categories(named: list[str]) -> tuple[str, ...]:
    cleaned = (_text(name, _LONGEST_CATEGORY) for name in named)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _url(value: object) -> str | None:
    """A web address or a path; a script in a link would run in the shop's own page."""
    text = _text(value, _LONGEST_URL + 1)
    if not text or len(text) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_path = not parts.scheme and not parts.netloc and text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if is_path or (parts.scheme in ("http", "https") and parts.netloc) else None


def _is_from(url: str, origins: frozenset[str]) -> bool:
    parts = urlsplit(url)
    return not origins or not parts.netloc or f"{parts.scheme}://{parts.netloc}" in origins


def _is_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_ID and "\0" not in text


def _text(value: object, longest: int) -> str:
    """A text or number as clean text, cut; anything else is empty."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\0", "").strip()[:longest]


def _clean(value: Any) -> Any:
    """JSON without NUL, which PostgreSQL cannot hold."""
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_clean(one) for one in value]
        case dict():
            return {_clean(name): _clean(one) for name, one in value.items()}
        case _:
            return value
