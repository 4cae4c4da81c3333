"""Refunds never give back more than was bought, whatever is asked in whatever order."""

from hypothesis import given
from hypothesis import strategies as st

from tracking.orders import pricing
from tracking.orders.pricing import RawLine
from tracking.orders.refunds import settle
from tracking.orders.reports import AskedLine, Refund
from tracking.orders.state import LineState, OrderState

amounts = st.none() | st.decimals(min_value=0, max_value=60, places=2).map(str)
asked_lines = st.builds(AskedLine, st.sampled_from(["1", "2", "3", "kettle", "nothing"]), st.integers(1, 6), amounts)
refunds = st.builds(
    lambda amount, shipping, lines: Refund(
        order_id="O1", refund_id="R1", at=0, position=1, amount=amount, shipping=shipping, lines=tuple(lines)
    ),
    amounts,
    amounts,
    st.lists(asked_lines, max_size=3),
)
bought = st.lists(
    st.tuples(st.sampled_from(["kettle", "mug"]), st.integers(1, 4), st.integers(0, 2_000)), min_size=1, max_size=3
)


def an_order(lines: list[tuple[str, int, int]], discount: int, shipping: int) -> OrderState:
    raw = [
        RawLine(str(at), product, None, product, pieces, price) for at, (product, pieces, price) in enumerate(lines, 1)
    ]
    priced = pricing.priced(raw, discount)
    price = pricing.price(priced, total=None, tax=0, shipping=shipping, discount=discount)
    states = {line.line_id: LineState(at, line) for at, line in enumerate(priced, 1)}
    return OrderState(
        order_id="O1", status="placed", currency="EUR", total=price.total, goods=price.goods, lines=states
    )


@given(bought, st.integers(0, 3_000), st.integers(0, 500), st.lists(refunds, max_size=6))
def test_never_more_than_was_bought(
    lines: list[tuple[str, int, int]], discount: int, shipping: int, asked: list[Refund]
) -> None:
    order = an_order(lines, discount, shipping)
    given_back = [settle(order, refund) for refund in asked]
    for settled in given_back:
        assert 0 <= sum(share.amount for share in settled.lines) <= settled.amount
    assert sum(settled.amount for settled in given_back) == order.refunded <= order.total
    for state in order.lines.values():
        assert 0 <= state.returned <= state.line.quantity
        assert 0 <= state.refunded <= state.line.total


@given(bought, st.integers(0, 3_000), st.integers(0, 500), refunds)
def test_everything_ends_at_nothing(
    lines: list[tuple[str, int, int]], discount: int, shipping: int, first: Refund
) -> None:
    order = an_order(lines, discount, shipping)
    settle(order, first)
    settle(order, Refund(order_id="O1", refund_id="R2", at=0, position=2, amount=None, shipping=None, lines=()))
    assert order.refunded == order.total
    assert all(not state.pieces_left for state in order.lines.values())


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 10_000)), min_size=1, max_size=5), st.integers(0, 60_000))
def test_the_discount_is_spread_exactly(lines: list[tuple[int, int]], discount: int) -> None:
    raw = [RawLine(str(at), "p", None, "p", pieces, price) for at, (pieces, price) in enumerate(lines)]
    gross = sum(pieces * price for pieces, price in lines)
    priced = pricing.priced(raw, discount)
    assert sum(line.total for line in priced) == gross - min(discount, gross)
    assert all(0 <= line.total <= line.price * line.quantity for line in priced)
