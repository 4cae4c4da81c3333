"""From the basket to an order: quantities, the form's errors, and one transaction for all that an order changes."""

import json

import pytest

from demo.shop import outbox, stock
from demo.shop.database import ShopDatabase
from tests.demo.shop.browsing import ADDRESS, Browser
from tests.demo.shop.conftest import TUESDAY_MORNING

BEANS = "KL-0017"


def noted(database: ShopDatabase) -> list[tuple[str, str, dict[str, object]]]:
    with database.read() as connection:
        rows = connection.execute("SELECT topic, delivery_id, body FROM delivery ORDER BY number").fetchall()
    return [(row["topic"], row["delivery_id"], json.loads(row["body"])) for row in rows]


def test_the_same_thing_twice_is_two_of_it_and_twenty_at_most(browser: Browser) -> None:
    for _ in range(2):
        page = browser.send("/cart/add", {"variant_id": BEANS, "quantity": "1"})
    assert "<p>2 things</p>" in page.text
    page = browser.send("/cart/add", {"variant_id": BEANS, "quantity": "100000"})
    assert "<p>20 things</p>" in page.text


def test_several_things_go_in_at_once(browser: Browser) -> None:
    page = browser.send("/cart/add", {"variant_id": [BEANS, "KL-0000", "KL-0000-1"]})
    assert "<p>3 things</p>" in page.text
    assert 'items="KL-0017,KL-0000,KL-0000"' in page.text


def test_numbers_change_and_things_go(browser: Browser) -> None:
    browser.send("/cart/add", {"variant_id": BEANS})
    assert "<p>4 things</p>" in browser.send("/cart/change", {"variant_id": BEANS, "quantity": "4"}).text
    assert "It is empty" in browser.send("/cart/change", {"variant_id": BEANS, "quantity": "0"}).text


def test_a_thing_that_is_not_sold_cannot_be_added(browser: Browser) -> None:
    assert browser.send("/cart/add", {"variant_id": "KL-9999"}).status_code == 404


def test_sending_is_free_from_sixty_euros(browser: Browser) -> None:
    assert "€4.90" in browser.send("/cart/add", {"variant_id": BEANS}).text
    page = browser.send("/cart/change", {"variant_id": BEANS, "quantity": "4"}).text
    assert "€4.90" not in page
    assert '<dd class="all">€74.00</dd>' in page


def test_a_refused_form_says_what_is_missing_and_keeps_the_answers(browser: Browser) -> None:
    browser.send("/cart/add", {"variant_id": BEANS})
    answer = browser.send("/checkout", {**ADDRESS, "email": "ines", "city": ""})
    assert answer.status_code == 422
    assert "2 answers need a change" in answer.text
    assert '<a href="#city">Enter the town</a>' in answer.text
    assert 'value="Lindenweg 4"' in answer.text


def test_an_order_is_reported_in_the_words_of_the_webhook(browser: Browser, database: ShopDatabase) -> None:
    browser.client.cookies.set("regulars_anonymous_id", "an%20id")
    order_id = browser.buy(BEANS, quantity=2)
    created = next(body for topic, _, body in noted(database) if topic == "order.created")
    assert created == {
        "order_id": order_id,
        "occurred_at": "2026-11-24T08:00:00.000Z",
        "currency": "EUR",
        "total": "41.90",
        "tax": "6.69",
        "shipping": "4.90",
        "discount": "0.00",
        "email": "ines@example.org",
        "user_id": None,
        "anonymous_id": "an id",
        "promised_at": "2026-11-26T22:59:59.000Z",
        "address": {
            "name": "Ines Falk",
            "street": "Lindenweg 4",
            "postal_code": "04103",
            "city": "Leipzig",
            "country": "DE",
        },
        "lines": [
            {
                "line_id": "W20001-1",
                "product_id": BEANS,
                "variant_id": BEANS,
                "name": "Tuesday beans, 500 g",
                "quantity": 2,
                "price": "18.50",
            }
        ],
    }


def test_an_order_takes_from_the_stock_and_says_so(browser: Browser, database: ShopDatabase) -> None:
    with database.read() as connection:
        before = stock.left(connection, [BEANS])[BEANS]
    order_id = browser.buy(BEANS, quantity=3)
    reports = {delivery_id: body for _, delivery_id, body in noted(database)}
    assert reports[f"product.updated/{BEANS}/{order_id}"]["stock"] == before - 3


def test_an_order_of_more_than_there_is_changes_nothing(browser: Browser, database: ShopDatabase) -> None:
    with database.write() as connection:
        connection.execute("UPDATE stock SET quantity = 1 WHERE product_id = ?", (BEANS,))
    before = noted(database)
    browser.send("/cart/add", {"variant_id": ["KL-0000", BEANS], "quantity": "2"})
    answer = browser.send("/checkout", ADDRESS)
    assert answer.status_code == 422
    assert "Only 1 of Tuesday beans, 500 g left" in answer.text
    assert noted(database) == before
    with database.read() as connection:
        for table in ("customer_order", "order_line", "parcel"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        assert connection.execute("SELECT count(*) FROM cart_line").fetchone()[0] == 2


def test_the_order_and_its_report_are_one_transaction(
    browser: Browser, database: ShopDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError

    before = noted(database)
    browser.send("/cart/add", {"variant_id": BEANS})
    monkeypatch.setattr(outbox, "write", fail)
    with pytest.raises(ZeroDivisionError):
        browser.send("/checkout", ADDRESS)
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM customer_order").fetchone()[0] == 0
    assert noted(database) == before


def test_a_second_click_makes_no_second_order(browser: Browser, database: ShopDatabase) -> None:
    browser.buy(BEANS)
    answer = browser.send("/checkout", ADDRESS)
    assert answer.url.path == "/shop/cart"
    assert [topic for topic, _, _ in noted(database)].count("order.created") == 1


def test_the_thanks_page_tells_of_the_order_once(browser: Browser) -> None:
    order_id = browser.buy(BEANS)
    assert "Order Completed" not in browser.see(f"/thanks/{order_id}").text


def test_the_clock_of_these_tests_is_what_it_says() -> None:
    assert TUESDAY_MORNING == 1_795_507_200_000


def test_control_characters_do_not_reach_the_report(browser: Browser, database: ShopDatabase) -> None:
    browser.client.cookies.set("regulars_anonymous_id", "a%00b")
    browser.send("/cart/add", {"variant_id": BEANS})
    browser.send("/checkout", {**ADDRESS, "name": "Ines\x00 Falk\x07"})
    created = next(body for topic, _, body in noted(database) if topic == "order.created")
    assert created["address"] == {key: ADDRESS[key] for key in ("name", "street", "postal_code", "city", "country")}
    assert created["anonymous_id"] is None
