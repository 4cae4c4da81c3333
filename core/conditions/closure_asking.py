"""What a leaf asks, as a Python closure over a reader of the value."""

import operator
from collections.abc import Callable, Mapping
from typing import Any as AnyType
from typing import TypeAlias, assert_never

from core.conditions import nodes
from core.conditions.days import Span, spans
from core.conditions.duration import milliseconds
from core.conditions.errors import UnknownOperator
from core.conditions.moment import Moment
from core.conditions.nodes import Ask, Comparison, Money, Needed, Threshold, Value
from core.conditions.registry import Kind, fold

Read: TypeAlias = Callable[[AnyType, Moment], AnyType]
Check: TypeAlias = Callable[[AnyType, Moment], bool]
Compare: TypeAlias = Callable[[AnyType, AnyType], bool]

_COMPARE: Mapping[Comparison, Compare] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def asked(read: Read, ask: Ask, kind: Kind, *, days: bool = False) -> Check:
    """The answer to `ask`; with `days` the value is an instant and its age in local days is compared."""
    if days:
        return _days(read, spans(ask))
    match kind:
        case Kind.TEXT:
            return _scalar(_folded(read), ask)
        case Kind.NUMBER | Kind.INSTANT | Kind.BOOLEAN:
            return _scalar(read, ask)
        case Kind.MONEY:
            return _money(read, ask)
        case Kind.TEXT_SET:
            return _set(read, ask)
        case _:
            assert_never(kind)


def _scalar(read: Read, ask: Ask) -> Check:
    match ask:
        case nodes.Compares(comparison, needed):
            return _compares(read, _COMPARE[comparison], needed)
        case nodes.Between(start, end):
            return _both(_compares(read, operator.ge, start), _compares(read, operator.lt, end))
        case nodes.IsIn(values):
            return _is_in(read, _set_of(values))
        case nodes.IsNoneOf(values):
            return _is_none_of(read, _set_of(values))
        case nodes.IsUnknownOrNoneOf(values):
            return _is_unknown_or_none_of(read, _set_of(values))
        case nodes.Contains(part):
            return _contains(read, fold(part))
        case nodes.Exists():
            return lambda row, moment: read(row, moment) is not None
        case nodes.WithinLast(duration):
            return _within_last(read, milliseconds(duration))
        case nodes.LongerAgo(duration):
            return _longer_ago(read, milliseconds(duration))
        case _:
            assert_never(ask)


def _money(read: Read, ask: Ask) -> Check:
    match ask:
        case nodes.Compares(comparison, needed):
            return _amount(read, _COMPARE[comparison], needed)
        case nodes.Between(start, end):
            return _both(_amount(read, operator.ge, start), _amount(read, operator.lt, end))
        case nodes.Exists():
            return lambda row, moment: read(row, moment) is not None
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


def _set(read: Read, ask: Ask) -> Check:
    members = _members(read)
    match ask:
        case nodes.IsIn(values):
            wanted = _set_of(values)
            return lambda row, moment: not wanted.isdisjoint(members(row, moment))
        case nodes.IsNoneOf(values):
            unwanted = _set_of(values)
            return lambda row, moment: bool(found := members(row, moment)) and unwanted.isdisjoint(found)
        case nodes.IsUnknownOrNoneOf(values):
            refused = _set_of(values)
            return lambda row, moment: refused.isdisjoint(members(row, moment))
        case nodes.Contains(text):
            member = fold(text)
            return lambda row, moment: member in members(row, moment)
        case nodes.Exists():
            return lambda row, moment: bool(members(row, moment))
        case nodes.Compares() | nodes.Between() | nodes.WithinLast() | nodes.LongerAgo():
            raise UnknownOperator("$", "A text set can only be asked for its members.")
        case _:
            assert_never(ask)


def _folded(read: Read) -> Read:
    def folded(row: AnyType, moment: Moment) -> str | None:
        text = read(row, moment)
        return None if text is None else text.casefold()

    return folded


def _members(read: Read) -> Read:
    return lambda row, moment: {fold(member) for member in read(row, moment) or ()}


def _set_of(values: tuple[Value, ...]) -> frozenset[Value]:
    return frozenset(_comparable(value) for value in values)


def _comparable(value: AnyType) -> AnyType:
    return fold(value) if isinstance(value, str) else value


def _compares(read: Read, compare: Compare, needed: Needed) -> Check:
    if isinstance(needed, Threshold):
        return _compares_threshold(read, compare, needed)
    right = _comparable(needed)

    def matches(row: AnyType, moment: Moment) -> bool:
        value = read(row, moment)
        return value is not None and compare(value, right)

    return matches


def _compares_threshold(read: Read, compare: Compare, needed: Threshold) -> Check:
    def matches(row: AnyType, moment: Moment) -> bool:
        value, right = read(row, moment), moment.value(needed)
        return value is not None and right is not None and compare(value, _comparable(right))

    return matches


def _amount(read: Read, compare: Compare, needed: Needed) -> Check:
    def matches(row: AnyType, moment: Moment) -> bool:
        value, right = read(row, moment), moment.value(needed)
        if value is None or not isinstance(right, Money):
            return False
        return value.currency == right.currency and compare(value.minor, right.minor)

    return matches


def _both(first: Check, second: Check) -> Check:
    return lambda row, moment: first(row, moment) and second(row, moment)


def _is_in(read: Read, values: frozenset[Value]) -> Check:
    # None is never a member: lists hold no null.
    return lambda row, moment: read(row, moment) in values


def _is_none_of(read: Read, values: frozenset[Value]) -> Check:
    return lambda row, moment: (value := read(row, moment)) is not None and value not in values


def _is_unknown_or_none_of(read: Read, values: frozenset[Value]) -> Check:
    return lambda row, moment: read(row, moment) not in values


def _contains(read: Read, part: str) -> Check:
    return lambda row, moment: (text := read(row, moment)) is not None and part in text


def _within_last(read: Read, length: int) -> Check:
    def matches(row: AnyType, moment: Moment) -> bool:
        value = read(row, moment)
        return value is not None and moment.now - length <= value <= moment.now

    return matches


def _longer_ago(read: Read, length: int) -> Check:
    return lambda row, moment: (value := read(row, moment)) is not None and value < moment.now - length


def _days(read: Read, wanted: tuple[Span, ...]) -> Check:
    def matches(row: AnyType, moment: Moment) -> bool:
        at = read(row, moment)
        return at is not None and any(_lies_in(at, span, moment) for span in wanted)

    return matches


def _lies_in(at: int, span: Span, moment: Moment) -> bool:
    after_start = span.start is None or at >= moment.day_start(span.start)
    return after_start and (span.end is None or at < moment.day_start(span.end))
