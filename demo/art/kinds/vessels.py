"""What one drinks, eats and puts flowers in: mug, bowl, plate and vase."""

from demo.art.colour import oklch
from demo.art.jitter import Jitter
from demo.art.outline import Form, lathe, scaled, text
from demo.art.palette import COFFEE, GLOW, PALE, STEM, Palette


def mug(jitter: Jitter, paint: Palette) -> Form:
    """Draw a mug with coffee in it."""
    width, top, taper = jitter.between(66, 84), jitter.between(132, 160), jitter.between(0.72, 1)
    foot = width * taper
    outline = (
        f"M{text(200 - width)} {text(top)}H{text(200 + width)}L{text(200 + foot)} 284q-3 26 -26 26"
        f"H{text(200 - foot + 26)}q-23 0 -26 -26Z"
    )
    handle = f"M{text(200 + width * 0.9)} {text(top + 34)}c62 -8 62 92 {text(-width * 0.02)} 88"
    return Form(
        outline,
        top,
        310,
        behind=f'<path d="{handle}" fill="none" stroke="{paint.base}" stroke-width="17" stroke-linecap="round"/>',
        front=_rim(top, width, 13, paint) + _opening(top + 3, width - 9, 8.5, COFFEE),
    )


def bowl(jitter: Jitter, paint: Palette) -> Form:
    """Draw a bowl on its foot."""
    width, top = jitter.between(108, 128), jitter.between(180, 205)
    foot = f'<rect x="{text(200 - width * 0.36)}" y="304" width="{text(width * 0.72)}" height="14" rx="5"'
    return Form(
        lathe([(width, top), (width * 0.97, top + 35), (width * 0.7, 290), (width * 0.42, 312)]),
        top,
        312,
        behind=f'{foot} fill="{paint.darker(0.12)}"/>',
        front=_rim(top, width, 20, paint) + _opening(top + 4, width - 11, 14, PALE),
    )


def plate(jitter: Jitter, paint: Palette) -> Form:
    """Draw a plate from above, its pattern on the rim only."""
    radius = jitter.between(108, 124)
    outline = (
        f"M{text(200 - radius)} 204a{text(radius)} {text(radius)} 0 1 1 {text(2 * radius)} 0"
        f"a{text(radius)} {text(radius)} 0 1 1 {text(-2 * radius)} 0Z"
    )
    shine = f"M{text(200 - radius * 0.8)} 204a{text(radius * 0.8)} {text(radius * 0.8)} 0 0 1"
    return Form(
        outline,
        204 - radius,
        204 + radius,
        front=f'<circle cx="200" cy="204" r="{text(radius * 0.66)}" fill="{PALE}" stroke="{paint.ink}" '
        'stroke-opacity=".14" stroke-width="3"/>'
        f'<path d="{shine} {text(radius * 0.5)} {text(-radius * 0.62)}" fill="none" stroke="#fff" '
        'stroke-opacity=".4" stroke-width="7" stroke-linecap="round"/>',
        shadow=104,
        lit=False,
    )


def vase(jitter: Jitter, paint: Palette) -> Form:
    """Draw a vase with two flowers and a twig."""
    neck, belly, shoulder = jitter.between(20, 34), jitter.between(62, 92), jitter.between(180, 235)
    factor = jitter.between(0.92, 1.06)
    profile = [
        (neck + 10, 104.0),
        (neck, 122.0),
        (neck + 2, 146.0),
        (belly, shoulder),
        (belly * 0.82, 280.0),
        (belly * 0.5, 312.0),
    ]
    return Form(
        lathe(scaled(profile, factor)),
        104,
        312,
        behind=_flower(jitter) + _twig(jitter) + _flower(jitter),
        front=f'<ellipse cx="200" cy="104" rx="{text((neck + 10) * factor)}" ry="6" fill="{paint.darker(0.13)}"/>',
        shadow=62,
    )


def _rim(top: float, width: float, height: float, paint: Palette) -> str:
    return _opening(top, width, height, paint.darker(0.1))


def _opening(top: float, width: float, height: float, fill: str) -> str:
    return f'<ellipse cx="200" cy="{text(top)}" rx="{text(width)}" ry="{text(height)}" fill="{fill}"/>'


def _stalk(lean: float, height: float) -> str:
    return (
        f'<path d="M200 120Q{text(200 + lean * 0.3)} 80 {text(200 + lean)} {text(height)}" '
        f'stroke="{STEM}" stroke-width="4" fill="none"/>'
    )


def _flower(jitter: Jitter) -> str:
    lean = jitter.between(-46, 46)
    petal = oklch(jitter.between(0.66, 0.82), 0.12, jitter.choose((25, 50, 80, 340)))
    at = f"{text(200 + lean)} 68"
    petals = "".join(
        f'<ellipse cx="{text(200 + lean)}" cy="58" rx="7" ry="15" fill="{petal}" '
        f'transform="rotate({round(turn * 60 + jitter.between(-8, 8))} {at})"/>'
        for turn in range(6)
    )
    return f'{_stalk(lean, 68)}{petals}<circle cx="{text(200 + lean)}" cy="68" r="6" fill="{GLOW}"/>'


def _twig(jitter: Jitter) -> str:
    lean = jitter.between(-46, 46)
    x = text(200 + lean * 0.8)
    leaves = "".join(
        f'<ellipse cx="{x}" cy="{42 + pair * 13}" rx="6" ry="12" fill="{STEM}" '
        f'transform="rotate({(-1) ** pair * 50} {x} {50 + pair * 13})"/>'
        for pair in range(4)
    )
    return _stalk(lean, jitter.between(58, 72)) + leaves
