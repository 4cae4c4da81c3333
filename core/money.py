"""Amounts: integer minor units with an ISO 4217 currency beside them. No float ever holds money."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from babel.core import get_global
from babel.numbers import format_currency

_LARGEST = 10**15


class UnreadableAmount(ValueError):
    """A value that should have been an amount of money is not one."""

    def __init__(self, value: object) -> None:
        super().__init__(f"“{str(value)[:40]}” is not an amount such as 12.50.")


@lru_cache(maxsize=256)
def exponent(currency: str) -> int:
    """How many decimals the currency has (2 for EUR, 0 for JPY, 3 for KWD)."""
    fractions = get_global("currency_fractions")
    digits = fractions.get(currency, fractions["DEFAULT"])[0]
    return int(digits)


def to_minor(value: str | int | float | Decimal, currency: str) -> int:
    """The amount in minor units, half up: ("12.505", "EUR") → 1251. Raises UnreadableAmount."""
    try:
        amount = Decimal(str(value).strip())
        minor = (amount * 10 ** exponent(currency)).quantize(Decimal(1), ROUND_HALF_UP)
    except (InvalidOperation, ValueError) as error:
        raise UnreadableAmount(value) from error
    if not minor.is_finite() or abs(minor) > _LARGEST:
        raise UnreadableAmount(value)
    return int(minor)


def to_decimal(minor: int, currency: str) -> Decimal:
    """The amount in major units with all its decimals: (1250, "EUR") → Decimal("12.50")."""
    return Decimal(minor).scaleb(-exponent(currency))


@lru_cache(maxsize=16_384)  # a shop's prices and totals repeat, and a pattern takes a tenth of a millisecond
def text(minor: int, currency: str, locale: str = "en") -> str:
    """The amount as a reader of `locale` writes it: €12.50."""
    return str(format_currency(to_decimal(minor, currency), currency, locale=locale))


def shares(minor: int, weights: list[int]) -> list[int]:
    """Split an amount in proportion to `weights`; the parts sum to it exactly (largest remainder first)."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [minor * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda at: (-(minor * weights[at] % whole), at))
    for at in by_rest[: minor - sum(parts)]:
        parts[at] += 1
    return parts
