"""What things are sold in: pouch, jar, bottle and tin, each with the same label; and the candle in its glass."""

from demo.art.jitter import Jitter
from demo.art.outline import Form, lathe, text
from demo.art.palette import GLOW, PALE, Palette


def pouch(jitter: Jitter, paint: Palette) -> Form:
    """Draw a bag of beans, folded at the top."""
    width, top = jitter.between(74, 90), jitter.between(96, 116)
    outline = (
        f"M{text(200 - width + 10)} {text(top)}H{text(200 + width - 10)}l10 34l6 152q2 26 -18 26"
        f"H{text(200 - width + 2)}q-20 0 -18 -26l6 -152Z"
    )
    fold = f"M{text(200 - width + 9)} {text(top)}h{text(2 * width - 18)}v18h{text(-2 * width + 18)}z"
    return Form(
        outline,
        top + 30,
        312,
        front=f'<path d="{fold}" fill="{paint.darker(0.1)}"/>',
        label=_bean_label(width, top + 116, paint),
    )


def jar(jitter: Jitter, paint: Palette) -> Form:
    """Draw a jar with a wooden lid."""
    width, top = jitter.between(62, 80), jitter.between(130, 160)
    outline = (
        f"M{text(200 - width + 14)} {text(top)}H{text(200 + width - 14)}q14 6 14 26V296q0 16 -16 16"
        f"H{text(200 - width + 16)}q-16 0 -16 -16V{text(top + 26)}q0 -20 14 -26Z"
    )
    edge, across = text(200 - width + 6), text(2 * width - 12)
    lid = f'<rect x="{edge}" y="{text(top - 28)}" width="{across}" height="32" rx="8" fill="{paint.wood}"/>'
    seam = (
        f'<rect x="{edge}" y="{text(top - 6)}" width="{across}" height="10" rx="4" fill="{paint.ink}" opacity=".22"/>'
    )
    return Form(outline, top + 20, 312, front=lid + seam, label=_label(width, (top + 332) / 2 + 6, paint))


def bottle(jitter: Jitter, paint: Palette) -> Form:
    """Draw a bottle with a cork."""
    width, shoulder = jitter.between(44, 58), jitter.between(170, 205)
    profile = [(17.0, 92.0), (17.0, 120.0), (20.0, 140.0), (width, shoulder), (width, 270.0), (width - 3, 312.0)]
    return Form(
        lathe(profile),
        shoulder,
        312,
        front=f'<rect x="179" y="74" width="42" height="26" rx="6" fill="{paint.wood}"/>',
        label=_label(width, (shoulder + 312) / 2 + 6, paint),
    )


def tin(jitter: Jitter, paint: Palette) -> Form:
    """Draw a tea tin with its lid."""
    width, top = jitter.between(66, 82), jitter.between(140, 170)
    outline = (
        f"M{text(200 - width)} {text(top)}H{text(200 + width)}V300q0 12 -12 12H{text(200 - width + 12)}q-12 0 -12 -12Z"
    )
    lid = f'<rect x="{text(200 - width - 5)}" y="{text(top - 24)}" width="{text(2 * width + 10)}" height="32" rx="8"'
    return Form(
        outline,
        top,
        312,
        front=f'{lid} fill="{paint.darker(0.1)}"/>',
        label=_label(width, (top + 312) / 2 + 6, paint),
    )


def candle(jitter: Jitter, paint: Palette) -> Form:
    """Draw a burning candle and the glow around it."""
    width, top = jitter.between(54, 72), jitter.between(180, 215)
    outline = (
        f"M{text(200 - width)} {text(top)}H{text(200 + width)}V298q0 14 -14 14H{text(200 - width + 14)}q-14 0 -14 -14Z"
    )
    wax = f'<ellipse cx="200" cy="{text(top)}" rx="{text(width)}" ry="12" fill="{PALE}"/>'
    wick = f'<path d="M200 {text(top)}v-20" stroke="{paint.ink}" stroke-width="4"/>'
    flame = f'<path d="M200 {text(top - 66)}c19 24 15 42 0 46c-15 -4 -19 -22 0 -46Z" fill="{GLOW}"/>'
    heart = f'<path d="M200 {text(top - 44)}c8 11 7 20 0 22c-7 -2 -8 -11 0 -22Z" fill="{PALE}"/>'
    glow = f'<circle cx="200" cy="{text(top - 40)}" r="70" fill="{GLOW}" opacity=".16"/>'
    return Form(outline, top, 312, behind=glow, front=wax + wick + flame + heart)


def _label(width: float, middle: float, paint: Palette) -> str:
    card = (
        f'<rect x="{text(200 - width * 0.62)}" y="{text(middle - 32)}" width="{text(width * 1.24)}" height="64" rx="4"'
    )
    lines = (
        f"M{text(200 - width * 0.36)} {text(middle + 10)}h{text(width * 0.72)}"
        f"M{text(200 - width * 0.24)} {text(middle + 19)}h{text(width * 0.48)}"
    )
    return (
        f'{card} fill="{PALE}"/><circle cx="200" cy="{text(middle - 10)}" r="9" fill="{paint.base}"/>'
        f'<path d="{lines}" stroke="{paint.ink}" stroke-width="3.4" stroke-linecap="round" opacity=".7"/>'
    )


def _bean_label(width: float, middle: float, paint: Palette) -> str:
    card = (
        f'<rect x="{text(200 - width * 0.64)}" y="{text(middle - 36)}" width="{text(width * 1.28)}" height="92" rx="4"'
    )
    bean = f"M200 {text(middle - 22)}c17 4 17 32 0 36c-17 -4 -17 -32 0 -36Z"
    lines = (
        f"M{text(200 - width * 0.4)} {text(middle + 28)}h{text(width * 0.8)}"
        f"M{text(200 - width * 0.26)} {text(middle + 39)}h{text(width * 0.52)}"
    )
    return (
        f'{card} fill="{PALE}"/><path d="{bean}" fill="{paint.base}"/>'
        f'<path d="M200 {text(middle - 20)}q-7 16 0 32" stroke="{PALE}" stroke-width="3" fill="none"/>'
        f'<path d="{lines}" stroke="{paint.ink}" stroke-width="3.6" stroke-linecap="round" opacity=".7"/>'
    )
