"""What pours: the teapot with its round handle and the kettle with its wooden one."""

from demo.art.jitter import Jitter
from demo.art.outline import Form, lathe, text
from demo.art.palette import Palette


def teapot(jitter: Jitter, paint: Palette) -> Form:
    """Draw a round teapot."""
    width, top = jitter.between(84, 98), jitter.between(164, 184)
    profile = [
        (width * 0.5, top),
        (width * 0.92, top + 38),
        (width, 250.0),
        (width * 0.86, 296.0),
        (width * 0.6, 312.0),
    ]
    handle = f"M{text(200 - width * 0.8)} {text(top + 44)}c-66 -16 -66 90 -4 80"
    drawn = f'<path d="{handle}" fill="none" stroke="{paint.base}" stroke-width="15" stroke-linecap="round"/>'
    return Form(lathe(profile), top, 312, behind=_spout(width, top, paint) + drawn, front=_lid(width, top, paint))


def kettle(jitter: Jitter, paint: Palette) -> Form:
    """Draw a stove kettle, wide at the foot."""
    width, top = jitter.between(84, 98), jitter.between(164, 184)
    profile = [
        (width * 0.5, top - 8),
        (width * 0.66, top + 20),
        (width * 0.92, 270.0),
        (width, 304.0),
        (width * 0.94, 312.0),
    ]
    handle = (
        f"M{text(200 - width * 0.62)} {text(top + 14)}C{text(200 - width * 0.7)} 78 {text(200 + width * 0.7)} 78 "
        f"{text(200 + width * 0.62)} {text(top + 14)}"
    )
    drawn = f'<path d="{handle}" fill="none" stroke="{paint.wood}" stroke-width="14" stroke-linecap="round"/>'
    return Form(lathe(profile), top, 312, behind=_spout(width, top, paint) + drawn, front=_lid(width, top, paint))


def _spout(width: float, top: float, paint: Palette) -> str:
    path = (
        f"M{text(200 + width * 0.66)} 268C{text(200 + width * 1.3)} 262 {text(200 + width * 1.2)} {text(top + 34)} "
        f"{text(200 + width * 1.62)} {text(top + 12)}l13 9"
        f"C{text(200 + width * 1.5)} {text(top + 52)} {text(200 + width * 1.5)} 292 {text(200 + width * 0.6)} 296Z"
    )
    return f'<path d="{path}" fill="{paint.darker(0.07)}"/>'


def _lid(width: float, top: float, paint: Palette) -> str:
    lid = f'<ellipse cx="200" cy="{text(top)}" rx="{text(width * 0.5)}" ry="12" fill="{paint.darker(0.1)}"/>'
    return f'{lid}<circle cx="200" cy="{text(top - 17)}" r="10" fill="{paint.wood}"/>'
