"""Reading what a leaf asks of its operand: the operator and its value, by the kind of the answer."""

from dataclasses import dataclass
from typing import Any as AnyType

from core.conditions import nodes
from core.conditions.duration import UnreadableDuration, milliseconds
from core.conditions.errors import SelectsEverybody, UnknownNode, UnknownOperator, WrongValue
from core.conditions.nodes import Ask, Needed, Value
from core.conditions.registry import Kind, Registry
from core.conditions.values import MOST_VALUES, read_days, read_needed, read_value

COMPARISONS: dict[str, nodes.Comparison] = {"=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


@dataclass(frozen=True, slots=True)
class KindOfAnswer:
    """The kind of value an operand gives, the operators that suit it, and whether it counts local days."""

    kind: Kind
    operators: frozenset[str]
    whole_days: bool = False


def read_ask(raw: dict[str, AnyType], answer: KindOfAnswer, registry: Registry, place: str) -> Ask:
    """The question of one leaf; raises UnknownOperator, WrongValue, SelectsEverybody."""
    operator = raw.get("op")
    known = isinstance(operator, str) and operator in answer.operators
    if not known or (operator in ("within_last", "longer_ago") and answer.kind is not Kind.INSTANT):
        allowed = ", ".join(sorted(answer.operators))
        raise UnknownOperator(f"{place}.op", f"“{operator}” cannot be asked here; possible: {allowed}.")
    if operator == "exists":
        if "value" in raw:
            raise UnknownNode(f"{place}.value", "“exists” takes no value.")
        return nodes.Exists()
    if "value" not in raw:
        raise WrongValue(place, f"“{operator}” needs a value.")
    return _with_value(str(operator), raw["value"], answer, registry, f"{place}.value")


def _with_value(operator: str, raw: object, answer: KindOfAnswer, registry: Registry, place: str) -> Ask:
    if operator in COMPARISONS:
        return nodes.Compares(COMPARISONS[operator], _needed(raw, answer, registry, place))
    match operator:
        case "between":
            return _between(raw, answer, registry, place)
        case "in":
            return nodes.IsIn(_values(raw, answer, place))
        case "none_of":
            return nodes.IsNoneOf(_some_values(raw, answer, place))
        case "unknown_or_none_of":
            return nodes.IsUnknownOrNoneOf(_some_values(raw, answer, place))
        case "contains":
            return nodes.Contains(_part(raw, answer, place))
        case "within_last":
            return nodes.WithinLast(_duration(raw, place))
        case "longer_ago":
            return nodes.LongerAgo(_duration(raw, place))
        case _:
            raise UnknownOperator(place, f"“{operator}” is registered, but no compiler knows it.")


def _between(raw: object, answer: KindOfAnswer, registry: Registry, place: str) -> nodes.Between:
    if not isinstance(raw, dict) or set(raw) != {"from", "to"}:
        raise WrongValue(
            place, 'An interval is written {"from": …, "to": …}; it begins with the first and ends before the second.'
        )
    start = _needed(raw["from"], answer, registry, f"{place}.from")
    end = _needed(raw["to"], answer, registry, f"{place}.to")
    if isinstance(start, nodes.Money) and isinstance(end, nodes.Money) and start.currency != end.currency:
        raise WrongValue(place, "An interval of amounts needs one currency.")
    return nodes.Between(start, end)


def _needed(raw: object, answer: KindOfAnswer, registry: Registry, place: str) -> Needed:
    return read_days(raw, place) if answer.whole_days else read_needed(raw, answer.kind, registry, place)


def _values(raw: object, answer: KindOfAnswer, place: str) -> tuple[Value, ...]:
    if not isinstance(raw, list) or len(raw) > MOST_VALUES:
        raise WrongValue(place, f"A list of at most {MOST_VALUES} values is needed here.")
    return tuple(read_value(value, answer.kind, f"{place}[{at}]") for at, value in enumerate(raw))


def _some_values(raw: object, answer: KindOfAnswer, place: str) -> tuple[Value, ...]:
    values = _values(raw, answer, place)
    if not values:
        raise SelectsEverybody(place, "“none of” nothing would be true of everybody.")
    return values


def _part(raw: object, answer: KindOfAnswer, place: str) -> str:
    part = str(read_value(raw, answer.kind, place))
    if not part:
        raise WrongValue(place, "Every text contains nothing; ask whether the field exists.")
    return part


def _duration(raw: object, place: str) -> str:
    try:
        milliseconds(raw)  # type: ignore[arg-type]  # anything but a text is refused there
    except UnreadableDuration as error:
        raise WrongValue(place, str(error)) from error
    return str(raw)
