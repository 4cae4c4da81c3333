"""Conditions as Python closures: built once, then about a microsecond per row.

matches = compiled(condition, registry)
matches(row, Moment(now))  # → True or False
"""

from collections.abc import Callable, Iterable
from typing import Any as AnyType
from typing import TypeAlias, assert_never

from core.conditions import nodes
from core.conditions.closure_asking import Check, Read, asked
from core.conditions.duration import milliseconds
from core.conditions.moment import Moment
from core.conditions.nodes import Aggregate, FieldOperand, Leaf, Node, Operand
from core.conditions.registry import ChildSet, Field, Kind, Registry

Rows: TypeAlias = Callable[[AnyType, Moment], Iterable[AnyType]]


def compiled(condition: Node, registry: Registry) -> Check:
    """The condition as a function of a row and a moment."""
    match condition:
        case nodes.All(children):
            return _all(tuple(compiled(child, registry) for child in children))
        case nodes.Any(children):
            return _any(tuple(compiled(child, registry) for child in children))
        case nodes.Nothing(children):
            return _nothing(tuple(compiled(child, registry) for child in children))
        case nodes.Leaf():
            return _leaf(condition, registry)
        case _:
            assert_never(condition)


def operand_kind(operand: Operand, registry: Registry) -> Kind:
    """The kind of value the operand gives; of days_since the instant it counts from."""
    match operand:
        case FieldOperand(name):
            return registry.field(name).kind
        case Aggregate(function=function, field=name):
            if name is not None:
                return registry.child_set(operand.of).registry.field(name).kind
            return Kind.INSTANT if function == "days_since" else Kind.NUMBER
        case _:
            assert_never(operand)


def reader(operand: Operand, registry: Registry) -> Read:
    """How the operand's value is read from a row; None is unknown."""
    match operand:
        case FieldOperand(name):
            return _field(registry.field(name))
        case Aggregate():
            return _aggregate(operand, registry.child_set(operand.of))
        case _:
            assert_never(operand)


def taking_part(operand: Aggregate, child_set: ChildSet) -> Rows:
    """The child rows an aggregate looks at: in its window, and `where` is true."""
    rows, tests = child_set.read(), _tests(operand, child_set)
    if not tests:
        return lambda row, moment: rows(row)
    if len(tests) == 1:
        only = tests[0]
        return lambda row, moment: [child for child in rows(row) if only(child, moment)]
    return lambda row, moment: [child for child in rows(row) if all(test(child, moment) for test in tests)]


def _leaf(leaf: Leaf, registry: Registry) -> Check:
    days = isinstance(leaf.operand, Aggregate) and leaf.operand.function == "days_since"
    return asked(reader(leaf.operand, registry), leaf.ask, operand_kind(leaf.operand, registry), days=days)


def _field(field: Field) -> Read:
    if field.getter is not None:
        getter = field.getter
        return lambda row, moment: getter(row)
    name = field.name
    return lambda row, moment: row.get(name)


def _all(children: tuple[Check, ...]) -> Check:
    def matches(row: AnyType, moment: Moment) -> bool:
        for child in children:  # noqa: SIM110  # a generator costs more than the loop
            if not child(row, moment):
                return False
        return True

    return matches


def _any(children: tuple[Check, ...]) -> Check:
    def matches(row: AnyType, moment: Moment) -> bool:
        for child in children:  # noqa: SIM110  # a generator costs more than the loop
            if child(row, moment):
                return True
        return False

    return matches


def _nothing(children: tuple[Check, ...]) -> Check:
    some = _any(children)
    return lambda row, moment: not some(row, moment)


def _tests(operand: Aggregate, child_set: ChildSet) -> list[Check]:
    tests: list[Check] = []
    if operand.window is not None and child_set.read_at is not None:
        tests.append(_in_window(child_set.read_at, milliseconds(operand.window)))
    if operand.where is not None:
        tests.append(compiled(operand.where, child_set.registry))
    return tests


def _in_window(read_at: Callable[[AnyType], int | None], length: int) -> Check:
    def matches(child: AnyType, moment: Moment) -> bool:
        at = read_at(child)
        return at is not None and moment.now - length <= at <= moment.now

    return matches


def _aggregate(operand: Aggregate, child_set: ChildSet) -> Read:
    rows = taking_part(operand, child_set)
    match operand.function:
        case "count":
            return lambda row, moment: sum(1 for _ in rows(row, moment))
        case "days_since":
            return _extreme(rows, _instant(child_set), max)
        case "sum" | "max" | "min":
            field = child_set.registry.field(operand.field or "")
            return _figure(operand, rows, _field(field))
        case _:
            assert_never(operand.function)


def _figure(operand: Aggregate, rows: Rows, read: Read) -> Read:
    """Sum, max or min; amounts are gathered in the operand's currency and given back as Money."""
    currency = operand.currency
    plain = read if currency is None else _minor(read, currency)
    if operand.function == "sum":
        figure = _sum(rows, plain)
    else:
        figure = _extreme(rows, plain, max if operand.function == "max" else min)
    return figure if currency is None else _as_money(figure, currency)


def _minor(read: Read, currency: str) -> Read:
    def minor(row: AnyType, moment: Moment) -> int | None:
        amount = read(row, moment)
        return amount.minor if amount is not None and amount.currency == currency else None

    return minor


def _as_money(figure: Read, currency: str) -> Read:
    def amount(row: AnyType, moment: Moment) -> nodes.Money | None:
        minor = figure(row, moment)
        return None if minor is None else nodes.Money(minor, currency)

    return amount


def _instant(child_set: ChildSet) -> Read:
    read_at = child_set.read_at or (lambda child: None)
    return lambda child, moment: read_at(child)


def _known(rows: Rows, read: Read) -> Rows:
    return lambda row, moment: [value for child in rows(row, moment) if (value := read(child, moment)) is not None]


def _sum(rows: Rows, read: Read) -> Read:
    known = _known(rows, read)
    return lambda row, moment: sum(known(row, moment))


def _extreme(rows: Rows, read: Read, choose: AnyType) -> Read:
    known = _known(rows, read)
    return lambda row, moment: choose(known(row, moment), default=None)
