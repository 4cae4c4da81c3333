"""Why a condition is true or false of one row: each leaf with the value seen and the value needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any as AnyType
from typing import Literal, assert_never

from core.conditions import nodes
from core.conditions.closures import compiled, operand_kind, reader
from core.conditions.moment import Moment
from core.conditions.nodes import Leaf, Node
from core.conditions.registry import Kind, Registry
from core.conditions.sentence import needed_in_words, sentence, value_in_words


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node with its answer. Leaves carry what was seen (“unknown” when missing) and what was needed, in words."""

    node: Literal["all", "any", "none", "leaf"]
    true: bool
    sentence: str
    seen: str = ""
    needed: str = ""
    children: tuple["Explanation", ...] = ()

    def leaves(self) -> Iterator["Explanation"]:
        """The leaves below this node, in the order in which they are read."""
        if self.node == "leaf":
            yield self
        for child in self.children:
            yield from child.leaves()


def explain(condition: Node, registry: Registry, row: AnyType, moment: Moment, locale: str = "en") -> Explanation:
    """The tree of answers for `row` as of `moment`; the root's `true` is what `compiled` says."""
    match condition:
        case nodes.All(children):
            return _group("all", condition, children, registry, row, moment, locale)
        case nodes.Any(children):
            return _group("any", condition, children, registry, row, moment, locale)
        case nodes.Nothing(children):
            return _group("none", condition, children, registry, row, moment, locale)
        case nodes.Leaf():
            return _leaf(condition, registry, row, moment, locale)
        case _:
            assert_never(condition)


def _group(
    name: Literal["all", "any", "none"],
    group: nodes.Group,
    children: tuple[Node, ...],
    registry: Registry,
    row: AnyType,
    moment: Moment,
    locale: str,
) -> Explanation:
    answers = tuple(explain(child, registry, row, moment, locale) for child in children)
    true = compiled(group, registry)(row, moment)
    return Explanation(name, true, sentence(group, registry, locale), children=answers)


def _leaf(leaf: Leaf, registry: Registry, row: AnyType, moment: Moment, locale: str) -> Explanation:
    return Explanation(
        node="leaf",
        true=compiled(leaf, registry)(row, moment),
        sentence=sentence(leaf, registry, locale),
        seen=_seen(leaf, registry, row, moment, locale),
        needed=needed_in_words(leaf.ask, leaf.operand, registry, locale),
    )


def _seen(leaf: Leaf, registry: Registry, row: AnyType, moment: Moment, locale: str) -> str:
    value = reader(leaf.operand, registry)(row, moment)
    kind = operand_kind(leaf.operand, registry)
    counts_days = isinstance(leaf.operand, nodes.Aggregate) and leaf.operand.function == "days_since"
    if counts_days and value is not None:
        return value_in_words(moment.days_since(value), Kind.NUMBER, locale)
    return value_in_words(value, kind, locale)
