"""Durations of windows, written in ISO 8601: P30D, P2W, PT36H, P1DT12H.

A window is elapsed time: P30D is 30 times 24 hours, whatever local clocks did meanwhile. Months and years have no fixed
length and are refused. What counts local calendar days is `days_since`.
"""

import re

from core.clock import DAY, HOUR, MINUTE, SECOND

_PATTERN = re.compile(
    r"P(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9})S)?)?",
    re.ASCII,
)
_UNITS = (
    ("weeks", "week", 7 * DAY),
    ("days", "day", DAY),
    ("hours", "hour", HOUR),
    ("minutes", "minute", MINUTE),
    ("seconds", "second", SECOND),
)
LONGEST = 36_500 * DAY


class UnreadableDuration(ValueError):
    """The text is not a duration this product knows."""

    def __init__(self, text: object) -> None:
        super().__init__(f"“{str(text)[:40]}” is not a duration such as P30D or PT12H, of at most 100 years.")


def milliseconds(text: str) -> int:
    """The length of the duration; raises UnreadableDuration (also for zero)."""
    total = sum(amount * unit for amount, _, unit in _parts(text))
    if not 0 < total <= LONGEST:
        raise UnreadableDuration(text)
    return total


def spoken(text: str) -> str:
    """The duration in words: `P30D` → “30 days”, `P1DT12H` → “1 day 12 hours”."""
    return " ".join(f"{amount} {word}{'' if amount == 1 else 's'}" for amount, word, _ in _parts(text) if amount)


def _parts(text: str) -> list[tuple[int, str, int]]:
    match = _PATTERN.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise UnreadableDuration(text)
    return [(int(match[name]), word, unit) for name, word, unit in _UNITS if match[name] is not None]
