"""The product document (spine: `product received`, generic topic `product.updated`) and what other parts see."""

from dataclasses import dataclass
from typing import Any

import msgspec

from core.clock import Instant


class VariantDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A variant of a product: what differs from the product is given."""

    variant_id: str
    name: str | None = None
    price: str | float | int | None = None
    stock: int | None = None
    image_url: str | None = None
    attributes: dict[str, Any] = {}


class ProductDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A product; amounts are decimal strings, `stock` None means the shop does not count it."""

    v: int = 1
    product_id: str
    name: str | None = None
    url: str | None = None
    image_url: str | None = None
    price: str | float | int | None = None
    currency: str | None = None
    stock: int | None = None
    categories: list[str] = []
    attributes: dict[str, Any] = {}
    variants: list[VariantDocument] = []
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product as it is now."""

    product_id: str
    name: str
    url: str | None
    image_url: str | None
    price: int | None  # minor units
    currency: str
    stock: int | None
    categories: tuple[str, ...]
    attributes: dict[str, Any]
    for_sale: bool
    updated_at: Instant
    position: int
