"""What the shop sells: now, and as of any position of the log."""

from collections.abc import Collection

from core.db import Session
from tracking.catalog import repository
from tracking.catalog.describing import Version
from tracking.catalog.errors import UnknownCursor
from tracking.catalog.reactions import REACTIONS
from tracking.catalog.schemas import CategoryCount, Product, ProductPage

__all__ = [
    "REACTIONS",
    "all_products",
    "as_of",
    "categories",
    "categories_as_of",
    "changed_after",
    "count",
    "now",
    "product",
    "products",
]


def product(session: Session, store_id: int, product_id: str) -> Product | None:
    """The product as it is now; None when nothing was ever said of it."""
    return now(session, store_id, [product_id]).get(product_id)


def now(session: Session, store_id: int, product_ids: Collection[str]) -> dict[str, Product]:
    """These products as they are now; one of which nothing was ever said is absent."""
    found = repository.now(session, store_id, product_ids)
    return {product_id: _product(version) for product_id, version in found.items()}


def as_of(session: Session, store_id: int, product_ids: Collection[str], position: int) -> dict[str, Product]:
    """These products as they were when the log ended at `position` (that row included); unknown then, absent now."""
    found = repository.as_of(session, store_id, product_ids, position)
    return {product_id: _product(version) for product_id, version in found.items()}


def categories_as_of(
    session: Session, store_id: int, product_ids: Collection[str], position: int
) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Of these products the position of their version as of `position`, and its categories; unknown then, absent now."""
    return repository.categories_as_of(session, store_id, product_ids, position)


def products(
    session: Session,
    store_id: int,
    *,
    search: str = "",
    category: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> ProductPage:
    """One page of products by name, deleted ones left out; `search` looks in names and ids. Raises UnknownCursor."""
    after = None if cursor is None else repository.now(session, store_id, [cursor]).get(cursor)
    if cursor is not None and after is None:
        raise UnknownCursor(cursor)
    found = repository.page(session, store_id, search=search.strip(), category=category, after=after, limit=limit + 1)
    items = tuple(_product(version) for version in found[:limit])
    return ProductPage(items=items, next=items[-1].product_id if len(found) > limit else None)


def all_products(session: Session, store_id: int) -> list[Product]:
    """Every product, by id; deleted ones too, with `for_sale` false."""
    return changed_after(session, store_id, 0)


def changed_after(session: Session, store_id: int, position: int) -> list[Product]:
    """Every product whose newest version stands after a position of the log, by id."""
    return [_product(version) for version in repository.every(session, store_id, position)]


def categories(session: Session, store_id: int) -> list[CategoryCount]:
    """Every category with how many products are in it, largest first."""
    return [CategoryCount(category=name, products=number) for name, number in repository.categories(session, store_id)]


def count(session: Session, store_id: int) -> int:
    """How many products the shop has, deleted ones left out."""
    return repository.count(session, store_id)


def _product(version: Version) -> Product:
    return Product(
        product_id=version.product_id,
        name=version.name,
        url=version.url,
        image_url=version.image_url,
        price=version.price,
        currency=version.currency,
        stock=version.stock,
        categories=version.categories,
        attributes=version.attributes,
        for_sale=version.for_sale,
        updated_at=version.updated_at,
        position=version.position,
        variants=version.variants,
        described=version.described,
        deleted=version.deleted,
    )
