"""Whole local days as bounds on instants, so that no database does calendar arithmetic.

“Days since t” is n when t lies on the local day n days before today. With S(k) = first instant of the local day k days
ago, days >= n means t < S(n - 1), and so on: every question becomes a few half-open intervals [S(from), S(before)).
"""

from dataclasses import dataclass
from typing import assert_never

from core.conditions import nodes
from core.conditions.errors import UnknownOperator
from core.conditions.nodes import Ask, Comparison, Needed


@dataclass(frozen=True, slots=True)
class Span:
    """Instants in [S(start), S(end)), both counted in days ago; None is without end on that side."""

    start: int | None
    end: int | None


def spans(ask: Ask) -> tuple[Span, ...]:
    """The intervals in which the instant must lie so that its age in local days answers yes; raises UnknownOperator."""
    match ask:
        case nodes.Compares(comparison, value):
            return _compared(comparison, _days(value))
        case nodes.Between(start, end):
            return (Span(_days(end) - 1, _days(start) - 1),)
        case (
            nodes.IsIn()
            | nodes.IsNoneOf()
            | nodes.IsUnknownOrNoneOf()
            | nodes.Contains()
            | nodes.Exists()
            | nodes.WithinLast()
            | nodes.LongerAgo()
        ):
            raise UnknownOperator("$", "Days can only be compared.")
        case _:
            assert_never(ask)


def _compared(comparison: Comparison, days: int) -> tuple[Span, ...]:
    match comparison:
        case "=":
            return (Span(days, days - 1),)
        case "!=":
            return (Span(None, days), Span(days - 1, None))
        case "<":
            return (Span(days - 1, None),)
        case "<=":
            return (Span(days, None),)
        case ">":
            return (Span(None, days),)
        case ">=":
            return (Span(None, days - 1),)
        case _:
            assert_never(comparison)


def _days(value: Needed) -> int:
    if not isinstance(value, int):
        raise UnknownOperator("$", "Days are compared with a whole number.")
    return value
