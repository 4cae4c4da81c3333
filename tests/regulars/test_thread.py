"""From a click to points and mails, through every package, and back through the checks."""

import email
from email.policy import default

import pytest

from core import clock, security
from tests.conftest import NOON
from tests.regulars.world import World


def parcel(world: World, status: str, minutes: int) -> None:
    scan = {
        "parcel_id": "p1",
        "status": status,
        "occurred_at": clock.iso(NOON + minutes * clock.MINUTE),
        "place": "Leipzig",
    }
    assert world.hook("parcel.checkpoint", scan) == 200


def product(world: World, product_id: str = "KL-1", *categories: str, **more: object) -> None:
    body = {
        "product_id": product_id, "name": f"Kettle {product_id}", "url": f"https://shop.example/{product_id}",
        "image_url": "https://shop.example/a.png", "price": "49.00", "currency": "EUR", "stock": 5,
        "categories": list(categories or ["Kettles"]),
    }  # fmt: skip
    assert world.hook("product.updated", body | more) == 200


def test_the_whole_thread(world: World) -> None:
    rule_id = world.rule()
    product(world)
    world.track("Product Viewed", product_id="KL-1")
    assert world.hook("order.created", world.order(promised_at=clock.iso(NOON + clock.DAY))) == 200
    assert world.hook("parcel.created", {"parcel_id": "p1", "order_id": "10482", "carrier": "DHL"}) == 200
    world.drain()
    assert world.me(world.token()).json()["points"]["available"] == 49
    assert world.steps() == [("order confirmed", "sent")]
    with clock.frozen(NOON + clock.HOUR):
        parcel(world, "in_transit", 10)
        world.drain()
        parcel(world, "out_for_delivery", 20)
        world.drain()
        parcel(world, "delivered", 30)
        parcel(world, "in_transit", 5)  # late and out of order: history, not news
        world.drain()
    assert world.steps() == [
        ("delivered", "sent"),
        ("order confirmed", "sent"),
        ("out for delivery", "sent"),
        ("shipped", "sent"),
    ]
    refund = {
        "refund_id": "r1",
        "order_id": "10482",
        "occurred_at": clock.iso(NOON),
        "amount": "49.00",
        "lines": [{"line_id": "1", "quantity": 1, "amount": "49.00"}],
    }
    assert world.hook("refund.created", refund) == 200
    world.drain()
    assert world.me(world.token()).json()["points"]["available"] == 0
    [person] = world.api("people")["items"]
    assert [event.name for event in world.log("identity moved")] == ["identity moved"]
    assert person["user_id"] == "u1"
    assert {found["name"]: found["members"] for found in world.api("segments")["items"]}["New"] == 1
    assert world.api(f"loyalty/rules/{rule_id}")["versions"][0]["state"] == "on"
    assert world.contradictions() == []


def test_everything_sent_twice_counts_once(world: World) -> None:
    world.rule()
    product(world)
    for _ in range(2):
        world.hook("order.created", world.order(), delivery="same")
        world.hook("order.created", world.order())
        world.track("Order Completed", order_id="10482", total="53.90", currency="EUR", products=[])
        world.hook("parcel.created", {"parcel_id": "p1", "order_id": "10482"})
        parcel(world, "delivered", 0)
        world.drain()
    assert [order["order_id"] for order in world.api("orders")["items"]] == ["10482"]
    assert world.me(world.token()).json()["points"]["available"] == 49
    assert world.steps() == [("delivered", "sent"), ("order confirmed", "sent")]
    assert world.contradictions() == []


def test_history_has_its_effect_but_sends_nothing(world: World) -> None:
    world.rule()
    product(world)
    world.hook("order.created", world.order(occurred_at=clock.iso(NOON - 2 * clock.DAY)))
    world.drain()
    assert world.me(world.token()).json()["points"]["available"] == 49
    assert world.steps() == []


def test_a_mail_says_the_same_in_both_bodies_and_links_its_page(world: World) -> None:
    product(world)
    world.hook("order.created", world.order(promised_at=clock.iso(NOON + clock.DAY)))
    world.drain()
    [summary] = world.api("messages")["items"]
    message = world.api(f"messages/{summary['message_id']}")
    link = next(
        line
        for line in message["body_text"].splitlines()
        if line.startswith("https://crm.example/storefront/v1/order-pages/")
    )
    for fact in ("10482", "Kettle", "€49.00", "€53.90", "Saturday 21 November", link):
        assert fact in message["body_text"]
        assert fact in message["body_html"]
    page = world.client.get(link.removeprefix("https://crm.example"))
    assert page.status_code == 200
    assert "We are packing it" in page.text
    assert "ines@example.org" not in page.text
    unknown = world.client.get("/storefront/v1/order-pages/10482")
    assert unknown.status_code == 404
    [file] = (world.services.settings.home / "mail").iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=default)
    assert mail["Subject"] == "Thank you for your order 10482"
    assert mail["To"] == "ines@example.org"
    assert len(message["body_html"]) < 100_000


@pytest.mark.parametrize("wrong", ["signature", "time"])
def test_a_forged_delivery_is_refused_and_nothing_is_stored(world: World, wrong: str) -> None:
    before = len(world.log())
    if wrong == "signature":
        assert world.hook("order.created", world.order(), secret="sk_wrong") == 401
    else:
        body, at = "{}", NOON // 1000 - 301
        signature = security.sign(world.store.store.secret_key, f"{at}.{body}".encode())
        headers = {"X-Regulars-Topic": "order.created", "X-Regulars-Signature": f"t={at},v1={signature}"}
        assert world.client.post("/webhooks/generic/1", content=body, headers=headers).status_code == 401
    assert len(world.log()) == before
