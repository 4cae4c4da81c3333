"""Facts about orders, made as the orders part makes them."""

from core.clock import Instant
from core.log import NewEvent
from tests.conftest import NOON
from tracking.orders.schemas import OrderCancelled, OrderPlaced, OrderRefunded, PlacedLine, RefundedLine


def a_line(line_id: str = "1", total: int = 4_900, *categories: str, quantity: int = 1) -> PlacedLine:
    return PlacedLine(
        line_id=line_id, product_id=f"KL-{line_id}", variant_id=None, name="Kettle", quantity=quantity, price=total // quantity, total=total,
        categories=list(categories),
    )  # fmt: skip


def placed(
    order_id: str = "o1",
    *lines: PlacedLine,
    person_id: int = 7,
    at: Instant = NOON,
    currency: str = "EUR",
    country: str | None = "DE",
) -> NewEvent:
    """A fact `order placed`; no line: one of 49.00 from Kettles."""
    given = list(lines or [a_line("1", 4_900, "Kettles")])
    goods = sum(line.total for line in given)
    body = OrderPlaced(
        order_id=order_id, person_id=person_id, user_id="u", anonymous_id=None, email=None, currency=currency, total=goods + 490,
        goods=goods, tax=0, shipping=490, discount=0, placed_at=at, promised_at=None, source="server", lines=given, country=country,
    )  # fmt: skip
    return NewEvent.decided(store_id=1, name="order placed", body=body, key=("order placed", order_id), at=at)


def refunded(refund_id: str, order_id: str = "o1", *lines: tuple[str, int], at: Instant = NOON) -> NewEvent:
    """A fact `order refunded` with amounts by line."""
    body = OrderRefunded(
        refund_id=refund_id, order_id=order_id, person_id=7, currency="EUR", amount=sum(amount for _, amount in lines), refunded_at=at,
        lines=[RefundedLine(line_id=line_id, quantity=1, amount=amount) for line_id, amount in lines],
    )  # fmt: skip
    return NewEvent.decided(store_id=1, name="order refunded", body=body, key=("order refunded", refund_id), at=at)


def cancelled(order_id: str = "o1", at: Instant = NOON) -> NewEvent:
    """A fact `order cancelled`."""
    body = OrderCancelled(order_id=order_id, person_id=7, currency="EUR", total=5_390, cancelled_at=at)
    return NewEvent.decided(store_id=1, name="order cancelled", body=body, key=("order cancelled", order_id), at=at)
