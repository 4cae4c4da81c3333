"""The overview: its sentence, its numbers against the period before, what waits, and the feed."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.pages.overview.strip import in_fraction
from console.services import ConsoleServices
from core import clock
from tests.console.pages.trading import NOW

Enter = Callable[[str], TestClient]


def test_it_begins_with_what_matters_and_compares(enter: Enter) -> None:
    text = enter("mara").get("/console/overview").text
    # 10 orders of the last fortnight and 10482, 10490, 10492 of today; everybody had bought before.
    assert "<strong>13 of 13 orders</strong> came from people who had bought before" in text
    assert "25 Oct – 21 Nov" in text
    assert text.count('class="stat"') == 5


def test_every_period_and_every_number_opens_with_its_table_and_csv(enter: Enter) -> None:
    client = enter("tom")
    for period, days in (("7", 7), ("28", 28), ("quarter", 91), ("year", 364)):
        for key in ("revenue", "again", "orders", "on_time", "points"):
            answer = client.get(f"/console/overview?period={period}&show={key}")
            assert answer.status_code == 200
            assert answer.text.count("data-v=") == 3 * days
    table = client.get("/console/overview/days.csv?period=7&show=orders").text.splitlines()
    assert len(table) == 8
    assert table[-1] == "2026-11-21,3,1"


def test_an_address_that_names_nothing_known_shows_the_28_days(enter: Enter) -> None:
    assert "25 Oct – 21 Nov" in enter("tom").get("/console/overview?period=x&show=y").text


def test_what_waits_stands_by_harm_and_by_role(enter: Enter) -> None:
    text = enter("mara").get("/console/overview").text
    places = [text.index(words) for words in ("2 events were set aside", "2 mails did not arrive", "10 parcels are late", "has a draft of")]  # fmt: skip
    assert places == sorted(places)


def test_a_viewer_is_not_shown_what_only_agents_may_open(enter: Enter) -> None:
    text = enter("tom").get("/console/overview").text
    assert "set aside" not in text
    assert "10 parcels are late" in text


def test_the_feed_renews_itself_and_links_to_records(enter: Enter) -> None:
    text = enter("mara").get("/console/overview/feed").text
    assert 'looks at <a href="/console/products/kettle">Harbour moka kettle</a>' in text
    assert 'hx-swap-oob="true"' in text
    assert text.count("<li>") <= 8


@pytest.fixture
def services(services: ConsoleServices, tmp_path: Path) -> ConsoleServices:
    """With a home that can be written to."""
    return replace(services, settings=replace(services.settings, home=tmp_path))


def test_the_progress_of_a_history_is_shown_while_it_is_fresh(enter: Enter, services: ConsoleServices) -> None:
    client, path = enter("mara"), services.settings.home / "history-progress.json"
    assert client.get("/console/overview/loading").text.strip() == ""
    _write(path, {"stage": "orders", "done": 250, "total": 1000}, NOW)
    assert "250 of 1,000 events" in client.get("/console/overview").text
    _write(path, {"stage": "orders", "done": 250, "total": 1000}, NOW - 2 * clock.MINUTE)
    assert "250 of 1,000" not in client.get("/console/overview").text
    _write(path, {"stage": "orders"}, NOW)
    assert client.get("/console/overview/loading").text.strip() == ""


def test_fractions_are_said_as_one_says_them() -> None:
    assert [in_fraction(share) for share in (0.01, 0.2, 0.384, 0.5, 0.66, 0.99)] == [
        "hardly any",
        "about one in five",
        "about two in five",
        "about one in two",
        "about two in three",
        "nearly all",
    ]


def _write(path: Path, told: dict[str, object], at: int) -> None:
    path.write_text(json.dumps(told))
    os.utime(path, (at / 1000, at / 1000))
