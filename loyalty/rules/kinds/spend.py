"""Points for money spent: on the whole order, or on items from one category."""

from core import money
from loyalty.rules.errors import WrongRule
from loyalty.rules.schemas import MOST_POINTS, SpendRule
from tracking.orders.schemas import OrderPlaced

NAME = "spend"


def check(rule: SpendRule) -> None:
    """Raise WrongRule for figures that make no sense."""
    if not 1 <= rule.points <= MOST_POINTS:
        raise WrongRule("points", f"Give between 1 and {MOST_POINTS:,} points.")
    if not 1 <= rule.per <= 10**9:
        raise WrongRule("per", "The amount must be above zero.")


def basis(rule: SpendRule, order: OrderPlaced) -> dict[str, int]:
    """What counts of each line, in minor units, after the order's discount."""
    net = money.shares(order.goods, [line.total for line in order.lines])
    wanted = rule.category.casefold() if rule.category else None
    return {
        line.line_id: amount
        for line, amount in zip(order.lines, net, strict=True)
        if wanted is None or any(name.casefold() == wanted for name in line.categories)
    }


def points(rule: SpendRule, kept: int, _: int) -> int:
    """Whole points for what is kept: 1 point per 100 on 8,190 is 81."""
    return max(0, kept) * rule.points // rule.per


def arithmetic(rule: SpendRule, kept: int, currency: str, locale: str) -> str:
    """The sum in words: €58.00 of Beans × 2."""
    amount = money.text(kept, currency, locale)
    of = f" of {rule.category}" if rule.category else ""
    rate = (
        f"{rule.points}"
        if rule.per == 10 ** money.exponent(currency)
        else f"{rule.points} per {money.text(rule.per, currency, locale)}"
    )
    return f"{amount}{of} × {rate}"


def award_sentence(rule: SpendRule, currency: str, locale: str) -> str:
    """What it gives: 2 points for every €1.00 spent on items from Beans."""
    noun = "point" if rule.points == 1 else "points"
    on = f" on items from {rule.category}" if rule.category else ""
    return f"{rule.points} {noun} for every {money.text(rule.per, currency, locale)} spent{on}"
