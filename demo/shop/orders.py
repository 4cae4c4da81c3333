"""Orders and their lines, refunds, and who may see them."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from demo.catalogue import Product, Variant
from demo.shop.carts import CartLine
from demo.shop.clock import Instant
from demo.shop.errors import NotFound
from demo.shop.money import Cents
from demo.shop.shelf import product_of_variant

# Orders of the shop begin with W and this number, so that they never meet numbers made elsewhere.
FIRST_NUMBER = 20_000


@dataclass(frozen=True)
class Buyer:
    """Who buys and where it goes. `country` is an ISO 3166 code of two letters."""

    email: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str


@dataclass(frozen=True)
class OrderLine:
    """One line of an order; `price` is that of one piece, `returned` how many came back."""

    line_id: str
    product_id: str
    variant_id: str
    name: str
    quantity: int
    price: Cents
    returned: int

    @property
    def total(self) -> Cents:
        """The price of the line."""
        return self.price * self.quantity

    @property
    def product(self) -> Product:
        """The product that was bought."""
        return product_of_variant(self.variant_id)[0]

    @property
    def variant(self) -> Variant:
        """The variant that was bought."""
        return product_of_variant(self.variant_id)[1]


@dataclass(frozen=True)
class Order:
    """An order as it was placed. `user_id` is `None` for a guest, `anonymous_id` where the snippet set no cookie."""

    order_id: str
    user_id: str | None
    anonymous_id: str | None
    buyer: Buyer
    placed_at: Instant
    promised_at: Instant
    shipping: Cents
    total: Cents
    lines: tuple[OrderLine, ...]

    @property
    def count(self) -> int:
        """How many things were bought."""
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True)
class Refund:
    """Money given back for pieces of one line."""

    refund_id: str
    order_id: str
    line_id: str
    quantity: int
    amount: Cents
    created_at: Instant


def insert(
    connection: sqlite3.Connection,
    *,
    buyer: Buyer,
    user_id: str | None,
    anonymous_id: str | None,
    lines: Sequence[CartLine],
    shipping: Cents,
    placed_at: Instant,
    promised_at: Instant,
) -> Order:
    """Write an order and return it with its number."""
    total = shipping + sum(line.total for line in lines)
    number = connection.execute(
        "INSERT INTO customer_order (user_id, anonymous_id, email, name, street, postal_code, city, country, "
        "placed_at, promised_at, shipping, total) VALUES (:user_id, :anonymous_id, :email, :name, :street, "
        ":postal_code, :city, :country, :placed_at, :promised_at, :shipping, :total) RETURNING number",
        asdict(buyer)
        | {"user_id": user_id, "anonymous_id": anonymous_id, "shipping": shipping, "total": total}
        | {"placed_at": placed_at, "promised_at": promised_at},
    ).fetchone()["number"]
    order_id = f"W{FIRST_NUMBER + number}"
    connection.execute("UPDATE customer_order SET order_id = ? WHERE number = ?", (order_id, number))
    for at, line in enumerate(lines, 1):
        _insert_line(connection, order_id, f"{order_id}-{at}", line)
    return find(connection, order_id)


def find(connection: sqlite3.Connection, order_id: str) -> Order:
    """Return an order by its number.

    Raises:
        NotFound: there is none.
    """
    row = connection.execute("SELECT * FROM customer_order WHERE order_id = ?", (order_id,)).fetchone()
    if row is None:
        raise NotFound("There is no order with this number here.")
    lines = connection.execute(
        "SELECT line_id, product_id, variant_id, name, quantity, price, returned FROM order_line "
        "WHERE order_id = ? ORDER BY rowid",
        (order_id,),
    )
    return Order(
        order_id=order_id,
        user_id=row["user_id"],
        anonymous_id=row["anonymous_id"],
        buyer=Buyer(*(row[name] for name in ("email", "name", "street", "postal_code", "city", "country"))),
        placed_at=row["placed_at"],
        promised_at=row["promised_at"],
        shipping=row["shipping"],
        total=row["total"],
        lines=tuple(OrderLine(**dict(line)) for line in lines),
    )


def seen_by(
    connection: sqlite3.Connection, order_id: str, *, user_id: str | None, session_orders: Iterable[str]
) -> Order:
    """Return an order to the account that placed it, or to the session that did.

    Raises:
        NotFound: there is none, or it is somebody else's; the two look the same from outside.
    """
    order = find(connection, order_id)
    if order_id in set(session_orders) or (user_id is not None and order.user_id == user_id):
        return order
    raise NotFound("There is no order with this number here.")


def of_account(connection: sqlite3.Connection, user_id: str) -> list[Order]:
    """Return the orders of an account, the newest first."""
    rows = connection.execute(
        "SELECT order_id FROM customer_order WHERE user_id = ? ORDER BY number DESC", (user_id,)
    ).fetchall()
    return [find(connection, row["order_id"]) for row in rows]


def count_of_account(connection: sqlite3.Connection, user_id: str) -> int:
    """Return how many orders an account has placed."""
    row = connection.execute("SELECT count(*) AS count FROM customer_order WHERE user_id = ?", (user_id,)).fetchone()
    return int(row["count"])


def matching(connection: sqlite3.Connection, order_id: str, email: str) -> Order:
    """Return an order to somebody who knows its number and its e-mail address.

    Raises:
        NotFound: the two do not belong together.
    """
    order = find(connection, order_id.strip().upper())
    if order.buyer.email.casefold() != email.strip().casefold():
        raise NotFound("There is no order with this number here.")
    return order


def refunds_of(connection: sqlite3.Connection, order_id: str) -> list[Refund]:
    """Return what was given back for an order."""
    rows = connection.execute("SELECT * FROM refund WHERE order_id = ? ORDER BY created_at", (order_id,))
    return [Refund(**dict(row)) for row in rows]


def forget_buyer(connection: sqlite3.Connection, user_id: str) -> None:
    """Take name, address and account off the orders of somebody who leaves; the amounts stay for the books."""
    connection.execute(
        "UPDATE customer_order SET user_id = NULL, anonymous_id = NULL, email = '', name = '', street = '', "
        "postal_code = '', city = '' WHERE user_id = ?",
        (user_id,),
    )


def _insert_line(connection: sqlite3.Connection, order_id: str, line_id: str, line: CartLine) -> None:
    product_id, variant_id = line.product.product_id, line.variant.variant_id
    connection.execute(
        "INSERT INTO order_line VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
        (order_id, line_id, product_id, variant_id, line.name, line.quantity, line.price),
    )
