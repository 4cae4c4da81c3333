"""What the kit computes for its templates: changes, days, sorts."""

from console.format import MINUS, Formatter
from console.parts import Change, Column, Entry, Sort, by_day, next_sort, rate_change, read_sort, relative_change
from core import clock

NOW = clock.parse("2026-11-21T09:30:00Z")
FORM = Formatter("en_GB", "Europe/Berlin", NOW)


def test_a_change_says_how_much_and_whether_it_is_good() -> None:
    assert relative_change(77114, 66617, FORM, "up") == Change("15.8%", "up", "good")
    assert relative_change(90, 100, FORM, "up") == Change("10.0%", "down", "bad")
    assert relative_change(90, 100, FORM, "down") == Change("10.0%", "down", "good")
    assert relative_change(90, 100, FORM) == Change("10.0%", "down", "")
    assert relative_change(5, 5, FORM, "up") == Change("0.0%", "flat", "")
    assert relative_change(5, 0, FORM) is None


def test_a_rate_changes_in_points() -> None:
    assert rate_change(0.384, 0.365, FORM, "up") == Change("1.9 points", "up", "good")
    assert MINUS not in rate_change(0.951, 0.965, FORM, "up").text


def test_a_timeline_is_grouped_by_the_days_of_the_store() -> None:
    instants = ("2026-11-20T23:10:00Z", "2026-11-20T22:50:00Z", "2026-11-17T12:00:00Z", "2026-11-17T11:00:00Z")
    days = by_day([Entry(clock.parse(text), "eye", text) for text in instants], FORM)
    assert [(day.name, day.detail, len(day.entries)) for day in days] == [
        ("Today", "Sat 21 Nov", 1),
        ("Yesterday", "Fri 20 Nov", 1),
        ("Tue 17 Nov", "", 2),
    ]


def test_a_sort_that_is_not_offered_is_the_default() -> None:
    default = Sort("name")
    assert read_sort("-orders", ("name", "orders"), default) == Sort("orders", True)
    assert read_sort("orders", ("name", "orders"), default) == Sort("orders")
    for text in ("", "-", "password", "--orders", "orders;drop"):
        assert read_sort(text, ("name", "orders"), default) == default


def test_a_head_sorts_numbers_from_the_top_then_turns_round() -> None:
    orders, name = Column("Orders", is_number=True, sort="orders"), Column("Name", sort="name")
    assert [next_sort(orders, sort) for sort in (None, Sort("orders", True), Sort("orders"), Sort("name"))] == [
        "-orders",
        "orders",
        "-orders",
        "-orders",
    ]
    assert [next_sort(name, sort) for sort in (None, Sort("name"), Sort("name", True))] == ["name", "-name", "name"]
