"""Orders and returns in integer cents: lines - discount + shipping = total, and nobody gets back more than they paid."""

import numpy as np

from core.clock import DAY, HOUR
from demo.simulator.occurrences import Address, Amounts, Line, OrderPlaced, OrderRefunded
from demo.simulator.population import Profile, Shopper

FREE_SHIPPING_FROM = 60_00
SHIPPING = 4_90
NEWSLETTER_DISCOUNT_PERCENT = 10
VALUE_ADDED_TAX_PERCENT = 19
CHANCE_OF_DISCOUNT = 0.08
CHANCE_OF_RETURN = 0.07


def goods_of(lines: tuple[Line, ...]) -> int:
    return sum(line.quantity * line.price for line in lines)


def amounts_of(lines: tuple[Line, ...], *, has_discount: bool) -> Amounts:
    goods = goods_of(lines)
    discount = _share(goods, NEWSLETTER_DISCOUNT_PERCENT, 100) if has_discount else 0
    shipping = 0 if goods - discount >= FREE_SHIPPING_FROM else SHIPPING
    total = goods - discount + shipping
    tax = _share(total, VALUE_ADDED_TAX_PERCENT, 100 + VALUE_ADDED_TAX_PERCENT)
    return Amounts(goods=goods, discount=discount, shipping=shipping, tax=tax, total=total)


def place_order(
    generator: np.random.Generator,
    *,
    shopper: Shopper,
    profile: Profile,
    order_id: str,
    at: int,
    anonymous_id: str,
    lines: tuple[Line, ...],
    promised_at: int,
) -> OrderPlaced:
    amounts = amounts_of(lines, has_discount=bool(generator.random() < CHANCE_OF_DISCOUNT))
    return OrderPlaced(
        at=at,
        order_id=order_id,
        email=profile.email,
        user_id=shopper.user_id,
        anonymous_id=anonymous_id,
        address=Address(
            name=f"{profile.first_name} {profile.last_name}",
            street=profile.street,
            postal_code=profile.postal_code,
            city=profile.city,
            country=profile.country,
        ),
        lines=lines,
        amounts=amounts,
        promised_at=promised_at,
    )


def perhaps_refund(
    generator: np.random.Generator, order: OrderPlaced, *, returnable: tuple[Line, ...], delivered_at: int
) -> OrderRefunded | None:
    """Some send one thing back, some everything they may, three to sixteen days after it came."""
    if not returnable or generator.random() >= CHANCE_OF_RETURN:
        return None
    lines = returnable if generator.random() < 0.4 else (_part(generator, returnable),)
    goods = goods_of(order.lines)
    at = delivered_at + int(3 * DAY + generator.random() * 13 * DAY) // HOUR * HOUR
    return OrderRefunded(
        at=at,
        refund_id=f"{order.order_id}-R1",
        order_id=order.order_id,
        lines=lines,
        amount=_share(goods_of(lines), goods - order.amounts.discount, goods),
    )


def _part(generator: np.random.Generator, lines: tuple[Line, ...]) -> Line:
    line = lines[int(generator.integers(len(lines)))]
    quantity = 1 + int(generator.integers(line.quantity))
    return Line(product=line.product, quantity=quantity, price=line.price)


def _share(amount: int, numerator: int, denominator: int) -> int:
    """amount x numerator / denominator, half up."""
    return (2 * amount * numerator + denominator) // (2 * denominator)
