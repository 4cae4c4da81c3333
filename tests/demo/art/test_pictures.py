"""Three hundred drawn products: distinct, small, closed in themselves, and the same bytes every time."""

import struct
from hashlib import sha256

import pytest

from demo.art.colour import oklch, shade
from demo.art.design import KINDS, design
from demo.art.jitter import Jitter
from demo.art.outline import lathe, text
from demo.art.picture import picture
from demo.art.raster import png
from demo.catalogue import COUNT, products


@pytest.fixture(scope="module")
def pictures() -> list[str]:
    return [picture(design(index)) for index in range(COUNT)]


def test_no_two_pictures_are_alike(pictures: list[str]) -> None:
    assert len({sha256(drawn.encode()).digest() for drawn in pictures}) == COUNT == 304


def test_every_picture_is_small(pictures: list[str]) -> None:
    assert max(len(drawn.encode()) for drawn in pictures) <= 8 * 1024


@pytest.mark.parametrize("forbidden", ["<script", "href", "url(http", "<image", "<use", "@import", "style=", " on"])
def test_no_script_and_no_reference_to_anything_outside(pictures: list[str], forbidden: str) -> None:
    assert not [number for number, drawn in enumerate(pictures) if forbidden in drawn]


def test_a_second_run_gives_equal_bytes(pictures: list[str]) -> None:
    assert [picture(design(index)) for index in range(COUNT)] == pictures


def test_the_first_picture_is_the_one_we_know(pictures: list[str]) -> None:
    assert pictures[0].startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="28 30 344 344"><rect width="400"')
    assert sha256(pictures[0].encode()).hexdigest()[:16] == "a392367af0f5c9ca"


def test_the_index_decides_kind_scene_pattern_and_hue() -> None:
    drawn = design(19)
    assert (drawn.kind, drawn.pattern, drawn.ground_hue, drawn.hue) == ("kettle", "stripes", 45, 45)


def test_no_combination_returns_before_1920() -> None:
    kinds = [design(index) for index in range(1920) if KINDS[index % 16] != "board"]
    seen = {(one.kind, one.ground_hue, one.ground_chroma, one.pattern, one.hue) for one in kinds}
    assert len(seen) == len(kinds)


def test_variants_keep_the_shape_and_change_the_colour() -> None:
    for product in products():
        colours = [variant.colour for variant in product.variants]
        assert len(set(colours)) == len(colours)
        assert colours[0] == product.colour
    outline = [part for part in picture(design(19)).split('"') if part.startswith("M")]
    other = [part for part in picture(design(19, 1)).split('"') if part.startswith("M")]
    assert outline == other


def test_a_picture_for_mail_is_a_png_480_pixels_wide(pictures: list[str]) -> None:
    drawn = png(pictures[19])
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", drawn[16:24]) == (480, 480)
    assert drawn == png(pictures[19])


def test_oklch_reaches_the_ends_of_srgb() -> None:
    assert (oklch(1, 0, 0), oklch(0, 0, 0), oklch(0.627955, 0.257683, 29.2339)) == ("#ffffff", "#000000", "#ff0000")


def test_a_hue_has_a_word_for_light_and_for_deep() -> None:
    assert (shade(0.7, 228), shade(0.45, 228), shade(0.7, 359)) == ("sky", "harbour blue", "rose")


def test_jitter_is_a_pure_function_of_its_key() -> None:
    first, second = Jitter("a"), Jitter("a")
    drawn = [first.between(2, 3) for _ in range(40)]
    assert drawn == [second.between(2, 3) for _ in range(40)]
    assert all(2 <= number <= 3 for number in drawn)
    assert len(set(drawn)) == 40


def test_coordinates_have_one_decimal_at_most() -> None:
    assert [text(number) for number in (1.0, 1.25, -0.01, 200)] == ["1", "1.2", "0", "200"]


def test_a_lathe_is_symmetric() -> None:
    assert lathe([(10, 0), (20, 30)]) == "M210 0C211.7 5 218.3 25 220 30L180 30C181.7 25 188.3 5 190 0Z"
