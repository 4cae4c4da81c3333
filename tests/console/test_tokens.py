"""The colours can be read and told apart: ratios and distances are computed from tokens.css itself."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

Colour = NDArray[np.float64]

TOKENS = Path(__file__).parents[2] / "console" / "static" / "tokens.css"
TEXT, MARK = 4.5, 3.0  # WCAG 2.2: 1.4.3 and 1.4.11
APART = 9.0  # OKLab × 100; 2 is just visible

# Machado, Oliveira, Fernandes 2009: full severity, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}  # fmt: skip
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

PAIR = re.compile(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
SCHEMES = {
    "light": {name: light for name, light, _dark in PAIR.findall(TOKENS.read_text())},
    "dark": {name: dark for name, _light, dark in PAIR.findall(TOKENS.read_text())},
}
GROUNDS = ("bg", "surface", "raised", "sunken", "hover")


def linear(colour: str) -> Colour:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, vision: str) -> float:
    def lab(colour: str) -> Colour:
        seen = np.clip(VISION[vision] @ linear(colour), 0, 1)
        return TO_LAB @ np.cbrt(TO_LMS @ seen)

    return 100 * float(np.linalg.norm(lab(one) - lab(other)))


def test_the_measures_are_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert distance("#000000", "#ffffff", "normal") == pytest.approx(100, abs=0.01)
    assert distance("#ff0000", "#ff0000", "deutan") == 0


def test_every_token_of_the_page_has_both_schemes() -> None:
    assert SCHEMES["light"].keys() == SCHEMES["dark"].keys()
    assert {*GROUNDS, "text", "text-2", "text-3", "accent", "good", "warn", "bad", "points", "c1", "c6"} <= SCHEMES[
        "dark"
    ].keys()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ink", ["text", "text-2", "text-3"])
def test_ink_can_be_read_on_every_ground(scheme: str, ink: str) -> None:
    colours = SCHEMES[scheme]
    assert {
        ground: contrast(colours[ink], colours[ground])
        for ground in GROUNDS
        if contrast(colours[ink], colours[ground]) < TEXT
    } == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", ["accent", "good", "warn", "bad", "points"])
def test_a_state_can_be_read_on_the_card_and_on_its_own_ground(scheme: str, name: str) -> None:
    colours = SCHEMES[scheme]
    for ground in ("surface", "bg", f"{name}-soft"):
        assert contrast(colours[name], colours[ground]) >= TEXT, ground


@pytest.mark.parametrize("scheme", SCHEMES)
def test_buttons_edges_focus_and_marks_stand_out(scheme: str) -> None:
    colours = SCHEMES[scheme]
    assert contrast(colours["on-accent"], colours["accent"]) >= TEXT
    assert contrast(colours["on-accent"], colours["accent-hover"]) >= TEXT
    assert contrast(colours["bg"], colours["text"]) >= TEXT  # the toast
    for mark in ("line-strong", "focus", "points-fill", "c1", "c2", "c3", "c4", "c5", "c6"):
        assert contrast(colours[mark], colours["surface"]) >= MARK, mark


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("vision", VISION)
def test_any_two_series_can_be_told_apart(scheme: str, vision: str) -> None:
    series = [SCHEMES[scheme][f"c{number}"] for number in range(1, 7)]
    assert min(distance(one, other, vision) for one, other in combinations(series, 2)) >= APART


@pytest.mark.parametrize(
    ("scheme", "ink"), [("light", {4: "#000000", 5: "on-accent"}), ("dark", {4: "#000000", 5: "on-accent"})]
)
def test_values_can_be_read_on_every_step_of_the_heat_ramp(scheme: str, ink: dict[int, str]) -> None:
    colours = SCHEMES[scheme]
    for step in range(1, 6):
        written = ink.get(step, "text")
        assert contrast(colours.get(written, written), colours[f"s{step}"]) >= TEXT, step
