"""Orders, refunds and cancellations as lines of a timeline."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from core import money
from tracking.orders.schemas import Line
from tracking.people.schemas import Moment

_NAMED = 3  # products; the others are counted


def placed(row: Mapping[str, Any], lines: Sequence[Line]) -> Moment:
    """An order, with its first products."""
    verb = "reported by the browser, not confirmed" if row["status"] == "reported" else "placed"
    return Moment(
        at=row["placed_at"],
        kind="orders",
        icon="bag",
        text=f"Order {row['order_id']} {verb}",
        detail=_products(lines),
        amount=money.text(row["total"], row["currency"]),
        link=_link(row),
        position=row["position"],
    )


def refunded(row: Mapping[str, Any]) -> Moment:
    """A refund that was applied."""
    return Moment(
        at=row["at"],
        kind="orders",
        icon="undo",
        text=f"Refund of order {row['order_id']}",
        amount=money.text(-row["amount"], row["currency"]),
        link=_link(row),
        position=row["position"],
    )


def cancelled(row: Mapping[str, Any]) -> Moment:
    """An order that was called off."""
    return Moment(
        at=row["cancelled_at"],
        kind="orders",
        icon="x",
        text=f"Order {row['order_id']} cancelled",
        link=_link(row),
        position=row["position"],
    )


def _link(row: Mapping[str, Any]) -> str:
    return f"/console/orders/{quote(row['order_id'], safe='')}"


def _products(lines: Sequence[Line]) -> str:
    names = ", ".join(_named(line) for line in lines[:_NAMED])
    return f"{names} and {len(lines) - _NAMED} more" if len(lines) > _NAMED else names


def _named(line: Line) -> str:
    name = line.name or line.product_id
    return name if line.quantity == 1 else f"{line.quantity} × {name}"
