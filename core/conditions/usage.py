"""What a condition reads, so that a caller loads just that and an index of rules knows what concerns them."""

from dataclasses import dataclass, field
from typing import assert_never

from core.conditions import nodes
from core.conditions.nodes import Leaf, Node


@dataclass(slots=True)
class Usage:
    """Names of fields, child sets (with what is read of their rows) and thresholds; whether time alone changes it."""

    fields: set[str] = field(default_factory=set)
    child_sets: "dict[str, Usage]" = field(default_factory=dict)
    thresholds: set[str] = field(default_factory=set)
    timed: bool = False


def usage(*conditions: Node) -> Usage:
    """Everything that any of the conditions reads."""
    found = Usage()
    for condition in conditions:
        _node(condition, found)
    return found


def _node(node: Node, found: Usage) -> None:
    match node:
        case nodes.All(children) | nodes.Any(children) | nodes.Nothing(children):
            for child in children:
                _node(child, found)
        case nodes.Leaf():
            _leaf(node, found)
        case _:
            assert_never(node)


def _leaf(leaf: Leaf, found: Usage) -> None:
    ask = leaf.ask
    needed = [ask.value] if isinstance(ask, nodes.Compares) else []
    needed += [ask.start, ask.end] if isinstance(ask, nodes.Between) else []
    found.thresholds |= {value.name for value in needed if isinstance(value, nodes.Threshold)}
    found.timed |= isinstance(ask, nodes.WithinLast | nodes.LongerAgo)
    match leaf.operand:
        case nodes.FieldOperand(name):
            found.fields.add(name)
        case nodes.Aggregate():
            _aggregate(leaf.operand, found)
        case _:
            assert_never(leaf.operand)


def _aggregate(operand: nodes.Aggregate, found: Usage) -> None:
    of_rows = found.child_sets.setdefault(operand.of, Usage())
    if operand.field is not None:
        of_rows.fields.add(operand.field)
    if operand.where is not None:
        _node(operand.where, of_rows)
    found.timed |= operand.window is not None or operand.function == "days_since" or of_rows.timed
    found.thresholds |= of_rows.thresholds
