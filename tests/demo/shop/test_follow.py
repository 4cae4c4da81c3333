"""After the order: who sees it, moving the parcel on, and returning things."""

import json

from demo.shop.database import ShopDatabase
from tests.demo.shop.browsing import Browser


def bodies(database: ShopDatabase, topic: str) -> list[dict[str, object]]:
    with database.read() as connection:
        rows = connection.execute("SELECT body FROM delivery WHERE topic = ? ORDER BY number", (topic,)).fetchall()
    return [json.loads(row["body"]) for row in rows]


def deliver(browser: Browser, order_id: str) -> None:
    for _ in range(6):
        browser.send(f"/orders/{order_id}/advance", {})


def test_nobody_else_sees_an_order(browser: Browser, other_browser: Browser) -> None:
    order_id = browser.buy("KL-0017")
    assert browser.see(f"/orders/{order_id}").status_code == 200
    for path in (f"/orders/{order_id}", f"/thanks/{order_id}"):
        assert other_browser.see(path).status_code == 404
    assert other_browser.send(f"/orders/{order_id}/advance", {}).status_code == 404


def test_who_knows_number_and_address_sees_it(browser: Browser, other_browser: Browser) -> None:
    order_id = browser.buy("KL-0017")
    wrong = other_browser.send("/orders", {"order_id": order_id, "email": "x@example.org"})
    assert wrong.status_code == 422
    right = other_browser.send("/orders", {"order_id": order_id.lower(), "email": "Ines@example.org"})
    assert right.url.path == f"/shop/orders/{order_id}"


def test_the_button_moves_the_parcel_to_the_door_and_no_further(browser: Browser, database: ShopDatabase) -> None:
    order_id = browser.buy("KL-0017")
    assert "Being packed" in browser.see("/").text or "being packed" in browser.see("/").text
    page = browser.send(f"/orders/{order_id}/advance", {}).text
    assert '<h2 id="state">Packed</h2>' in page
    deliver(browser, order_id)
    assert '<h2 id="state">Delivered</h2>' in browser.see(f"/orders/{order_id}").text
    assert [body["order_id"] for body in bodies(database, "parcel.created")] == [order_id]
    states = [body["status"] for body in bodies(database, "parcel.checkpoint")]
    assert [state for state in states if state != "delayed"] == [
        *("label_ready", "picked_up", "in_transit", "out_for_delivery", "delivered")
    ]
    assert "Your parcel" not in browser.see("/").text


def test_a_return_is_refunded_once_for_each_piece(browser: Browser, database: ShopDatabase) -> None:
    order_id = browser.buy("KL-0000", quantity=2)
    fields = {"line_id": f"{order_id}-1"}
    early = browser.send(f"/orders/{order_id}/return", fields).text
    assert "Can be returned once it has arrived." in early
    assert bodies(database, "refund.created") == []
    deliver(browser, order_id)
    for _ in range(3):
        browser.send(f"/orders/{order_id}/return", fields)
    refunds = bodies(database, "refund.created")
    assert refunds[0] == {
        "refund_id": f"R-{order_id}-1-1",
        "order_id": order_id,
        "occurred_at": "2026-11-24T08:00:00.000Z",
        "currency": "EUR",
        "amount": "16.90",
        "lines": [{"line_id": f"{order_id}-1", "quantity": 1, "amount": "16.90"}],
    }
    assert [refund["refund_id"] for refund in refunds] == [f"R-{order_id}-1-1", f"R-{order_id}-1-2"]


def test_what_perishes_stays(browser: Browser, database: ShopDatabase) -> None:
    order_id = browser.buy("KL-0017")
    deliver(browser, order_id)
    page = browser.send(f"/orders/{order_id}/return", {"line_id": f"{order_id}-1"}).text
    assert "What one eats or drinks stays with you." in page
    assert bodies(database, "refund.created") == []


def test_a_line_of_another_order_cannot_be_returned(browser: Browser) -> None:
    order_id = browser.buy("KL-0000")
    assert browser.send(f"/orders/{order_id}/return", {"line_id": "W1-1"}).status_code == 404
