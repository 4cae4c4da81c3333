"""Every kind of rule under its tag. A kind is a module with `check`, `basis`, `points`, `arithmetic` and `award_sentence`."""

from typing import Any, Protocol

from loyalty.rules.kinds import bonus, spend
from loyalty.rules.schemas import BonusRule, RuleBody, SpendRule
from tracking.orders.schemas import OrderPlaced


class Kind(Protocol):
    """What every kind module offers; amounts are minor units."""

    NAME: str

    def check(self, rule: Any) -> None: ...

    def basis(self, rule: Any, order: OrderPlaced) -> dict[str, int]: ...

    def points(self, rule: Any, kept: int, whole: int) -> int: ...

    def arithmetic(self, rule: Any, kept: int, currency: str, locale: str) -> str: ...

    def award_sentence(self, rule: Any, currency: str, locale: str) -> str: ...


KINDS: dict[type[RuleBody], Any] = {SpendRule: spend, BonusRule: bonus}


def kind_of(rule: RuleBody) -> Kind:
    """The module behind a rule's body."""
    found: Kind = KINDS[type(rule)]
    return found
