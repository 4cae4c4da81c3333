"""The tree of a condition: groups of leaves; a leaf asks one thing (`Ask`) of one operand.

Every compiler switches over these classes without a default branch, so the type checker finds a node that one of them
does not know. Nodes are frozen and say nothing about SQL, Python rows or English.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

VERSION = 1

Comparison: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]
Function: TypeAlias = Literal["count", "sum", "max", "min", "days_since"]


class Money(Struct, frozen=True, tag="money"):
    """Integer minor units of one currency; amounts in another currency are unknown, never converted."""

    minor: int
    currency: str


class Threshold(Struct, frozen=True, tag="threshold"):
    """A value that a sweep computes and both compilers take as a parameter; unknown until it is computed."""

    name: str


Value: TypeAlias = str | int | float | bool | Money
Needed: TypeAlias = Value | Threshold


class FieldOperand(Struct, frozen=True, tag="field"):
    """The value of a registered field."""

    name: str


class Aggregate(Struct, frozen=True, tag="aggregate"):
    """A figure over the rows of a child set that lie in the window and for which `where` is true.

    `window` is an ISO 8601 duration back from now. Over no rows count and sum are 0; max, min and days_since are unknown.
    `currency` is set when the field is money: rows in another currency do not take part.
    """

    function: Function
    of: str
    field: str | None = None
    window: str | None = None
    where: "Node | None" = None
    currency: str | None = None


Operand: TypeAlias = FieldOperand | Aggregate


class Compares(Struct, frozen=True, tag="compares"):
    """Known, and in this relation to the value; `!=` is “known and not”."""

    comparison: Comparison
    value: Needed


class Between(Struct, frozen=True, tag="between"):
    """Known, and in the half-open interval [start, end)."""

    start: Needed
    end: Needed


class IsIn(Struct, frozen=True, tag="in"):
    """Known, and one of the values; of nothing: false. A text set: has any of them."""

    values: tuple[Value, ...]


class IsNoneOf(Struct, frozen=True, tag="none_of"):
    """Known, and none of the values."""

    values: tuple[Value, ...]


class IsUnknownOrNoneOf(Struct, frozen=True, tag="unknown_or_none_of"):
    """Unknown, or none of the values."""

    values: tuple[Value, ...]


class Contains(Struct, frozen=True, tag="contains"):
    """A text with this part, or a text set with this member."""

    value: str


class Exists(Struct, frozen=True, tag="exists"):
    """Known at all; of a text set: has a member."""


class WithinLast(Struct, frozen=True, tag="within_last"):
    """An instant in [now - duration, now]: the present millisecond belongs to the past."""

    duration: str


class LongerAgo(Struct, frozen=True, tag="longer_ago"):
    """An instant before now - duration: of a known past instant exactly the contrary of WithinLast."""

    duration: str


Ask: TypeAlias = Compares | Between | IsIn | IsNoneOf | IsUnknownOrNoneOf | Contains | Exists | WithinLast | LongerAgo


class Leaf(Struct, frozen=True, tag="leaf"):
    """One question to one operand; a missing value answers no (except IsUnknownOrNoneOf)."""

    operand: Operand
    ask: Ask


class All(Struct, frozen=True, tag="all"):
    """Every child is true; never empty."""

    children: tuple["Node", ...]


class Any(Struct, frozen=True, tag="any"):
    """At least one child is true; of nothing: false."""

    children: tuple["Node", ...]


class Nothing(Struct, frozen=True, tag="none"):
    """No child is true, so a child about an unknown value passes; never empty. Written `none`."""

    children: tuple["Node", ...]


Group: TypeAlias = All | Any | Nothing
Node: TypeAlias = Group | Leaf
