"""What a refund gives back of an order: never more than was bought and not yet given back."""

from dataclasses import dataclass

from core import money
from tracking.orders.reports import AskedLine, Refund
from tracking.orders.schemas import RefundedLine
from tracking.orders.state import LineState, OrderState


@dataclass(frozen=True, slots=True)
class Settled:
    """A refund in the order's minor units; the lines' amounts never exceed `amount`."""

    amount: int
    lines: tuple[RefundedLine, ...]


def settle(order: OrderState, refund: Refund) -> Settled:
    """Apply a refund to the order and say what it gave back."""
    asked = None if refund.amount is None else max(0, money.to_minor(refund.amount, order.currency))
    shipping = 0 if refund.shipping is None else max(0, money.to_minor(refund.shipping, order.currency))
    left = max(0, order.total - order.refunded)
    if refund.lines:
        shares = _named_lines(order, refund.lines)
    elif asked is None and not shipping:
        asked, shares = left, _everything(order)
    else:
        shares = _spread(order, max(0, (asked or 0) - shipping))
    amount = min(left, sum(share.amount for share in shares) + shipping if asked is None else asked)
    shares = _within(shares, amount)
    _note(order, amount, shares)
    return Settled(amount, tuple(shares))


def _named_lines(order: OrderState, asked: tuple[AskedLine, ...]) -> list[RefundedLine]:
    taken: dict[str, RefundedLine] = {}
    for wanted in asked:
        state = _find(order, wanted.line_id, taken)
        if state is None:
            continue
        line_id = state.line.line_id
        before = taken.get(line_id)
        pieces_left = state.pieces_left - (before.quantity if before else 0)
        amount_left = state.amount_left - (before.amount if before else 0)
        pieces = min(wanted.quantity, pieces_left)
        worth = _worth(state, pieces, pieces_left, amount_left)
        value = worth if wanted.amount is None else max(0, money.to_minor(wanted.amount, order.currency))
        taken[line_id] = RefundedLine(
            line_id=line_id,
            quantity=pieces + (before.quantity if before else 0),
            amount=min(value, amount_left) + (before.amount if before else 0),
        )
    return [share for share in taken.values() if share.quantity or share.amount]


def _find(order: OrderState, name: str, taken: dict[str, RefundedLine]) -> LineState | None:
    """The line of that id, else the first line of that product that is not yet taken whole."""
    if name in order.lines:
        return order.lines[name]
    for line_id, state in order.lines.items():
        used = taken[line_id].quantity if line_id in taken else 0
        if state.line.product_id == name and state.pieces_left > used:
            return state
    return None


def _worth(state: LineState, pieces: int, pieces_left: int, amount_left: int) -> int:
    # The last pieces take the rest, so that a line given back piece by piece comes back whole.
    if pieces == pieces_left:
        return amount_left
    return min(amount_left, state.line.total * pieces // state.line.quantity)


def _everything(order: OrderState) -> list[RefundedLine]:
    return [
        RefundedLine(line_id=line_id, quantity=state.pieces_left, amount=state.amount_left)
        for line_id, state in order.lines.items()
        if state.pieces_left or state.amount_left
    ]


def _spread(order: OrderState, amount: int) -> list[RefundedLine]:
    """Money without lines: over what is left of the goods, in proportion; pieces only when it is all of it."""
    left = [state.amount_left for state in order.lines.values()]
    if amount >= sum(left):
        return _everything(order) if amount else []
    parts = money.shares(amount, left)
    return [
        RefundedLine(line_id=line_id, quantity=0, amount=part)
        for line_id, part in zip(order.lines, parts, strict=True)
        if part
    ]


def _within(shares: list[RefundedLine], amount: int) -> list[RefundedLine]:
    amounts = [share.amount for share in shares]
    if sum(amounts) <= amount:
        return shares
    parts = money.shares(amount, amounts)
    return [
        RefundedLine(line_id=share.line_id, quantity=share.quantity, amount=part)
        for share, part in zip(shares, parts, strict=True)
    ]


def _note(order: OrderState, amount: int, shares: list[RefundedLine]) -> None:
    order.refunded += amount
    for share in shares:
        state = order.lines[share.line_id]
        state.returned += share.quantity
        state.refunded += share.amount
