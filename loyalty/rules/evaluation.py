"""What a rule gives for an order: the one function that live processing, backtest and explanation share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from core.conditions import ConditionError, Moment, Node, compiled, explain, parse, sentence
from core.conditions.closure_asking import Check
from loyalty.rules import fields
from loyalty.rules.errors import WrongRule
from loyalty.rules.kinds.registry import kind_of
from loyalty.rules.schemas import ExplainedLeaf, Outcome, RuleBody
from tracking.orders.schemas import OrderPlaced

_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True)
class Compiled:
    """A rule made ready to be asked many times."""

    body: RuleBody
    condition: Node | None
    check: Check | None
    segments: frozenset[str] = field(default_factory=frozenset)

    def points(self, order: OrderPlaced, segments: Collection[str], moment: Moment) -> tuple[int, dict[str, int]]:
        """Points for the order and what was counted of each line."""
        if self.check is not None and not self.check(fields.row(order, segments), moment):
            return 0, {}
        kind = kind_of(self.body)
        counted = kind.basis(self.body, order)
        whole = sum(counted.values())
        return kind.points(self.body, whole, whole), counted


def check(body: RuleBody) -> Compiled:
    """The rule, ready; raises WrongRule for what cannot be compiled, naming the place."""
    kind_of(body).check(body)
    if not 0 <= body.spendable_after_days <= 365:
        raise WrongRule("spendable_after_days", "Points can wait between 0 and 365 days.")
    if body.lasts_months is not None and not 1 <= body.lasts_months <= 120:
        raise WrongRule("lasts_months", "Points last between 1 and 120 months, or for ever.")
    try:
        return _compiled(_encode(body))
    except ConditionError as error:
        raise WrongRule("condition", str(error)) from error


def compile_rule(body: RuleBody) -> Compiled:
    """The same for a body that was checked when it was saved."""
    return _compiled(_encode(body))


def outcome(
    rule: Compiled, order: OrderPlaced, segments: Collection[str], moment: Moment, locale: str = "en"
) -> Outcome:
    """Points with every leaf of the condition, the value seen and the value needed."""
    points, counted = rule.points(order, segments, moment)
    holds = rule.check is None or rule.check(fields.row(order, segments), moment)
    return Outcome(
        points=points,
        holds=holds,
        basis=counted,
        leaves=_leaves(rule, order, segments, moment, locale),
        arithmetic=kind_of(rule.body).arithmetic(rule.body, sum(counted.values()), order.currency, locale)
        if holds
        else "",
    )


def kept_points(body: RuleBody, basis: Mapping[str, int], refunded: Mapping[str, int]) -> int:
    """What the lines that were kept earn; `basis` and `refunded` by line, minor units."""
    kept = sum(max(0, amount - refunded.get(line, 0)) for line, amount in basis.items())
    return kind_of(body).points(body, kept, sum(basis.values()))


def in_words(body: RuleBody, currency: str, locale: str = "en") -> str:
    """The whole rule as a sentence."""
    rule = compile_rule(body)
    when = "When an order is placed"
    if rule.condition is not None:
        when += f" and {sentence(rule.condition, fields.ORDER, locale)}"
    return f"{when}, give {kind_of(body).award_sentence(body, currency, locale)}."


def _leaves(
    rule: Compiled, order: OrderPlaced, segments: Collection[str], moment: Moment, locale: str
) -> tuple[ExplainedLeaf, ...]:
    if rule.condition is None:
        return ()
    found = explain(rule.condition, fields.ORDER, fields.row(order, segments), moment, locale)
    return tuple(
        ExplainedLeaf(holds=leaf.true, text=leaf.sentence, seen=leaf.seen, needed=leaf.needed)
        for leaf in found.leaves()
    )


@lru_cache(maxsize=256)
def _compiled(encoded: bytes) -> Compiled:
    body: RuleBody = msgspec.json.decode(encoded, type=RuleBody)
    if body.condition is None:
        return Compiled(body, None, None)
    condition = parse(body.condition, fields.ORDER)
    return Compiled(body, condition, compiled(condition, fields.ORDER), _segments(body.condition))


def _segments(document: object) -> frozenset[str]:
    """The segments a condition names, so that only their members are looked up."""
    if isinstance(document, dict):
        if document.get("field") == "person.segments":
            value = document.get("value")
            return frozenset(value if isinstance(value, list) else [str(value)])
        return frozenset().union(*(_segments(child) for child in document.values()))
    if isinstance(document, list):
        return frozenset().union(*(_segments(child) for child in document))
    return frozenset()
