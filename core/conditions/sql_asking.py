"""What a leaf asks, as SQL over one value: every answer is true or false, because it begins with IS NOT NULL."""

from dataclasses import dataclass
from typing import Any as AnyType
from typing import assert_never

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    String,
    and_,
    exists,
    false,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.types import TypeEngine

from core.conditions import nodes
from core.conditions.duration import milliseconds
from core.conditions.errors import UnknownOperator
from core.conditions.moment import Moment
from core.conditions.nodes import Ask, Comparison, Money, Needed, Value
from core.conditions.registry import Kind, Members, fold


@dataclass(frozen=True, slots=True)
class SqlValue:
    """One value in SQL: its expression, for money its currency, for a text set where the members stand."""

    kind: Kind
    value: ColumnElement[AnyType]
    currency: ColumnElement[AnyType] | None = None
    members: Members | None = None


def bound(value: Value, kind: Kind) -> ColumnElement[AnyType]:
    """A bound parameter of the type that the value has; PostgreSQL would otherwise round it to the column's."""
    sql_type: TypeEngine[AnyType]
    match kind:
        case Kind.TEXT | Kind.TEXT_SET:
            sql_type = String()
        case Kind.NUMBER:
            sql_type = BigInteger() if isinstance(value, int) else Double()
        case Kind.MONEY | Kind.INSTANT:
            sql_type = BigInteger()
        case Kind.BOOLEAN:
            sql_type = Boolean()
        case _:
            assert_never(kind)
    return literal(value, sql_type)


def asked(operand: SqlValue, ask: Ask, moment: Moment) -> ColumnElement[bool]:
    """The answer as SQL; raises UnknownOperator when the kind cannot be asked this."""
    if operand.members is not None:
        return _set(operand.value, operand.members, ask)
    if operand.currency is not None:
        return _money(operand, operand.currency, ask, moment)
    return _scalar(operand, ask, moment)


def _scalar(operand: SqlValue, ask: Ask, moment: Moment) -> ColumnElement[bool]:
    value, kind = operand.value, operand.kind
    known = value.is_not(None)
    match ask:
        case nodes.Compares(comparison, needed):
            return _with(moment, kind, needed, then=lambda right: and_(known, _compare(value, comparison, right)))
        case nodes.Between(start, end):
            return and_(
                _with(moment, kind, start, then=lambda right: and_(known, value >= right)),
                _with(moment, kind, end, then=lambda right: value < right),
            )
        case nodes.IsIn(values):
            return and_(known, value.in_(_list(values, kind))) if values else false()
        case nodes.IsNoneOf(values):
            return and_(known, value.not_in(_list(values, kind)))
        case nodes.IsUnknownOrNoneOf(values):
            return or_(value.is_(None), value.not_in(_list(values, kind)))
        case nodes.Contains(part):
            return and_(known, value.contains(fold(part), autoescape=True))
        case nodes.Exists():
            return known
        case nodes.WithinLast(duration):
            since = moment.now - milliseconds(duration)
            return and_(known, value >= bound(since, kind), value <= bound(moment.now, kind))
        case nodes.LongerAgo(duration):
            return and_(known, value < bound(moment.now - milliseconds(duration), kind))
        case _:
            assert_never(ask)


def _money(operand: SqlValue, currency: ColumnElement[AnyType], ask: Ask, moment: Moment) -> ColumnElement[bool]:
    known = and_(operand.value.is_not(None), currency.is_not(None))
    match ask:
        case nodes.Compares(comparison, needed):
            return and_(known, _amount(operand.value, currency, comparison, needed, moment))
        case nodes.Between(start, end):
            from_start = _amount(operand.value, currency, ">=", start, moment)
            return and_(known, from_start, _amount(operand.value, currency, "<", end, moment))
        case nodes.Exists():
            return known
        case (
            nodes.IsIn()
            | nodes.IsNoneOf()
            | nodes.IsUnknownOrNoneOf()
            | nodes.Contains()
            | nodes.WithinLast()
            | nodes.LongerAgo()
        ):
            raise UnknownOperator("$", "Money can only be compared.")
        case _:
            assert_never(ask)


def _amount(
    minor: ColumnElement[AnyType],
    currency: ColumnElement[AnyType],
    comparison: Comparison,
    needed: Needed,
    moment: Moment,
) -> ColumnElement[bool]:
    amount = moment.value(needed)
    if not isinstance(amount, Money):
        return false()
    same = currency == bound(amount.currency, Kind.TEXT)
    return and_(same, _compare(minor, comparison, bound(amount.minor, Kind.MONEY)))


def _set(member: ColumnElement[AnyType], members: Members, ask: Ask) -> ColumnElement[bool]:
    rows = select(literal(1)).select_from(members.source).where(members.link).correlate_except(members.source)
    match ask:
        case nodes.IsIn(values):
            return exists(rows.where(member.in_(_list(values, Kind.TEXT)))) if values else false()
        case nodes.IsNoneOf(values):
            return and_(exists(rows), not_(exists(rows.where(member.in_(_list(values, Kind.TEXT))))))
        case nodes.IsUnknownOrNoneOf(values):
            return not_(exists(rows.where(member.in_(_list(values, Kind.TEXT)))))
        case nodes.Contains(text):
            return exists(rows.where(member == bound(fold(text), Kind.TEXT)))
        case nodes.Exists():
            return exists(rows)
        case nodes.Compares() | nodes.Between() | nodes.WithinLast() | nodes.LongerAgo():
            raise UnknownOperator("$", "A text set can only be asked for its members.")
        case _:
            assert_never(ask)


def _with(moment: Moment, kind: Kind, needed: Needed, *, then: AnyType) -> ColumnElement[bool]:
    """What follows from the needed value, or false while a threshold is not known."""
    value = moment.value(needed)
    answer: ColumnElement[bool] = false() if value is None else then(bound(_comparable(value), kind))
    return answer


def _compare(
    left: ColumnElement[AnyType], comparison: Comparison, right: ColumnElement[AnyType]
) -> ColumnElement[bool]:
    match comparison:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
        case _:
            assert_never(comparison)


def _list(values: tuple[Value, ...], kind: Kind) -> list[ColumnElement[AnyType]]:
    return [bound(_comparable(value), kind) for value in values]


def _comparable(value: Value) -> Value:
    return fold(value) if isinstance(value, str) else value
