"""A number of points for an order as such."""

from loyalty.rules.errors import WrongRule
from loyalty.rules.schemas import MOST_POINTS, BonusRule
from tracking.orders.schemas import OrderPlaced

NAME = "bonus"


def check(rule: BonusRule) -> None:
    """Raise WrongRule for figures that make no sense."""
    if not 1 <= rule.points <= MOST_POINTS:
        raise WrongRule("points", f"Give between 1 and {MOST_POINTS:,} points.")


def basis(_: BonusRule, order: OrderPlaced) -> dict[str, int]:
    """Each line counts, so that a return takes back its share of the bonus."""
    return {line.line_id: line.total for line in order.lines}


def points(rule: BonusRule, kept: int, whole: int) -> int:
    """The bonus, or the share of it that the kept lines stand for."""
    return rule.points if kept >= whole else rule.points * max(0, kept) // max(1, whole)


def arithmetic(rule: BonusRule, _: int, __: str, ___: str) -> str:
    """The sum in words."""
    return f"{rule.points} for the order"


def award_sentence(rule: BonusRule, _: str, __: str) -> str:
    """What it gives: 50 points for the order."""
    return f"{rule.points} {'point' if rule.points == 1 else 'points'} for the order"
