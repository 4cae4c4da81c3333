"""The ten patterns, drawn larger than the thing and clipped to its outline."""

from collections.abc import Callable

from demo.art.jitter import Jitter
from demo.art.outline import text
from demo.art.palette import GLOW, Palette

Pattern = Callable[[Jitter, float, float, Palette], str]


def plain(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw nothing: the glaze is enough."""
    return ""


def dip(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw a second glaze up to an uneven edge."""
    edge = top + (bottom - top) * jitter.between(0.45, 0.62)
    drips = "".join(f"q25 {text(jitter.between(-14, 14))} 50 0" for _ in range(8))
    return f'<path d="M0 {text(edge)}{drips}V400H0Z" fill="{paint.accent}"/>'


def stripes(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw level stripes of one width."""
    width = jitter.between(9, 17)
    rows = range(1, int((bottom - top) / width / 2) + 1)
    return "".join(_bar(top + row * width * 2, width * 0.8, paint) for row in rows)


def dots(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw dots in a staggered grid, as one dashed line with round ends for each row."""
    step = jitter.between(24, 34)
    rows = range(int((bottom - top) / step / 0.86) + 1)
    lines = "".join(f"M{text(20 + row % 2 * step / 2)} {text(top + 10 + row * step * 0.86)}H390" for row in rows)
    return (
        f'<path d="{lines}" stroke="{paint.accent}" stroke-width="{text(step * 0.34)}" stroke-linecap="round" '
        f'stroke-dasharray="0 {text(step)}" fill="none"/>'
    )


def band(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw one broad band between two thin ones."""
    height = bottom - top
    start, width = top + height * jitter.between(0.35, 0.55), height * jitter.between(0.14, 0.22)
    return _bar(start, width, paint) + _bar(start + width + 6, 4, paint) + _bar(start - 10, 4, paint)


def speckle(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw the brown specks of stoneware."""
    specks = "".join(
        f'<circle cx="{text(jitter.between(60, 340))}" cy="{text(jitter.between(top, bottom))}" '
        f'r="{text(jitter.between(1, 3.6))}"/>'
        for _ in range(58)
    )
    return f'<g fill="{paint.accent}">{specks}</g>'


def waves(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw rows of waves."""
    step = jitter.between(22, 32)
    rows = range(1, int((bottom - top) / step) + 1)
    lines = "".join(f"M0 {text(top + row * step)}" + "q20 -16 40 0t40 0" * 5 for row in rows)
    return f'<path d="{lines}" fill="none" stroke="{paint.accent}" stroke-width="6"/>'


def leaves(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw scattered leaves with their midrib in the colour of the body."""
    drawn = []
    for column in range(5):
        for row in range(int((bottom - top) / 52) + 1):
            place = f"translate({90 + column * 55 + row % 2 * 27} {text(top + 22 + row * 52)})"
            drawn.append(
                f'<g transform="{place} rotate({text(jitter.between(-35, 35))})">'
                f'<path d="M0 17C-15 5 -9 -12 0 -19C9 -12 15 5 0 17Z" fill="{paint.accent}"/>'
                f'<path d="M0 15V-10" stroke="{paint.base}" stroke-width="1.6"/></g>'
            )
    return "".join(drawn)


def check(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw a chequerboard."""
    side = jitter.between(26, 36)
    squares = "".join(
        f"M{text(column * side)} {text(top + row * side)}h{text(side)}v{text(side)}h{text(-side)}z"
        for column in range(int(400 / side) + 1)
        for row in range(int((bottom - top) / side) + 1)
        if (column + row) % 2
    )
    return f'<path d="{squares}" fill="{paint.accent}"/>'


def sunrise(jitter: Jitter, top: float, bottom: float, paint: Palette) -> str:
    """Draw a low sun over hills."""
    middle, radius = top + (bottom - top) * 0.52, min((bottom - top) * 0.26, 44)
    hills = f"M0 {text(middle + radius * 0.35)}q50 -26 100 0t100 0t100 0t100 0V400H0Z"
    return (
        f'<circle cx="200" cy="{text(middle)}" r="{text(radius)}" fill="{GLOW}"/>'
        f'<path d="{hills}" fill="{paint.accent}"/>'
    )


DRAWN: dict[str, Pattern] = {
    "plain": plain,
    "dip": dip,
    "stripes": stripes,
    "dots": dots,
    "band": band,
    "speckle": speckle,
    "waves": waves,
    "leaves": leaves,
    "check": check,
    "sunrise": sunrise,
}


def _bar(top: float, height: float, paint: Palette) -> str:
    return f'<rect y="{text(top)}" width="400" height="{text(height)}" fill="{paint.accent}"/>'
