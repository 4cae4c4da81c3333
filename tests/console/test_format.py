"""Texts of numbers, money and time for one reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.format import MINUS, Formatter
from core import clock

NOW = clock.parse("2026-11-21T09:30:00Z")
BRITISH = Formatter("en_GB", "Europe/Berlin", NOW)
GERMAN = Formatter("de_DE", "Europe/Berlin", NOW)
AMERICAN = Formatter("en_US", "America/New_York", NOW)


def test_numbers_are_grouped_and_have_a_true_minus() -> None:
    assert BRITISH.number(18440) == "18,440"
    assert BRITISH.number(-1234.5) == f"{MINUS}1,234.5"
    assert BRITISH.number(2, 1) == "2.0"
    assert GERMAN.number(1234.5) == "1.234,5"
    assert BRITISH.number(None) == "–"


def test_prose_has_three_digits() -> None:
    assert BRITISH.about(18_437) == "18,400"
    assert BRITISH.about(0) == "0"
    assert BRITISH.about(999_600) == "1,000,000"


def test_changes_show_their_sign() -> None:
    assert [BRITISH.signed(value) for value in (412, -96, 0, None)] == ["+412", f"{MINUS}96", "0", "–"]
    assert BRITISH.signed(4.12, 1) == "+4.1"


def test_shares_are_percent() -> None:
    assert BRITISH.percent(0.384) == "38.4%"
    assert BRITISH.percent(0.92, 0) == "92%"
    assert GERMAN.percent(0.384) == "38,4%"


@pytest.mark.parametrize(
    ("minor", "currency", "text", "whole"),
    [
        (6450, "EUR", "€64.50", "€65"),
        (-6450, "EUR", f"{MINUS}€64.50", f"{MINUS}€65"),
        (7711449, "EUR", "€77,114.49", "€77,114"),
        (77114, "JPY", "JP¥77,114", "JP¥77,114"),
        (0, "GBP", "£0.00", "£0"),
    ],
)
def test_money_has_its_currency_and_decimals(minor: int, currency: str, text: str, whole: str) -> None:
    assert BRITISH.money(minor, currency) == text
    assert BRITISH.whole_money(minor, currency) == whole


def test_money_is_written_as_the_reader_writes_it() -> None:
    assert GERMAN.money(123456, "EUR") == "1.234,56\xa0€"
    assert BRITISH.money(None, "EUR") == "–"


def test_days_near_now_have_names() -> None:
    assert BRITISH.day(NOW) == "today"
    assert BRITISH.day(NOW - clock.DAY) == "yesterday"
    assert BRITISH.day(clock.parse("2026-11-17T12:00:00Z")) == "Tue 17 Nov"
    assert BRITISH.day(clock.parse("2025-03-14T12:00:00Z")) == "Fri 14 Mar 2025"
    assert BRITISH.day(None) == "–"


def test_the_store_decides_which_day_it_is() -> None:
    late = clock.parse("2026-11-20T23:30:00Z")  # 00:30 on the 21st in Berlin, 18:30 on the 20th in New York
    assert BRITISH.day(late) == "today"
    assert AMERICAN.day(late) == "yesterday"
    assert (BRITISH.time(late), AMERICAN.time(late)) == ("00:30", "6:30\u202fPM")


def test_a_time_carries_the_exact_instant() -> None:
    assert BRITISH.when(clock.parse("2026-11-20T17:21:04Z")) == (
        '<time datetime="2026-11-20T17:21:04.000Z" title="Friday, 20 November 2026, 18:21:04 Europe/Berlin">yesterday 18:21</time>'
    )
    assert BRITISH.when(NOW, "seconds").endswith(">10:30:00</time>")
    assert BRITISH.when(NOW, "time").endswith(">10:30</time>")
    assert BRITISH.when(None) == "–"


def test_ranges_have_an_en_dash_and_durations_are_words() -> None:
    first, last = (clock.local_day(clock.parse(f"2026-{day}T12:00:00Z"), "UTC") for day in ("10-24", "11-20"))
    assert BRITISH.span(first, last) == "24 Oct – 20 Nov"
    assert BRITISH.duration(19 * clock.MINUTE) == "19 minutes"


@given(st.integers(-(10**12), 10**12), st.sampled_from(["en_GB", "de_DE", "fr_FR", "ja_JP", "en_IN"]))
def test_whole_money_never_shows_decimals_or_a_hyphen(minor: int, locale: str) -> None:
    text = Formatter(locale, "UTC", NOW).whole_money(minor, "EUR")
    digits = "".join(letter for letter in text if letter.isdigit())
    assert abs(int(digits) - abs(minor) / 100) <= 0.5
    assert "-" not in text
