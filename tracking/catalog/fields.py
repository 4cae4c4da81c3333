"""What conditions may ask about a product: SQL columns beside `PRODUCT`, and the same values in a mapping."""

from typing import Any

from sqlalchemy import and_

from core.conditions import Field, Kind, Members, Money
from tracking.catalog.models import ProductCategoryRow, ProductRow
from tracking.catalog.schemas import Product

# The tables that statements around these fields select from; their keys begin with (store_id, product_id).
PRODUCT = ProductRow.__table__
CATEGORY = ProductCategoryRow.__table__

FIELDS: tuple[Field, ...] = (
    Field(name="product.name", kind=Kind.TEXT, label="name", column=PRODUCT.c.name_folded),
    Field(
        name="product.category",
        kind=Kind.TEXT_SET,
        label="category",
        column=CATEGORY.c.category_folded,
        members=Members(
            source=CATEGORY,
            link=and_(CATEGORY.c.store_id == PRODUCT.c.store_id, CATEGORY.c.product_id == PRODUCT.c.product_id),
        ),
    ),
    Field(
        name="product.price",
        kind=Kind.MONEY,
        label="price",
        column=PRODUCT.c.price,
        currency_column=PRODUCT.c.currency,
    ),
    Field(name="product.stock", kind=Kind.NUMBER, label="stock", unit="pieces", column=PRODUCT.c.stock),
    Field(name="product.deleted", kind=Kind.BOOLEAN, label="taken out of the shop", column=PRODUCT.c.deleted),
)


def values(product: Product) -> dict[str, Any]:
    """What the fields read of a product in process."""
    return {
        "product.name": product.name,
        "product.category": product.categories,
        "product.price": None if product.price is None else Money(product.price, product.currency),
        "product.stock": product.stock,
        "product.deleted": product.deleted,
    }
