"""How much is left of each product."""

import sqlite3
from collections.abc import Iterable

from demo.catalogue import products
from demo.shop.errors import OutOfStock


def fill(connection: sqlite3.Connection) -> None:
    """Put the catalogue's stock on the shelf, for products the shop has not seen yet."""
    rows = [(product.product_id, product.stock) for product in products()]
    connection.executemany("INSERT INTO stock VALUES (?, ?) ON CONFLICT DO NOTHING", rows)


def left(connection: sqlite3.Connection, product_ids: Iterable[str]) -> dict[str, int]:
    """Return how much is left of these products."""
    wanted = list(product_ids)
    marks = ",".join("?" * len(wanted))
    rows = connection.execute(f"SELECT product_id, quantity FROM stock WHERE product_id IN ({marks})", wanted)
    return {row["product_id"]: row["quantity"] for row in rows}


def take(connection: sqlite3.Connection, product_id: str, name: str, quantity: int) -> int:
    """Take from the shelf and return what is left.

    Raises:
        OutOfStock: there is less.
    """
    row = connection.execute(
        "UPDATE stock SET quantity = quantity - ?1 WHERE product_id = ?2 AND quantity >= ?1 RETURNING quantity",
        (quantity, product_id),
    ).fetchone()
    if row is None:
        raise OutOfStock(name, left(connection, [product_id]).get(product_id, 0))
    return int(row["quantity"])
