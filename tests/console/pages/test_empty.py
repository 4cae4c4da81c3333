"""A store that has just been made: every section opens on what it is for, and nothing fails for want of data."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from core.db import Database
from tests.console.pages.test_rules import send, text_of, words
from tests.console.pages.trading import MASTER, PASSWORD
from tracking.stores import service as stores

Enter = Callable[[str], TestClient]


@pytest.fixture
def shop_database(sqlite_database: Database) -> Database:
    """Nothing but a store and its owner."""
    with sqlite_database.write() as session:
        stores.create_store(
            session, name="New shop", currency="JPY", time_zone="Asia/Tokyo", locale="de_DE", master=MASTER
        )
        stores.create_user(session, email="mara@example.org", role="owner", password=PASSWORD, name="Mara")
    return sqlite_database


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/rules", "A rule says who gets points and when."),
        ("/orders", "Orders appear here as soon as the shop reports one"),
        ("/parcels", "Parcels appear here as soon as the shop says that one is packed"),
        ("/products", "Products appear here as the shop describes them"),
        ("/order-news", "The first order that is placed now puts a mail here."),
        ("/log", "The log is empty."),
        ("/log/set-aside", "Every reaction could handle what it read."),
        ("/log/audit", "Nothing was changed yet."),
        ("/log/reactions", "Every reaction has read the log to its end"),
    ],
)
def test_every_section_opens(enter: Enter, path: str, sentence: str) -> None:
    answer = enter("mara").get(f"/console{path}")
    assert answer.status_code == 200
    assert sentence in text_of(answer.text)
    assert 'class="count' not in answer.text


def test_a_first_rule_is_written_in_a_currency_without_decimals_and_a_locale_with_commas(enter: Enter) -> None:
    client = enter("mara")
    page = client.get("/console/rules/new?add=least&name=x").text
    assert 'name="per" value="1 ¥"' in page.replace("\u00a0", " ")
    assert 'name="least" value="40 ¥"' in page.replace("\u00a0", " ")
    form = words(name="Yen", per="1.000\u00a0¥", category="")
    assert send(client, "/console/rules/new", form).status_code == 303
    text = text_of(client.get("/console/rules").text)
    assert "give 2 points for every 1.000 ¥ spent" in text
    assert "There are no past orders to try." in client.get("/console/rules/new/preview", params=form).text
