"""Promises, prices, times and searches: exact values."""

from datetime import datetime

import pytest

from demo.shop.clock import ZONE, day, day_and_time, iso
from demo.shop.delivery_promise import promise, shipping_for
from demo.shop.money import contained_tax, decimal_text, euros
from demo.shop.shelf import search


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "today", "arrives"),
    [
        ("2026-11-24T15:59:59", True, "Thu 26 Nov"),
        ("2026-11-24T16:00:00", False, "Fri 27 Nov"),
        ("2026-11-26T10:00:00", True, "Mon 30 Nov"),
        ("2026-11-27T17:00:00", False, "Wed 2 Dec"),
        ("2026-11-29T10:00:00", False, "Wed 2 Dec"),
    ],
)
def test_the_promise_counts_working_days(now: str, today: bool, arrives: str) -> None:
    made = promise(at(now))
    assert (made.today, made.day) == (today, arrives)
    assert made.promised_at == at(f"{datetime.fromtimestamp(made.promised_at / 1000, ZONE):%Y-%m-%d}T23:59:59")


def test_sending_costs_up_to_sixty_euros() -> None:
    assert [shipping_for(goods) for goods in (0, 1, 5999, 6000)] == [0, 490, 490, 0]


def test_amounts() -> None:
    assert [euros(amount) for amount in (0, 5, 4900, 123450)] == ["€0.00", "€0.05", "€49.00", "€1,234.50"]
    assert [decimal_text(amount) for amount in (0, 5, 4900)] == ["0.00", "0.05", "49.00"]
    assert [contained_tax(gross) for gross in (0, 11900, 4190)] == [0, 1900, 669]


def test_times() -> None:
    moment = at("2026-11-24T09:05:00")
    assert (iso(moment), day(moment), day_and_time(moment)) == (
        "2026-11-24T08:05:00.000Z",
        "Tue 24 Nov",
        "Tue 24 Nov, 09:05",
    )


def test_a_search_wants_every_word_and_prefers_names() -> None:
    assert search("tuesday bean")[0].product_id == "KL-0017"
    assert search("TUESDAY, kettle") == []
    assert search("  !") == []
    assert all(product.kind == "mug" for product in search("blue mug"))
    assert search("honey")[0].name.lower().count("honey") == 1
