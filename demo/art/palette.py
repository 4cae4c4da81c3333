"""The paints of one picture: the body, its pattern, the ground it stands on, and what is the same everywhere."""

from dataclasses import dataclass

from demo.art.colour import oklch
from demo.art.design import Design

GLOW = oklch(0.78, 0.12, 70)
PALE = oklch(0.95, 0.018, 85)
COFFEE = oklch(0.34, 0.05, 50)
STEM = oklch(0.48, 0.08, 140)


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`; `lightness`, `chroma` and `hue` describe the body for shades of it."""

    lightness: float
    chroma: float
    hue: float
    base: str
    accent: str
    ground: str
    table: str
    wood: str
    ink: str

    def darker(self, step: float) -> str:
        """Return the body's colour, `step` darker on the OKLCH scale."""
        return oklch(self.lightness - step, self.chroma, self.hue)


def palette(design: Design) -> Palette:
    """Mix the paints of a design."""
    pattern_lightness = min(0.95, design.lightness + 0.28) if design.deep else design.lightness - 0.24
    return Palette(
        lightness=design.lightness,
        chroma=design.chroma,
        hue=design.hue,
        base=oklch(design.lightness, design.chroma, design.hue),
        accent=oklch(pattern_lightness, design.chroma * 0.75, design.second_hue),
        ground=oklch(0.935, design.ground_chroma, design.ground_hue),
        table=oklch(0.885, design.ground_chroma * 1.25, design.ground_hue),
        wood=oklch(design.stream("wood").between(0.62, 0.72), 0.07, 65),
        ink=oklch(0.32, 0.03, design.hue),
    )
