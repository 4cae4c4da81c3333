"""Conditions as English sentences: what a marketer reads and signs. Two different trees never read the same by design:
groups stand in brackets, texts in quotation marks, and “unknown” is named wherever it counts."""

import json
from typing import assert_never

from core import clock, money
from core.conditions import nodes
from core.conditions.duration import spoken
from core.conditions.nodes import Aggregate, Ask, Comparison, FieldOperand, Money, Needed, Node, Operand, Value
from core.conditions.registry import Field, Kind, Registry


def sentence(condition: Node, registry: Registry, locale: str = "en") -> str:
    """The condition in words: country is one of "DE", "AT" and number of orders is at least 3 orders."""
    text = _Speaker(registry, locale).node(condition)
    return text[1:-1] if isinstance(condition, nodes.All | nodes.Any) and condition.children else text


def needed_in_words(ask: Ask, operand: Operand, registry: Registry, locale: str = "en") -> str:
    """What a leaf needs, without its subject: is at least €50.00."""
    return _Speaker(registry, locale).asked(operand, ask)


def value_in_words(value: object, kind: Kind, locale: str = "en") -> str:
    """A value seen in a row; None is unknown."""
    if value is None:
        return "unknown"
    if isinstance(value, Money):
        return money.text(value.minor, value.currency, locale)
    if kind is Kind.INSTANT and isinstance(value, int):
        return clock.iso(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, set | frozenset | list | tuple):
        return ", ".join(sorted(_quoted(str(member)) for member in value)) or "unknown"
    return _quoted(str(value))


class _Speaker:
    """Knows the labels of one subject."""

    def __init__(self, registry: Registry, locale: str) -> None:
        self.registry = registry
        self.locale = locale

    def node(self, node: Node) -> str:
        match node:
            case nodes.All(children):
                return f"({' and '.join(self.node(child) for child in children)})"
            case nodes.Any(children):
                return f"({' or '.join(self.node(child) for child in children)})" if children else "nobody"
            case nodes.Nothing(children):
                return f"none of these is true (unknown passes): ({'; '.join(self.node(child) for child in children)})"
            case nodes.Leaf(operand, ask):
                return f"{self.subject(operand)} {self.asked(operand, ask)}"
            case _:
                assert_never(node)

    def subject(self, operand: Operand) -> str:
        match operand:
            case FieldOperand(name):
                return self.registry.field(name).label
            case Aggregate():
                return self.figure(operand)
            case _:
                assert_never(operand)

    def figure(self, operand: Aggregate) -> str:
        child_set = self.registry.child_set(operand.of)
        field = "" if operand.field is None else f" {child_set.registry.field(operand.field).label}"
        opening = _figure(operand.function, field)
        window = f" in the last {spoken(operand.window)}" if operand.window else ""
        currency = f" in {operand.currency}" if operand.currency else ""
        where = f" where {_Speaker(child_set.registry, self.locale).node(operand.where)}" if operand.where else ""
        return f"{opening} {child_set.label}{currency}{window}{where}"

    def asked(self, operand: Operand, ask: Ask) -> str:
        kind, unit = self.kind_and_unit(operand)
        match ask:
            case nodes.Compares(comparison, value):
                return f"{_compared(comparison, kind)} {self.value(value, kind, unit)}"
            case nodes.Between(start, end):
                return f"is from {self.value(start, kind, unit)} up to but not {self.value(end, kind, unit)}"
            case nodes.IsIn(values):
                return f"{'has any of' if kind is Kind.TEXT_SET else 'is one of'} {self.values(values, kind, unit)}"
            case nodes.IsNoneOf(values):
                verb = "has members but none of" if kind is Kind.TEXT_SET else "is known and none of"
                return f"{verb} {self.values(values, kind, unit)}"
            case nodes.IsUnknownOrNoneOf(values):
                verb = "is empty or has none of" if kind is Kind.TEXT_SET else "is unknown or none of"
                return f"{verb} {self.values(values, kind, unit)}"
            case nodes.Contains(part):
                return f"contains {_quoted(part)}"
            case nodes.Exists():
                return "is known"
            case nodes.WithinLast(duration):
                return f"is within the last {spoken(duration)}"
            case nodes.LongerAgo(duration):
                return f"is more than {spoken(duration)} ago"
            case _:
                assert_never(ask)

    def kind_and_unit(self, operand: Operand) -> tuple[Kind, str]:
        match operand:
            case FieldOperand(name):
                return _kind_and_unit(self.registry.field(name))
            case Aggregate(field=name):
                if name is None:
                    return Kind.NUMBER, ""
                return _kind_and_unit(self.registry.child_set(operand.of).registry.field(name))
            case _:
                assert_never(operand)

    def values(self, values: tuple[Value, ...], kind: Kind, unit: str) -> str:
        return ", ".join(self.value(value, kind, unit) for value in values) or "nothing"

    def value(self, value: Needed, kind: Kind, unit: str) -> str:
        if isinstance(value, nodes.Threshold):
            return self.registry.threshold(value.name).label
        words = value_in_words(value, kind, self.locale)
        return f"{words} {unit}" if unit and kind is Kind.NUMBER else words


def _kind_and_unit(field: Field) -> tuple[Kind, str]:
    """A label that says the unit itself (“number of orders”) is not followed by it again."""
    return field.kind, "" if field.unit and field.label.endswith(field.unit) else field.unit


def _figure(function: nodes.Function, field: str) -> str:
    match function:
        case "count":
            return "number of"
        case "days_since":
            return "days since the latest of"
        case "sum":
            return f"sum of{field} of"
        case "max":
            return f"highest{field} of"
        case "min":
            return f"lowest{field} of"
        case _:
            assert_never(function)


def _compared(comparison: Comparison, kind: Kind) -> str:
    time = kind is Kind.INSTANT
    match comparison:
        case "=":
            return "is"
        case "!=":
            return "is known and not"
        case "<":
            return "is before" if time else "is less than"
        case "<=":
            return "is at or before" if time else "is at most"
        case ">":
            return "is after" if time else "is more than"
        case ">=":
            return "is at or after" if time else "is at least"
        case _:
            assert_never(comparison)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
