"""The outbox and its sender: an exact signature, one delivery for one report, and patience."""

import json

import httpx2
import pytest

from demo.shop import outbox, reports
from demo.shop.database import ShopDatabase
from demo.shop.settings import ShopSettings
from demo.shop.webhooks import Sender, headers, signature
from tests.demo.shop.conftest import Regulars, StillClock


@pytest.fixture
def sender(settings: ShopSettings, database: ShopDatabase, regulars: Regulars) -> Sender:
    return Sender(settings, database, httpx2.MockTransport(regulars.take))


def note(database: ShopDatabase, delivery_id: str, *, topic: str = "order.created", now: int = 0) -> None:
    with database.write() as connection:
        outbox.write(connection, topic=topic, delivery_id=delivery_id, body={"n": delivery_id}, now=now)


def row(database: ShopDatabase, delivery_id: str) -> dict[str, object]:
    with database.read() as connection:
        return dict(connection.execute("SELECT * FROM delivery WHERE delivery_id = ?", (delivery_id,)).fetchone())


def test_the_signature_is_what_the_contract_says() -> None:
    # printf '1700000000.{"order_id":"W1"}' | openssl dgst -sha256 -hmac secret
    assert (
        signature("secret", 1_700_000_000, b'{"order_id":"W1"}')
        == "t=1700000000,v1=482e7f9e532c0cc30900b7cc62659f2d8c23b17a1a4e5f14a09e77745df73869"
    )


def test_an_attempt_carries_topic_delivery_and_signature() -> None:
    sent = headers(outbox.Delivery(1, "order.created/W1", "order.created", "{}", 0), "secret", 5)
    assert sent == {
        "Content-Type": "application/json",
        "X-Regulars-Topic": "order.created",
        "X-Regulars-Delivery": "order.created/W1",
        "X-Regulars-Signature": signature("secret", 5, b"{}"),
    }


def test_what_is_taken_is_sent_once(sender: Sender, database: ShopDatabase, regulars: Regulars) -> None:
    note(database, "a")
    assert sender.sweep() == 1
    assert sender.sweep() == 0
    assert [str(request.url) for request in regulars.requests] == ["http://regulars.test/webhooks/generic/7"]
    assert regulars.requests[0].content == b'{"n":"a"}'


def test_the_same_report_twice_is_one_delivery(sender: Sender, database: ShopDatabase, regulars: Regulars) -> None:
    note(database, "a")
    note(database, "a")
    assert sender.sweep() == 1


def test_orders_go_before_the_catalogue(sender: Sender, database: ShopDatabase, regulars: Regulars) -> None:
    note(database, "p", topic="product.updated")
    note(database, "o")
    sender.sweep()
    assert regulars.topics == ["order.created", "product.updated"]


def test_a_refusal_is_tried_again_later_and_signed_anew(
    sender: Sender, database: ShopDatabase, regulars: Regulars, clock: StillClock
) -> None:
    regulars.answers = [httpx2.Response(503, headers={"Retry-After": "30"})]
    note(database, "a")
    note(database, "b")
    assert sender.sweep() == 1
    clock.pass_seconds(29)
    assert sender.sweep() == 0
    clock.pass_seconds(1)
    assert sender.sweep() == 1
    first, _, again = (request.headers["X-Regulars-Signature"] for request in regulars.requests)
    assert first != again
    assert again.startswith(f"t={clock.now // 1000},")


def test_when_regulars_cannot_be_reached_the_rest_waits(
    sender: Sender, database: ShopDatabase, regulars: Regulars
) -> None:
    regulars.answers = [httpx2.ConnectError("refused")]
    note(database, "a")
    note(database, "b")
    assert sender.sweep() == 0
    assert len(regulars.requests) == 1
    assert (row(database, "a")["attempts"], row(database, "b")["attempts"]) == (1, 0)
    assert row(database, "a")["error"] == "not reached: refused"


def test_waits_double_up_to_five_minutes() -> None:
    assert [outbox.backoff(attempts) for attempts in (0, 1, 2, 9, 10, 14)] == [
        500,
        1000,
        2000,
        256_000,
        300_000,
        300_000,
    ]


def test_after_fifteen_attempts_it_is_given_up(
    sender: Sender, database: ShopDatabase, regulars: Regulars, clock: StillClock
) -> None:
    regulars.answers = [httpx2.Response(401) for _ in range(20)]
    note(database, "a")
    for _ in range(20):
        sender.sweep()
        clock.pass_seconds(300)
    assert len(regulars.requests) == 15
    assert row(database, "a")["next_at"] is None
    assert row(database, "a")["error"] == "answered 401"


def test_the_catalogue_is_reported_once_until_it_changes(
    sender: Sender, database: ShopDatabase, settings: ShopSettings, regulars: Regulars
) -> None:
    for _ in range(2):
        with database.write() as connection:
            reports.catalogue(connection, settings)
    assert sender.sweep() == 304
    with database.write() as connection:
        connection.execute("UPDATE stock SET quantity = quantity + 1 WHERE product_id = 'KL-0019'")
        reports.catalogue(connection, settings)
    assert sender.sweep() == 1
    assert json.loads(regulars.requests[-1].content)["product_id"] == "KL-0019"


def test_a_product_is_described_for_pages_and_for_mails(
    sender: Sender, database: ShopDatabase, settings: ShopSettings, regulars: Regulars
) -> None:
    with database.write() as connection:
        reports.catalogue(connection, settings)
    sender.sweep()
    body = json.loads(regulars.requests[17].content)
    assert body == {
        "product_id": "KL-0017",
        "name": "Tuesday beans, 500 g",
        "description": "A medium roast that forgives a hurried pour. Good black, good with milk.",
        "url": "http://regulars.test/shop/p/tuesday-beans-500-g",
        "image_url": "http://regulars.test/shop/art/17.png",
        "price": "18.50",
        "currency": "EUR",
        "stock": 124,
        "categories": ["Coffee", "Beans"],
        "attributes": {
            "kind": "pouch",
            "colour": "aqua",
            "colour_family": "blue",
            "pattern": "waves",
            "lasts_days": 35,
        },
        "variants": [
            {
                "variant_id": "KL-0017",
                "name": "aqua",
                "image_url": "http://regulars.test/shop/art/17.png",
                "attributes": {"colour": "aqua"},
            }
        ],
        "deleted": False,
    }
