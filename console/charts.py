"""Charts drawn on the server: pure functions from numbers to SVG.

Lengths are presentation attributes and colours come from classes (css/charts.css), so a strict Content-Security-Policy
needs no exception. A chart is decoration (`aria-hidden`) or carries one sentence (`label`); the numbers stand in text
or in a table beside it. Bars begin at zero. A value of None is missing data: a gap, not a zero.
"""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

_BAR_GAP = 0.28  # share of a column's step that stays empty


def sparkline(values: Sequence[float | None], kind: str = "quiet", *, filled: bool = False) -> Markup:
    """About 14 points without axes, with a dot at the end; `kind` is "quiet", "accent" or "points".

    The line spans the lowest to the highest value: it shows the shape of a change, not its size.
    """
    width, height, margin = 64.0, 28.0, 3.0
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (width - 2 * margin) / (len(values) - 1)
    points = [
        None if value is None else (margin + at * step, height - margin - (value - low) / span * (height - 2 * margin))
        for at, value in enumerate(values)
    ]
    last = next(point for point in reversed(points) if point is not None)
    area = _area(points, height) if filled and None not in values else Markup("")
    return Markup(
        '<svg class="spark {}" viewBox="0 0 64 28" width="64" height="28" preserveAspectRatio="xMinYMid" aria-hidden="true">{}<path d="{}"/>'
        '<circle cx="{}" cy="{}" r="1.75"/></svg>'
    ).format({"quiet": "q", "accent": "", "points": "p"}[kind], area, _path(points), *map(_length, last))


def bar(
    value: float,
    largest: float,
    interval: tuple[float, float] | None = None,
    before: float | None = None,
    kind: str = "accent",
) -> Markup:
    """One horizontal bar from zero on a track of length `largest`; `kind` is "accent" or "points".

    `interval` draws a whisker from its low to its high end, `before` a thinner grey bar below for comparison.
    """
    rest = Markup("") if before is None else _rectangle("b2", 0, 7, _share(before, largest), 3)
    whisker = Markup("") if interval is None else _whisker(interval, largest)
    return Markup(
        '<svg class="bar{}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}{}{}{}</svg>'
    ).format(
        " p" if kind == "points" else "",
        _rectangle("t", 0, 0, 100, 10),
        _rectangle("b", 0, 0, _share(value, largest), 10 if before is None else 6),
        rest,
        whisker,
    )


def columns(
    values: Sequence[float | None],
    label: str,
    overlay: Sequence[float | None] = (),
    marks: Sequence[float] = (),
    kind: str = "accent",
) -> Markup:
    """Columns from zero, such as points a week or a histogram; `label` is the sentence a screen reader says.

    `overlay` draws a line over the middle of the columns on the same scale (the version that is on). `marks` are dashed
    upright lines at positions counted in columns (a cap at 4.5 stands in the middle of the fifth).
    """
    width, height = 520.0, 100.0
    largest = max((value for value in (*values, *overlay) if value is not None), default=0) or 1
    step = width / max(len(values), 1)
    drawn = [
        _rectangle("b", at * step + step * _BAR_GAP / 2, height - tall, step * (1 - _BAR_GAP), tall)
        for at, value in enumerate(values)
        if value is not None and (tall := value / largest * height) > 0
    ]
    return Markup(
        '<svg class="columns{}" viewBox="0 0 520 100" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path class="base" d="M0 100H520"/>{}{}{}</svg>'
    ).format(
        " p" if kind == "points" else "",
        label,
        Markup("").join(drawn),
        _overlay(overlay, step, height, largest),
        Markup("").join(Markup('<path class="mark" d="M{0} 0V100"/>').format(_length(at * step)) for at in marks),
    )


def histogram(counts: Sequence[int], label: str, marks: Sequence[float] = (), kind: str = "accent") -> Markup:
    """How something is spread: one column per class of equal width, caps and thresholds as `marks`."""
    return columns(counts, label, marks=marks, kind=kind)


def weekly(
    values: Sequence[float | None], label: str, before: Sequence[float | None] = (), kind: str = "points"
) -> Markup:
    """One column a week with the course before as a line over it."""
    return columns(values, label, overlay=before, kind=kind)


def meter(part: float, pending: float, whole: float, kind: str = "points") -> Markup:
    """`part` of `whole`, with `pending` (not yet certain) paler after it; `kind` is "points" or "accent"."""
    done = _share(part, whole)
    return Markup(
        '<svg class="meter{}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">{}{}{}</svg>'
    ).format(
        "" if kind == "points" else " c1",
        _rectangle("t", 0, 0, 100, 8),
        _rectangle("f", 0, 0, done, 8),
        _rectangle("h", done, 0, min(_share(pending, whole), 100 - done), 8),
    )


Point = tuple[float, float]


def _path(points: Sequence[Point | None]) -> str:
    """An SVG path through the points; None breaks it."""
    runs = [list(run) for known, run in groupby(points, key=lambda point: point is not None) if known]
    return "".join(
        "".join(f"{'L' if at else 'M'}{_length(point[0])} {_length(point[1])}" for at, point in enumerate(run) if point)
        for run in runs
    )


def _area(points: Sequence[Point | None], height: float) -> Markup:
    known = [point for point in points if point is not None]
    left, right = _length(known[0][0]), _length(known[-1][0])
    return Markup('<path class="area" d="{}L{} {}L{} {}Z"/>').format(
        _path(points), right, _length(height), left, _length(height)
    )


def _overlay(values: Sequence[float | None], step: float, height: float, largest: float) -> Markup:
    if not values:
        return Markup("")
    points = [
        None if value is None else ((at + 0.5) * step, height - value / largest * height)
        for at, value in enumerate(values)
    ]
    return Markup('<path class="over" d="{}"/>').format(_path(points))


def _whisker(interval: tuple[float, float], largest: float) -> Markup:
    low, high = (_length(_share(end, largest)) for end in interval)
    return Markup('<path class="w" d="M{0} 5H{1}M{0} 2V8M{1} 2V8"/>').format(low, high)


def _rectangle(name: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        name, *(_length(value) for value in (x, y, width, height))
    )


def _share(value: float, whole: float) -> float:
    """`value` as hundredths of `whole`, held between 0 and 100."""
    return min(max(value / whole * 100, 0.0), 100.0) if whole else 0.0


def _length(value: float) -> str:
    """Two decimals at most, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
