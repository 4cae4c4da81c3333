"""Reading one value of a condition by the registered type: what is not exactly of that type is refused, never converted."""

import math
import re
from typing import assert_never

from core import clock
from core.conditions.errors import WrongValue
from core.conditions.nodes import Money, Threshold, Value
from core.conditions.registry import Kind, Registry

LARGEST_NUMBER = 2**53
LARGEST_AMOUNT = 10**15
LONGEST_TEXT = 500
MOST_VALUES = 1_000
MOST_DAYS = 36_500

_CURRENCY = re.compile(r"[A-Z]{3}")


def read_value(raw: object, kind: Kind, place: str) -> Value:
    """The value as the kind holds it; raises WrongValue."""
    match kind:
        case Kind.TEXT | Kind.TEXT_SET:
            return _text(raw, place)
        case Kind.NUMBER:
            return _number(raw, place)
        case Kind.MONEY:
            return _money(raw, place)
        case Kind.INSTANT:
            return _instant(raw, place)
        case Kind.BOOLEAN:
            return _boolean(raw, place)
        case _:
            assert_never(kind)


def read_needed(raw: object, kind: Kind, registry: Registry, place: str) -> Value | Threshold:
    """A value, or `{"threshold": name}` of the same kind; raises WrongValue, UnknownField."""
    if not (isinstance(raw, dict) and set(raw) == {"threshold"}):
        return read_value(raw, kind, place)
    parameter = registry.threshold(str(raw["threshold"]), f"{place}.threshold")
    if parameter.kind is not kind:
        raise WrongValue(place, f"The threshold “{parameter.name}” is {parameter.kind}, the field is {kind}.")
    return Threshold(parameter.name)


def read_days(raw: object, place: str) -> int:
    """A whole number of days; raises WrongValue."""
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= MOST_DAYS:
        raise WrongValue(place, f"A number of days is a whole number from 0 to {MOST_DAYS}.")
    return raw


def _text(raw: object, place: str) -> str:
    if not isinstance(raw, str) or len(raw) > LONGEST_TEXT or "\0" in raw or not _is_utf8(raw):
        raise WrongValue(place, f"A text of at most {LONGEST_TEXT} characters is needed here.")
    return raw


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(raw: object, place: str) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw) or abs(raw) > LARGEST_NUMBER:
        raise WrongValue(place, "A number within ±2⁵³ is needed here.")
    return raw


def _money(raw: object, place: str) -> Money:
    if not isinstance(raw, dict) or set(raw) != {"minor", "currency"}:
        raise WrongValue(place, 'An amount such as {"minor": 5000, "currency": "EUR"} is needed here.')
    minor, currency = raw["minor"], raw["currency"]
    if isinstance(minor, bool) or not isinstance(minor, int) or abs(minor) > LARGEST_AMOUNT:
        raise WrongValue(f"{place}.minor", "An amount is a whole number of minor units, at most 10¹⁵.")
    return Money(minor, read_currency(currency, f"{place}.currency"))


def read_currency(raw: object, place: str) -> str:
    """An ISO 4217 code; raises WrongValue."""
    if not isinstance(raw, str) or not _CURRENCY.fullmatch(raw):
        raise WrongValue(place, "A currency is a code of three capital letters such as EUR.")
    return raw


def _instant(raw: object, place: str) -> int:
    try:
        return clock.parse(raw)  # type: ignore[arg-type]  # anything but a text is refused there
    except clock.UnreadableTime as error:
        raise WrongValue(place, str(error)) from error


def _boolean(raw: object, place: str) -> bool:
    if not isinstance(raw, bool):
        raise WrongValue(place, "Either true or false is needed here.")
    return raw
