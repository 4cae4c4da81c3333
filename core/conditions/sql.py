"""Conditions as SQL: a predicate in SQLAlchemy Core that is true or false, never NULL, on SQLite and PostgreSQL alike.

The caller owns the statement: the predicate speaks about the columns the registry names, so their tables stand in its
FROM. Nothing is folded, converted or divided in SQL, and no clock is read: `moment` brings now.
"""

from typing import Any as AnyType
from typing import assert_never

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select, true

from core.conditions import nodes
from core.conditions.days import spans
from core.conditions.duration import milliseconds
from core.conditions.moment import Moment
from core.conditions.nodes import Aggregate, FieldOperand, Leaf, Node
from core.conditions.registry import ChildSet, Field, Kind, Registry
from core.conditions.sql_asking import SqlValue, asked, bound

Predicate = ColumnElement[bool]


def predicate(condition: Node, registry: Registry, moment: Moment) -> Predicate:
    """The condition as a two-valued SQL expression over the registry's columns, as of `moment`."""
    match condition:
        case nodes.All(children):
            return and_(true(), *(predicate(child, registry, moment) for child in children))
        case nodes.Any(children):
            return or_(false(), *(predicate(child, registry, moment) for child in children))
        case nodes.Nothing(children):
            return not_(or_(false(), *(predicate(child, registry, moment) for child in children)))
        case nodes.Leaf():
            return _leaf(condition, registry, moment)
        case _:
            assert_never(condition)


def _leaf(leaf: Leaf, registry: Registry, moment: Moment) -> Predicate:
    match leaf.operand:
        case FieldOperand(name):
            return asked(_field(registry.field(name)), leaf.ask, moment)
        case Aggregate():
            return _aggregate(leaf.operand, leaf.ask, registry, moment)
        case _:
            assert_never(leaf.operand)


def _field(field: Field) -> SqlValue:
    return SqlValue(field.kind, field.column, field.currency_column, field.members)


def _aggregate(operand: Aggregate, ask: nodes.Ask, registry: Registry, moment: Moment) -> Predicate:
    child_set = registry.child_set(operand.of)
    rows = rows_of(operand, child_set, moment)
    if operand.function == "count":
        return _count(child_set, rows, ask, moment)
    if operand.function == "days_since":
        return _days_since(child_set, rows, ask, moment)
    return _figure(operand, child_set, ask, moment)


def rows_of(operand: Aggregate, child_set: ChildSet, moment: Moment) -> Predicate:
    """Which child rows take part: linked, in the window, and `where` is true."""
    parts = [child_set.link]
    if operand.window is not None and child_set.at is not None:
        parts.append(child_set.at >= bound(moment.now - milliseconds(operand.window), Kind.INSTANT))
        parts.append(child_set.at <= bound(moment.now, Kind.INSTANT))
    if operand.where is not None:
        parts.append(predicate(operand.where, child_set.registry, moment))
    return and_(*parts)


def _count(child_set: ChildSet, rows: Predicate, ask: nodes.Ask, moment: Moment) -> Predicate:
    # Databases stop at the first row of an EXISTS, but count to the end.
    if ask in (nodes.Compares(">=", 1), nodes.Compares(">", 0)):
        return exists(_select(child_set, rows))
    if ask in (nodes.Compares("=", 0), nodes.Compares("<", 1)):
        return not_(exists(_select(child_set, rows)))
    count = _select(child_set, rows).with_only_columns(func.count()).scalar_subquery()
    return asked(SqlValue(Kind.NUMBER, count), ask, moment)


def _days_since(child_set: ChildSet, rows: Predicate, ask: nodes.Ask, moment: Moment) -> Predicate:
    latest = _select(child_set, rows).with_only_columns(func.max(child_set.at)).scalar_subquery()
    intervals = []
    for span in spans(ask):
        start = [] if span.start is None else [latest >= bound(moment.day_start(span.start), Kind.INSTANT)]
        end = [] if span.end is None else [latest < bound(moment.day_start(span.end), Kind.INSTANT)]
        intervals.append(and_(latest.is_not(None), *start, *end))
    return or_(*intervals)


def figure(operand: Aggregate, child_set: ChildSet, moment: Moment) -> ColumnElement[AnyType]:
    """Sum, max or min over the rows that take part, as a scalar subquery; raises ValueError for other functions."""
    field = child_set.registry.field(operand.field or "")
    rows = rows_of(operand, child_set, moment)
    if field.currency_column is not None and operand.currency is not None:
        rows = and_(rows, field.currency_column == bound(operand.currency, Kind.TEXT))
    value: ColumnElement[AnyType]
    match operand.function:
        case "sum":
            value = func.coalesce(func.sum(field.column), 0)
        case "max":
            value = func.max(field.column)
        case "min":
            value = func.min(field.column)
        case "count" | "days_since":
            raise ValueError(f"“{operand.function}” looks at rows, not at a field.")
        case _:
            assert_never(operand.function)
    return _select(child_set, rows).with_only_columns(value).scalar_subquery()


def _figure(operand: Aggregate, child_set: ChildSet, ask: nodes.Ask, moment: Moment) -> Predicate:
    kind = child_set.registry.field(operand.field or "").kind
    currency = None if operand.currency is None else bound(operand.currency, Kind.TEXT)
    return asked(SqlValue(kind, figure(operand, child_set, moment), currency), ask, moment)


def _select(child_set: ChildSet, rows: Predicate) -> Select[AnyType]:
    """The child rows of the enclosing statement's row."""
    one = select(bound(1, Kind.NUMBER))
    return one.select_from(child_set.source).where(rows).correlate_except(child_set.source)
