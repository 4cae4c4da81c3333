"""What conditions may ask about a person's orders: figures over all of them, and the orders one by one."""

from sqlalchemy import and_

from core.conditions import ChildSet, Field, Kind, Registry
from tracking.orders.models import OrderRow, PersonOrdersRow
from tracking.people.fields import PERSON

_figures = PersonOrdersRow.__table__
_order = OrderRow.__table__

PERSON_FIELDS: tuple[Field, ...] = (
    Field(
        name="orders.count", kind=Kind.NUMBER, label="number of orders", column=_figures.c.order_count, unit="orders"
    ),
    Field(name="orders.first_at", kind=Kind.INSTANT, label="first order", column=_figures.c.first_order_at),
    Field(name="orders.last_at", kind=Kind.INSTANT, label="last order", column=_figures.c.last_order_at),
    Field(
        name="orders.spent",
        kind=Kind.MONEY,
        label="spent in all",
        column=_figures.c.total_minor,
        currency_column=_figures.c.currency,
    ),
    Field(
        name="orders.refunds",
        kind=Kind.NUMBER,
        label="number of refunds",
        column=_figures.c.refund_count,
        unit="refunds",
    ),
)

_ORDER = Registry.of(
    "an order",
    (
        Field(name="total", kind=Kind.MONEY, label="total", column=_order.c.total, currency_column=_order.c.currency),
        Field(
            name="goods",
            kind=Kind.MONEY,
            label="value of the goods",
            column=_order.c.goods,
            currency_column=_order.c.currency,
        ),
        Field(
            name="refunded",
            kind=Kind.MONEY,
            label="given back",
            column=_order.c.refunded,
            currency_column=_order.c.currency,
        ),
        Field(name="placed_at", kind=Kind.INSTANT, label="placed", column=_order.c.placed_at),
    ),
)

PERSON_CHILD_SETS: tuple[ChildSet, ...] = (
    ChildSet(
        name="orders",
        label="orders",
        registry=_ORDER,
        source=_order,
        # Only what the shop has confirmed counts; a browser's word and a cancelled order do not.
        link=and_(
            _order.c.store_id == PERSON.c.store_id,
            _order.c.person_id == PERSON.c.person_id,
            _order.c.status == "placed",
        ),
        at=_order.c.placed_at,
        read_at=lambda row: row["placed_at"],
    ),
)
