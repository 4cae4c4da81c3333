"""The product document (spine: `product received`, generic topic `product.updated`) and what other parts see."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from core.clock import Instant

Amount: TypeAlias = str | float | int | None


class VariantDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A variant of a product: what differs from the product is given."""

    variant_id: str
    name: str | None = None
    price: Amount = None
    stock: int | None = None
    image_url: str | None = None
    attributes: dict[str, Any] = {}


class ProductDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A product; amounts are decimal strings in major units, `stock` null means the shop does not count it.

    What a document leaves out stays as it was; what it gives as null is taken away.
    """

    v: int = 1
    product_id: str
    name: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    image_url: str | UnsetType | None = UNSET
    price: Amount | UnsetType = UNSET
    currency: str | UnsetType | None = UNSET
    stock: int | UnsetType | None = UNSET
    categories: list[str] | UnsetType | None = UNSET
    attributes: dict[str, Any] | UnsetType | None = UNSET
    variants: list[VariantDocument] | UnsetType | None = UNSET
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A variant of a product; price in minor units of the product's currency, None: as the product."""

    variant_id: str
    name: str | None
    price: int | None
    stock: int | None
    image_url: str | None
    attributes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product as it is now, or as it was at a position. `described` is false while only browsers have told of it."""

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
    variants: tuple[Variant, ...] = ()
    described: bool = True
    deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class ProductPage:
    """One page of products; `next` is the cursor of the page after it, None on the last one."""

    items: tuple[Product, ...] = field(default=())
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class CategoryCount:
    """A category and how many products are in it now."""

    category: str
    products: int
