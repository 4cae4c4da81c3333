"""From nodes back to JSON: `parse(dump(condition, registry), registry) == condition`."""

from typing import Any as AnyType
from typing import assert_never

from core import clock
from core.conditions import nodes
from core.conditions.nodes import Ask, Leaf, Money, Needed, Node, Threshold
from core.conditions.registry import Kind, Registry

Document = dict[str, AnyType]


def dump(condition: Node, registry: Registry) -> Document:
    """The JSON document of a condition, with its version."""
    return {"v": nodes.VERSION, **_node(condition, registry)}


def _node(node: Node, registry: Registry) -> Document:
    match node:
        case nodes.All():
            return {"all": [_node(child, registry) for child in node.children]}
        case nodes.Any():
            return {"any": [_node(child, registry) for child in node.children]}
        case nodes.Nothing():
            return {"none": [_node(child, registry) for child in node.children]}
        case nodes.Leaf():
            return _leaf(node, registry)
        case _:
            assert_never(node)


def _leaf(leaf: Leaf, registry: Registry) -> Document:
    match leaf.operand:
        case nodes.FieldOperand(name):
            return {"field": name, **_ask(leaf.ask, registry.field(name).kind)}
        case nodes.Aggregate():
            return {**_aggregate(leaf.operand, registry), **_ask(leaf.ask, _kind(leaf.operand, registry))}
        case _:
            assert_never(leaf.operand)


def _aggregate(operand: nodes.Aggregate, registry: Registry) -> Document:
    document: Document = {"agg": operand.function, "of": operand.of}
    if operand.field is not None:
        document["field"] = operand.field
    if operand.window is not None:
        document["window"] = {"last": operand.window}
    if operand.where is not None:
        document["where"] = _node(operand.where, registry.child_set(operand.of).registry)
    if operand.currency is not None:
        document["currency"] = operand.currency
    return document


def _kind(operand: nodes.Aggregate, registry: Registry) -> Kind:
    if operand.field is None:
        return Kind.NUMBER
    return registry.child_set(operand.of).registry.field(operand.field).kind


def _ask(ask: Ask, kind: Kind) -> Document:
    match ask:
        case nodes.Compares(comparison, value):
            return {"op": comparison, "value": _value(value, kind)}
        case nodes.Between(start, end):
            return {"op": "between", "value": {"from": _value(start, kind), "to": _value(end, kind)}}
        case nodes.IsIn(values):
            return {"op": "in", "value": [_value(value, kind) for value in values]}
        case nodes.IsNoneOf(values):
            return {"op": "none_of", "value": [_value(value, kind) for value in values]}
        case nodes.IsUnknownOrNoneOf(values):
            return {"op": "unknown_or_none_of", "value": [_value(value, kind) for value in values]}
        case nodes.Contains(part):
            return {"op": "contains", "value": part}
        case nodes.Exists():
            return {"op": "exists"}
        case nodes.WithinLast(duration):
            return {"op": "within_last", "value": duration}
        case nodes.LongerAgo(duration):
            return {"op": "longer_ago", "value": duration}
        case _:
            assert_never(ask)


def _value(value: Needed, kind: Kind) -> AnyType:
    if isinstance(value, Threshold):
        return {"threshold": value.name}
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    return clock.iso(value) if kind is Kind.INSTANT and isinstance(value, int) else value
