from hypothesis import given
from hypothesis import strategies as st

from demo.catalogue import products
from demo.simulator.occurrences import Line, Occurrence, OrderPlaced, OrderRefunded
from demo.simulator.purchases import amounts_of

LINES = st.lists(
    st.builds(Line, product=st.integers(0, 9), quantity=st.integers(1, 5), price=st.integers(1, 20_000)), min_size=1
).map(tuple)


@given(LINES, st.booleans())
def test_amounts_add_up(lines: tuple[Line, ...], has_discount: bool) -> None:
    amounts = amounts_of(lines, has_discount=has_discount)
    assert amounts.total == amounts.goods - amounts.discount + amounts.shipping
    assert 0 <= amounts.discount <= amounts.goods
    assert abs(amounts.tax * 119 - amounts.total * 19) * 2 <= 119


def test_amounts_of_a_small_order_by_hand() -> None:
    amounts = amounts_of((Line(product=0, quantity=2, price=1_250),), has_discount=True)
    assert (amounts.goods, amounts.discount, amounts.shipping, amounts.total, amounts.tax) == (
        2500,
        250,
        490,
        2740,
        437,
    )


def test_every_order_adds_up_at_shelf_prices(whole_year: list[Occurrence]) -> None:
    shelf = products()
    for order in (occurrence for occurrence in whole_year if isinstance(occurrence, OrderPlaced)):
        goods = sum(line.quantity * line.price for line in order.lines)
        assert order.amounts.total == goods - order.amounts.discount + order.amounts.shipping
        assert all(line.price == shelf[line.product].price * 100 for line in order.lines)
        assert len({line.product for line in order.lines}) == len(order.lines)


def test_refunds_stay_within_what_was_bought(whole_year: list[Occurrence]) -> None:
    orders = {each.order_id: each for each in whole_year if isinstance(each, OrderPlaced)}
    refunds = [each for each in whole_year if isinstance(each, OrderRefunded)]
    shelf = products()
    for refund in refunds:
        order = orders[refund.order_id]
        bought = {line.product: line for line in order.lines}
        assert refund.at > order.at
        assert refund.lines
        assert all(1 <= line.quantity <= bought[line.product].quantity for line in refund.lines)
        assert not any(shelf[line.product].perishable for line in refund.lines)
        assert 0 < refund.amount <= order.amounts.total - order.amounts.shipping
    assert len({refund.order_id for refund in refunds}) == len(refunds)
    assert 0.03 <= len(refunds) / len(orders) <= 0.05
