"""Placing an order: lines, stock, parcel and reports, all in one transaction or not at all."""

import sqlite3

from demo import carrier
from demo.shop import carts, orders, reports, stock
from demo.shop.carts import Cart
from demo.shop.delivery_promise import promise
from demo.shop.orders import Buyer, Order
from demo.shop.settings import ShopSettings


def place(
    connection: sqlite3.Connection,
    settings: ShopSettings,
    *,
    session_id: str,
    cart: Cart,
    buyer: Buyer,
    user_id: str | None,
    anonymous_id: str | None,
) -> Order:
    """Turn a basket into an order.

    Raises:
        OutOfStock: less is left than the basket holds; nothing has changed then.
    """
    now = settings.clock()
    order = orders.insert(
        connection,
        buyer=buyer,
        user_id=user_id,
        anonymous_id=anonymous_id,
        lines=cart.lines,
        shipping=cart.shipping,
        placed_at=now,
        promised_at=promise(now).promised_at,
    )
    reports.order(connection, order, settings)
    _take_from_stock(connection, cart, order, settings)
    carrier.book(connection, order.order_id, step_seconds=settings.carrier_step_seconds, now=now)
    carts.empty(connection, session_id)
    return order


def _take_from_stock(connection: sqlite3.Connection, cart: Cart, order: Order, settings: ShopSettings) -> None:
    left = {}
    for line in cart.lines:
        # Two colours of one thing share its stock: the last report says what is left of both.
        left[line.product] = stock.take(connection, line.product.product_id, line.product.name, line.quantity)
    for product, quantity in left.items():
        reports.stock_after(connection, product, quantity, order.order_id, settings)
