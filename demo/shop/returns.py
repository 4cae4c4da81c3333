"""Taking things back: one piece at a time, once the parcel has arrived, and nothing that perishes."""

import sqlite3

from demo import carrier
from demo.shop import reports
from demo.shop.errors import NotFound, NotReturnable
from demo.shop.orders import Order, OrderLine, Refund
from demo.shop.settings import ShopSettings


def give_back(connection: sqlite3.Connection, settings: ShopSettings, order: Order, line_id: str) -> Refund:
    """Take one piece of a line back and refund its price.

    Raises:
        NotFound: the order has no such line.
        NotReturnable: it has not arrived, is used up by eating it, or has come back already.
    """
    line = next((line for line in order.lines if line.line_id == line_id), None)
    if line is None:
        raise NotFound("This order has no such line.")
    refuse = reason_against(connection, order, line)
    if refuse:
        raise NotReturnable(refuse)
    refund = _insert(connection, order, line, settings)
    reports.refund(connection, refund, settings)
    return refund


def reason_against(connection: sqlite3.Connection, order: Order, line: OrderLine) -> str | None:
    """Return why a line cannot be returned now, or `None` when it can."""
    if line.returned == line.quantity:
        return "Returned and refunded."
    if line.product.perishable:
        return "What one eats or drinks stays with you."
    if not all(parcel.delivered for parcel in carrier.parcels_of(connection, order.order_id)):
        return "Can be returned once it has arrived."
    return None


def _insert(connection: sqlite3.Connection, order: Order, line: OrderLine, settings: ShopSettings) -> Refund:
    piece = line.returned + 1
    refund = Refund(f"R-{line.line_id}-{piece}", order.order_id, line.line_id, 1, line.price, settings.clock())
    # The primary key of the refund keeps two clicks at the same moment from refunding one piece twice.
    connection.execute(
        "INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?)",
        (refund.refund_id, refund.order_id, refund.line_id, refund.quantity, refund.amount, refund.created_at),
    )
    connection.execute(
        "UPDATE order_line SET returned = ? WHERE order_id = ? AND line_id = ?", (piece, order.order_id, line.line_id)
    )
    return refund
