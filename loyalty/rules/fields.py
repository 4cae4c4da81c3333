"""What a rule's condition may ask about an order and its buyer.

The rows are facts of the log, so the SQL columns are only their names: a rule is evaluated in process, as of a position.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import column, table, true

from core.conditions import Field, Kind, Members, Money, Registry
from tracking.orders.schemas import OrderPlaced

_order = table(
    "order_placed", column("goods"), column("total"), column("currency"), column("country"), column("pieces")
)
_category = table("order_category", column("category"))
_segment = table("order_segment", column("segment"))

ORDER = Registry.of(
    "an order",
    (
        Field(
            name="order.goods",
            kind=Kind.MONEY,
            label="value of the goods",
            column=_order.c.goods,
            currency_column=_order.c.currency,
        ),
        Field(
            name="order.total", kind=Kind.MONEY, label="total", column=_order.c.total, currency_column=_order.c.currency
        ),
        Field(name="order.pieces", kind=Kind.NUMBER, label="number of pieces", column=_order.c.pieces, unit="pieces"),
        Field(name="order.country", kind=Kind.TEXT, label="country of delivery", column=_order.c.country),
        Field(
            name="order.categories",
            kind=Kind.TEXT_SET,
            label="categories",
            column=_category.c.category,
            members=Members(source=_category, link=true()),
        ),
        Field(
            name="person.segments",
            kind=Kind.TEXT_SET,
            label="segment of the buyer",
            column=_segment.c.segment,
            members=Members(source=_segment, link=true()),
        ),
    ),
)


def row(order: OrderPlaced, segments: Collection[str]) -> dict[str, Any]:
    """An order as conditions read it; `segments` are the names of those its buyer was in at the order's position."""
    return {
        "order.goods": Money(order.goods, order.currency),
        "order.total": Money(order.total, order.currency),
        "order.pieces": sum(line.quantity for line in order.lines),
        "order.country": order.country,
        "order.categories": {category for line in order.lines for category in line.categories},
        "person.segments": set(segments),
    }
