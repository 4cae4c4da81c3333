"""SVG that the server draws."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import charts

VALUES = st.lists(st.none() | st.floats(0, 1e9), min_size=0, max_size=60)


def widths(svg: str, name: str) -> list[float]:
    return [float(width) for width in re.findall(rf'<rect class="{name}"[^>]* width="([\d.]+)"', svg)]


def test_a_bar_begins_at_zero_and_its_whisker_spans_the_interval() -> None:
    svg = charts.bar(5240, 10_000, (4000, 5900))
    assert '<rect class="b" x="0" y="0" width="52.4" height="10"/>' in svg
    assert '<path class="w" d="M40 5H59M40 2V8M59 2V8"/>' in svg


def test_a_bar_before_stands_under_the_bar_now() -> None:
    svg = charts.bar(50, 100, before=80, kind="points")
    assert 'class="bar p"' in svg
    assert '<rect class="b" x="0" y="0" width="50" height="6"/>' in svg
    assert '<rect class="b2" x="0" y="7" width="80" height="3"/>' in svg


def test_a_sparkline_ends_in_a_dot_and_breaks_where_data_is_missing() -> None:
    svg = charts.sparkline([1, 2, None, 3, 2])
    assert '<path d="M3 25L17.5 14M46.5 3L61 14"/>' in svg
    assert '<circle cx="61" cy="14" r="1.75"/>' in svg
    assert "area" not in charts.sparkline([1, None, 2], filled=True)
    assert charts.sparkline([1]) == charts.sparkline([None, None]) == ""


def test_columns_share_one_scale_with_their_overlay() -> None:
    svg = charts.columns([50, None, 100], "Points", overlay=[200, 100, 0])
    assert [float(height) for height in re.findall(r'height="([\d.]+)"/>', svg)] == [25, 50]
    assert 'd="M86.67 0L260 50L433.33 100"' in svg
    assert 'aria-label="Points"' in svg


def test_a_mark_stands_between_columns() -> None:
    assert '<path class="mark" d="M260 0V100"/>' in charts.histogram([1, 2, 3, 4], "Spread", marks=[2])


def test_a_label_is_escaped() -> None:
    assert 'aria-label="&lt;b&gt;&#34;"' in charts.weekly([1], '<b>"')


def test_the_pending_part_of_a_meter_never_leaves_it() -> None:
    svg = charts.meter(90, 30, 100)
    assert widths(svg, "f") == [90]
    assert widths(svg, "h") == [10]
    assert widths(charts.meter(5, 5, 0), "f") == [0]


@given(VALUES, VALUES, st.lists(st.floats(0, 60), max_size=3))
def test_every_drawing_is_well_formed_and_inside_its_box(
    values: list[float | None], overlay: list[float | None], marks: list[float]
) -> None:
    drawings = [charts.sparkline(values, filled=True), charts.columns(values, "x", overlay, marks)]
    for drawing in drawings:
        if drawing:
            ElementTree.fromstring(drawing)
            assert "style" not in drawing
            assert "nan" not in drawing
    for y, height in re.findall(r'class="b" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', drawings[1]):
        assert float(y) + float(height) == pytest.approx(100, abs=0.02)


@given(st.floats(0, 1e12), st.floats(0, 1e12), st.floats(0, 1e12))
def test_a_bar_never_leaves_its_track(value: float, largest: float, before: float) -> None:
    svg = charts.bar(value, largest, before=before)
    assert all(0 <= width <= 100 for width in widths(svg, "b") + widths(svg, "b2"))
