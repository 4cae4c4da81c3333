"""One design as one SVG document: ground, table, shadow, the thing, its pattern, the light, its label."""

from demo.art import patterns
from demo.art.design import Design
from demo.art.kinds import registry
from demo.art.outline import Form, text
from demo.art.palette import Palette, palette

# The light comes from the left, always: a white band on the left, a dark right side.
_LIGHT = (
    '<path d="M252 0H400V400H232Q270 220 252 0Z" fill="#000" opacity=".10"/>'
    '<path d="M138 0h20q-10 200 4 400h-24z" fill="#fff" opacity=".22"/>'
)


def picture(design: Design) -> str:
    """Draw a design as SVG: no script, no reference to anything outside, the same bytes every time."""
    paint = palette(design)
    form = registry.DRAWN[design.kind](design.stream("shape"), paint)
    pattern = patterns.DRAWN[design.pattern](design.stream("pattern"), form.top, form.bottom, paint)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="28 30 344 344">'
        f'<rect width="400" height="400" fill="{paint.ground}"/><path d="M0 288H400V400H0Z" fill="{paint.table}"/>'
        f"{_shadow(form, paint)}{form.behind}{_body(form, paint, pattern)}{form.front}{form.label}</svg>"
    )


def _shadow(form: Form, paint: Palette) -> str:
    if not form.shadow:
        return ""
    return f'<ellipse cx="208" cy="313" rx="{text(form.shadow)}" ry="11" fill="{paint.ink}" opacity=".17"/>'


def _body(form: Form, paint: Palette, pattern: str) -> str:
    light = _LIGHT if form.lit else ""
    return (
        f'<clipPath id="body"><path d="{form.outline}"/></clipPath>'
        f'<path d="{form.outline}" fill="{form.body or paint.base}"/><g clip-path="url(#body)">{pattern}{light}</g>'
    )
