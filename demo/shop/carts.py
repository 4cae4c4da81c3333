"""The basket of a session: variants and how many of each."""

import sqlite3
from dataclasses import dataclass

from demo.catalogue import Product, Variant
from demo.shop.clock import Instant
from demo.shop.delivery_promise import FREE_FROM, shipping_for
from demo.shop.money import Cents, cents
from demo.shop.shelf import product_of_variant

MOST_OF_ONE = 20


@dataclass(frozen=True)
class CartLine:
    """One variant in the basket."""

    product: Product
    variant: Variant
    quantity: int

    @property
    def price(self) -> Cents:
        """The price of one."""
        return cents(self.product.price)

    @property
    def total(self) -> Cents:
        """The price of all of them."""
        return self.price * self.quantity

    @property
    def name(self) -> str:
        """The product's name, with the colour where another than the pictured one was chosen."""
        other = self.variant.variant_id != self.product.product_id
        return f"{self.product.name}, {self.variant.colour}" if other else self.product.name


@dataclass(frozen=True)
class Cart:
    """The lines of a basket, oldest first, and their sums."""

    lines: tuple[CartLine, ...]

    @property
    def count(self) -> int:
        """How many things are in it."""
        return sum(line.quantity for line in self.lines)

    @property
    def goods(self) -> Cents:
        """What the things cost."""
        return sum(line.total for line in self.lines)

    @property
    def shipping(self) -> Cents:
        """What sending them costs."""
        return shipping_for(self.goods)

    @property
    def total(self) -> Cents:
        """What is to be paid."""
        return self.goods + self.shipping

    @property
    def until_free(self) -> Cents:
        """How much more makes sending free; 0 when it is."""
        return max(0, FREE_FROM - self.goods) if self.lines else 0


def cart_of(connection: sqlite3.Connection, session_id: str) -> Cart:
    """Return the basket of a session."""
    rows = connection.execute(
        "SELECT variant_id, quantity FROM cart_line WHERE session_id = ? ORDER BY added_at, rowid", (session_id,)
    )
    return Cart(tuple(CartLine(*product_of_variant(row["variant_id"]), row["quantity"]) for row in rows))


def add(connection: sqlite3.Connection, session_id: str, variant_id: str, quantity: int, now: Instant) -> None:
    """Put something into the basket; more of the same adds up, to twenty at most.

    Raises:
        NotFound: there is no such variant.
    """
    product_of_variant(variant_id)
    connection.execute(
        "INSERT INTO cart_line VALUES (?1, ?2, min(?3, ?5), ?4) ON CONFLICT (session_id, variant_id) "
        "DO UPDATE SET quantity = min(quantity + excluded.quantity, ?5)",
        (session_id, variant_id, max(1, quantity), now, MOST_OF_ONE),
    )


def change(connection: sqlite3.Connection, session_id: str, variant_id: str, quantity: int) -> None:
    """Set how many of a variant are in the basket; 0 takes it out."""
    if quantity < 1:
        connection.execute("DELETE FROM cart_line WHERE session_id = ? AND variant_id = ?", (session_id, variant_id))
        return
    connection.execute(
        "UPDATE cart_line SET quantity = min(?, ?) WHERE session_id = ? AND variant_id = ?",
        (quantity, MOST_OF_ONE, session_id, variant_id),
    )


def empty(connection: sqlite3.Connection, session_id: str) -> None:
    """Take everything out of the basket."""
    connection.execute("DELETE FROM cart_line WHERE session_id = ?", (session_id,))


def move(connection: sqlite3.Connection, old_session: str, new_session: str) -> None:
    """Carry a basket over to the session that follows a login."""
    connection.execute(
        "UPDATE OR REPLACE cart_line SET session_id = ? WHERE session_id = ?", (new_session, old_session)
    )
