"""Outlines in the 400 × 400 drawing space: numbers as text, the lathe, and the form every kind returns."""

from collections.abc import Sequence
from dataclasses import dataclass

CENTRE = 200.0
Point = tuple[float, float]


@dataclass(frozen=True)
class Form:
    """A drawn thing: its outline as path data, what stands behind and in front of it, and where its pattern goes.

    `top` and `bottom` bound the pattern, `shadow` is the half-width of the shadow on the table (0 for none), and `lit`
    says whether the light band from the left and the dark right side fall on it.
    """

    outline: str
    top: float
    bottom: float
    behind: str = ""
    front: str = ""
    label: str = ""
    body: str = ""
    shadow: float = 96
    lit: bool = True


def text(number: float) -> str:
    """Write a coordinate with at most one decimal."""
    written = f"{number:.1f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def lathe(half_widths: Sequence[Point]) -> str:
    """Turn (half-width, height) pairs from top to bottom into a smooth closed outline, mirrored at the centre."""
    right = [(CENTRE + width, height) for width, height in half_widths]
    left = [(CENTRE - width, height) for width, height in reversed(half_widths)]
    start, corner = right[0], left[0]
    return f"M{text(start[0])} {text(start[1])}{_curve(right)}L{text(corner[0])} {text(corner[1])}{_curve(left)}Z"


def scaled(half_widths: Sequence[Point], factor: float) -> list[Point]:
    """Make a lathe profile wider or slimmer, keeping its heights."""
    return [(width * factor, height) for width, height in half_widths]


def _curve(points: Sequence[Point]) -> str:
    """Catmull-Rom through the points, written as cubic Béziers."""
    pieces = []
    for at in range(len(points) - 1):
        before, here = points[max(at - 1, 0)], points[at]
        there, after = points[at + 1], points[min(at + 2, len(points) - 1)]
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        pieces.append("C" + " ".join(f"{text(x)} {text(y)}" for x, y in (first, second, there)))
    return "".join(pieces)
