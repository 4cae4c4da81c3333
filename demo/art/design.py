"""Which picture an index stands for: kind, scene, pattern, hue and depth.

By index, so that neighbours differ and no combination returns before 1,920 pictures: kind = i mod 16, row r = i div 16,
scene = (5k + 5r) mod 12, pattern = (3k + 3r + r div 60) mod 10, object hue = r mod 3. Only proportions and the depth of a
colour are jittered.
"""

from dataclasses import dataclass

from demo.art.colour import family, shade
from demo.art.jitter import Jitter

SEED = "kettle-lane"
KINDS = (
    "mug",
    "pouch",
    "vase",
    "kettle",
    "bowl",
    "candle",
    "plant",
    "jar",
    "teapot",
    "towel",
    "lamp",
    "bottle",
    "tin",
    "plate",
    "board",
    "cushion",
)
PATTERNS = ("plain", "dip", "stripes", "dots", "band", "speckle", "waves", "leaves", "check", "sunrise")
_BOARD_PATTERNS = ("plain", "dip", "band")

# Hue and chroma of the ground, and three object hues that suit it (OKLCH, degrees).
SCENES = (
    (85, 0.035, (228, 48, 25)),
    (25, 0.030, (150, 85, 20)),
    (150, 0.030, (48, 85, 330)),
    (228, 0.028, (48, 85, 228)),
    (60, 0.045, (175, 30, 300)),
    (330, 0.025, (150, 75, 350)),
    (110, 0.035, (40, 250, 110)),
    (200, 0.026, (75, 15, 200)),
    (45, 0.030, (260, 45, 140)),
    (300, 0.022, (80, 160, 290)),
    (95, 0.050, (20, 210, 60)),
    (175, 0.028, (55, 340, 180)),
)


@dataclass(frozen=True)
class Design:
    """Everything that decides a picture. `lightness`, `chroma` and the two hues are OKLCH."""

    seed: str
    index: int
    variant: int
    kind: str
    pattern: str
    ground_hue: float
    ground_chroma: float
    lightness: float
    chroma: float
    hue: float
    second_hue: float

    @property
    def deep(self) -> bool:
        """Whether the body is one of the dark shades, which take a light pattern."""
        return self.lightness < 0.58

    @property
    def colour(self) -> str:
        """The shop's word for the body's colour."""
        return shade(self.lightness, self.hue)

    @property
    def colour_family(self) -> str:
        """The plain word for the body's colour."""
        return family(self.hue)

    def stream(self, purpose: str) -> Jitter:
        """Return the numbers for one purpose; shape and pattern are the same for every variant of an index."""
        return Jitter(f"{self.seed}/{self.index}/{purpose}")


def design(index: int, variant: int = 0, seed: str = SEED) -> Design:
    """Return the design of a product picture; variants keep the shape and the pattern and change the hue."""
    kind, row = index % len(KINDS), index // len(KINDS)
    ground_hue, ground_chroma, hues = SCENES[(5 * kind + 5 * row + 4 * variant) % len(SCENES)]
    lightness, chroma = _depth(Jitter(f"{seed}/{index}/depth"), flipped=variant % 2 == 1)
    return Design(
        seed=seed,
        index=index,
        variant=variant,
        kind=KINDS[kind],
        pattern=_pattern(KINDS[kind], (3 * kind + 3 * row + row // 60) % len(PATTERNS)),
        ground_hue=ground_hue,
        ground_chroma=ground_chroma,
        lightness=lightness,
        chroma=chroma,
        hue=hues[row % 3],
        second_hue=hues[(row + 1) % 3],
    )


def _depth(jitter: Jitter, *, flipped: bool) -> tuple[float, float]:
    deep = (jitter.between(0, 1) < 0.45) is not flipped
    if deep:
        return jitter.between(0.40, 0.50), jitter.between(0.07, 0.11)
    return jitter.between(0.66, 0.80), jitter.between(0.06, 0.10)


def _pattern(kind: str, number: int) -> str:
    # A wooden board cannot be printed all over: it is plain, dipped or banded.
    return _BOARD_PATTERNS[number % 3] if kind == "board" else PATTERNS[number]
