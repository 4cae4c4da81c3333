"""The outlook of `change.py` in SQL: until when a condition's truth is certain, for a whole base in one statement.

The same rules as there, with `NEVER` for “for ever”. Where SQL would need calendar arithmetic (days_since) it says the
next local midnight, which is a lower bound too.
"""

from typing import Any as AnyType
from typing import assert_never

from sqlalchemy import BigInteger, Case, ColumnElement, case, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from core.conditions import nodes
from core.conditions.duration import milliseconds
from core.conditions.moment import Moment
from core.conditions.nodes import Aggregate, Leaf, Node
from core.conditions.registry import ChildSet, Registry
from core.conditions.sql import figure, predicate, rows_of

NEVER = 2**62

Bound = ColumnElement[int]


def certain_until(condition: Node, registry: Registry, moment: Moment) -> Bound:
    """The first instant after `moment.now` at which the truth can change by the passing of time, or NEVER."""
    match condition:
        case nodes.All(children):
            return _group(children, registry, moment, deciding=False)
        case nodes.Any(children) | nodes.Nothing(children):
            return _group(children, registry, moment, deciding=True)
        case nodes.Leaf():
            return _least(_leaf(condition, registry, moment))
        case _:
            assert_never(condition)


class _Least(FunctionElement[int]):
    """The least of several values, none of them NULL."""

    inherit_cache = True
    type = BigInteger()


class _Greatest(FunctionElement[int]):
    """The greatest of several values, none of them NULL."""

    inherit_cache = True
    type = BigInteger()


@compiles(_Least)
def _render_least(element: _Least, compiler: SQLCompiler, **options: AnyType) -> str:
    name = "min" if compiler.dialect.name == "sqlite" else "least"
    return f"{name}({compiler.process(element.clauses, **options)})"


@compiles(_Greatest)
def _render_greatest(element: _Greatest, compiler: SQLCompiler, **options: AnyType) -> str:
    name = "max" if compiler.dialect.name == "sqlite" else "greatest"
    return f"{name}({compiler.process(element.clauses, **options)})"


def _least(bounds: list[Bound]) -> Bound:
    return bounds[0] if len(bounds) == 1 else _Least(*bounds) if bounds else _instant(NEVER)


def _greatest(bounds: list[Bound]) -> Bound:
    return bounds[0] if len(bounds) == 1 else _Greatest(*bounds)


def _group(children: tuple[Node, ...], registry: Registry, moment: Moment, *, deciding: bool) -> Bound:
    """A child whose truth is `deciding` decides the group: it stays until all such have changed; else until the first."""
    if not children:
        return _instant(NEVER)
    bounds = [certain_until(child, registry, moment) for child in children]
    if all(_is_never(each) for each in bounds):
        return _instant(NEVER)
    truths = [predicate(child, registry, moment) for child in children]
    ends: list[Bound] = [
        case((truth, each), else_=_instant(0)) if deciding else case((truth, _instant(0)), else_=each)
        for truth, each in zip(truths, bounds, strict=True)
    ]
    last = _greatest(ends)
    return case((last > 0, last), else_=_least(bounds))


def _is_never(until: Bound) -> bool:
    return getattr(until, "value", None) == NEVER


def _leaf(leaf: Leaf, registry: Registry, moment: Moment) -> list[Bound]:
    bounds: list[Bound] = []
    if isinstance(leaf.operand, Aggregate):
        bounds += _of_rows(leaf.operand, registry.child_set(leaf.operand.of), moment)
        if leaf.operand.function == "days_since":
            bounds.append(_instant(moment.day_start(-1)))
    if isinstance(leaf.ask, nodes.WithinLast | nodes.LongerAgo):
        bounds.append(_of_instant(_value(leaf, registry, moment), milliseconds(leaf.ask.duration), moment))
    return bounds


def _value(leaf: Leaf, registry: Registry, moment: Moment) -> ColumnElement[AnyType]:
    match leaf.operand:
        case nodes.FieldOperand(name):
            return registry.field(name).column
        case nodes.Aggregate():
            return figure(leaf.operand, registry.child_set(leaf.operand.of), moment)
        case _:
            assert_never(leaf.operand)


def _of_rows(operand: Aggregate, child_set: ChildSet, moment: Moment) -> list[Bound]:
    bounds: list[Bound] = []
    if operand.where is not None:
        inner = certain_until(operand.where, child_set.registry, moment)
        if not _is_never(inner):
            bounds.append(_earliest(child_set, inner, Aggregate(function="count", of=operand.of), moment))
    if operand.window is not None and child_set.at is not None:
        inner = _of_instant(child_set.at, milliseconds(operand.window), moment)
        bounds.append(
            _earliest(child_set, inner, Aggregate(function="count", of=operand.of, where=operand.where), moment)
        )
    return bounds


def _earliest(child_set: ChildSet, inner: Bound, rows: Aggregate, moment: Moment) -> Bound:
    """The earliest change of any child row that takes part."""
    statement = (
        select(func.coalesce(func.min(inner), _instant(NEVER)))
        .select_from(child_set.source)
        .where(rows_of(rows, child_set, moment))
        .correlate_except(child_set.source)
    )
    return statement.scalar_subquery()


def _of_instant(at: ColumnElement[AnyType], length: int, moment: Moment) -> Case[int]:
    """An instant to come is reached; one that is reached grows too old; an unknown one stays unknown."""
    now = _instant(moment.now)
    return case(
        (at > now, at),
        (at >= _instant(moment.now - length), at + _instant(length + 1)),
        else_=_instant(NEVER),
    )


def _instant(value: int) -> ColumnElement[int]:
    return literal(value, BigInteger())
