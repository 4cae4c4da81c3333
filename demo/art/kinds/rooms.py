"""What makes a room: the plant in its pot, the lamp, the towel on its rail, the cushion and the board."""

from demo.art.colour import oklch
from demo.art.jitter import Jitter
from demo.art.outline import Form, lathe, text
from demo.art.palette import GLOW, Palette

HABITS = ("broad", "round", "blade")


def habit(jitter: Jitter) -> str:
    """Return how a plant grows; the first number of its shape decides, so that its name can agree."""
    return jitter.choose(HABITS)


def plant(jitter: Jitter, paint: Palette) -> Form:
    """Draw a plant with nine leaves in a pot."""
    grows, width, hue = habit(jitter), jitter.between(58, 74), jitter.between(130, 165)
    outline = (
        f"M{text(200 - width)} 226H{text(200 + width)}l-13 76q-2 10 -13 10H{text(200 - width + 26)}q-11 0 -13 -10Z"
    )
    rim = f'<rect x="{text(200 - width - 6)}" y="218" width="{text(2 * width + 12)}" height="22" rx="6"'
    leaves = "".join(_leaf(grows, number, hue, jitter) for number in range(9))
    return Form(outline, 226, 312, behind=leaves, front=f'{rim} fill="{paint.darker(0.08)}"/>')


def lamp(jitter: Jitter, paint: Palette) -> Form:
    """Draw a table lamp that is on."""
    width = jitter.between(80, 104)
    crown = width * jitter.between(0.5, 0.72)
    foot = lathe([(7, 190), (8, 230), (jitter.between(22, 40), 270), (jitter.between(30, 44), 300), (46, 312)])
    return Form(
        f"M{text(200 - crown)} 96H{text(200 + crown)}L{text(200 + width)} 196H{text(200 - width)}Z",
        96,
        196,
        behind=f'<circle cx="200" cy="150" r="128" fill="{GLOW}" opacity=".18"/><path d="{foot}" fill="{paint.wood}"/>',
        shadow=60,
    )


def towel(jitter: Jitter, paint: Palette) -> Form:
    """Draw a towel over a rail, with its fringe."""
    width = jitter.between(70, 92)
    outline = f"M{text(200 - width)} 104H{text(200 + width)}V296q0 8 -8 8H{text(200 - width + 8)}q-8 0 -8 -8Z"
    gap = (2 * width - 12) / 22
    fringe = "".join(f"M{text(200 - width + 6 + thread * gap)} 303v12" for thread in range(23))
    return Form(
        outline,
        112,
        304,
        behind=f'<rect x="66" y="96" width="268" height="11" rx="5.5" fill="{paint.wood}"/>',
        front=f'<path d="{fringe}" stroke="{paint.base}" stroke-width="3"/>',
        shadow=0,
    )


def cushion(jitter: Jitter, paint: Palette) -> Form:
    """Draw a cushion, more or less plump."""
    plump = jitter.between(-5, 6)
    outline = (
        f"M92 128Q200 {text(112 - plump)} 308 128Q{text(322 + plump)} 214 308 300"
        f"Q200 {text(318 + plump)} 92 300Q{text(78 - plump)} 214 92 128Z"
    )
    return Form(outline, 120, 310, shadow=100)


def board(jitter: Jitter, paint: Palette) -> Form:
    """Draw a wooden board with its grain and a hole to hang it by."""
    width = jitter.between(70, 90)
    outline = (
        f"M{text(200 - width)} 156q0 -26 26 -26h{text(width - 40)}v-34q0 -14 14 -14t14 14v34h{text(width - 40)}"
        f"q26 0 26 26V286q0 26 -26 26H{text(200 - width + 26)}q-26 0 -26 -26Z"
    )
    grain = "".join(
        f"M{text(200 - width + 16)} {height}q{text(width - 16)} {text(jitter.between(-14, 14))} {text(2 * width - 32)} 0"
        for height in (172, 196, 224, 250, 276)
    )
    hole = f'<circle cx="200" cy="100" r="5.5" fill="{paint.ground}"/>'
    return Form(
        outline,
        130,
        312,
        front=f'{hole}<path d="{grain}" stroke="{paint.ink}" stroke-width="1.6" fill="none" opacity=".22"/>',
        body=paint.wood,
    )


def _leaf(grows: str, number: int, hue: float, jitter: Jitter) -> str:
    angle = -78 + number * 19.5 + jitter.between(-5, 5)
    length = jitter.between(96, 138) * (1 - 0.0022 * abs(angle))
    green = oklch(jitter.between(0.42, 0.62), 0.10, hue)
    if grows == "round":
        stalk = f'<path d="M0 0V{text(-length)}" stroke="{green}" stroke-width="4"/>'
        disc = f'<circle cy="{text(-length)}" r="{text(jitter.between(15, 23))}" fill="{green}"/>'
        return f'<g transform="translate(200 232) rotate({text(angle)})">{stalk}{disc}</g>'
    if grows == "broad":
        side = f"C-24 {text(-length * 0.4)} -14 {text(-length * 0.85)} 0 {text(-length)}"
        path = f"M0 0{side}C14 {text(-length * 0.85)} 24 {text(-length * 0.4)} 0 0Z"
        return f'<path d="{path}" fill="{green}" transform="translate(200 232) rotate({text(angle)})"/>'
    tip = f"{text(jitter.between(-10, 10))} {text(-length * 1.12)}"
    path = f"M-6 0Q-9 {text(-length * 0.7)} {tip}Q9 {text(-length * 0.7)} 7 0Z"
    return f'<path d="{path}" fill="{green}" transform="translate(200 232) rotate({text(angle * 0.55)})"/>'
