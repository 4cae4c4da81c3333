"""Whatever a shop signs and a browser claims: taken or refused in words, every reaction reaches the end, the books balance."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock, security
from tests.regulars.world import World

texts = st.sampled_from(
    ["", "a\x00b", "\ud800", "é", "x" * 300, "1", "o1", "o2", "KL-1", "a1", "u1", "2026-11-20T11:00:00Z"]
)
times = st.sampled_from(
    ["2026-11-20T11:00:00Z", "2026-11-19T11:00:00+02:00", "9999-12-31T23:59:59Z", "1969-01-01", "soon", 5]
)
amounts = st.sampled_from(["10.00", "0", "-5", "1e3", "NaN", "Infinity", "1" * 30, "12.345", 10, 0.1, None, True])
numbers = st.sampled_from([0, 1, 2, -1, 10**6, 2**31, 2**63, 10**30, "1", 1.5, None])
ids = st.sampled_from(["o1", "o2", "1", "2", "KL-1", "u1", "a1", "", "x" * 256, "a\x1fb", "a/b", "a\x00b"])
anything = st.recursive(
    texts | numbers | amounts,
    lambda one: st.lists(one, max_size=2) | st.dictionaries(texts, one, max_size=2),
    max_leaves=4,
)

line = st.fixed_dictionaries(
    {"line_id": ids, "product_id": ids},
    optional={"quantity": numbers, "price": amounts, "amount": amounts, "name": texts, "variant_id": ids},
)
FIELDS: dict[str, Any] = {
    "order_id": st.sampled_from(["o1", "o2"]) | ids, "refund_id": ids, "parcel_id": ids, "product_id": ids, "occurred_at": times,
    "currency": st.sampled_from(["EUR", "EUR", "JPY", "eur", "X", "", None]), "total": amounts, "tax": amounts, "shipping": amounts,
    "discount": amounts, "amount": amounts, "price": amounts, "email": st.sampled_from(["ines@example.org", "a@b\r\nBcc: c@d.e", "x", "@"]),
    "user_id": ids, "anonymous_id": ids, "promised_at": times, "updated_at": times, "address": anything, "lines": st.lists(line, max_size=3),
    "carrier": texts, "tracking_number": texts, "status": st.sampled_from(["delivered", "in_transit", "out_for_delivery", "x", ""]),
    "raw_code": texts, "place": texts, "name": texts, "url": texts, "image_url": texts, "stock": numbers, "categories": st.lists(texts, max_size=2),
    "attributes": anything, "variants": anything, "deleted": st.booleans(), "revision": numbers,
}  # fmt: skip
REQUIRED = ("order_id", "refund_id", "parcel_id", "product_id", "occurred_at", "currency", "status")
document = st.fixed_dictionaries(
    {name: FIELDS[name] for name in REQUIRED},
    optional={name: made for name, made in FIELDS.items() if name not in REQUIRED},
)
TOPICS = (
    "order.created",
    "order.updated",
    "order.cancelled",
    "refund.created",
    "parcel.created",
    "parcel.checkpoint",
    "product.updated",
)
NAMES = ("Order Completed", "Order Updated", "Order Refunded", "Order Cancelled", "Product Viewed", "Product Added", "order received",
         "Recommendations Shown", "identity moved", "order placed", "points awarded", "webhook generic order.created")  # fmt: skip
deliveries = st.lists(st.tuples(st.sampled_from(TOPICS), document | anything), min_size=5, max_size=25)
calls = st.lists(st.tuples(st.sampled_from(NAMES), document | anything, st.booleans()), max_size=15)


def deliver(world: World, number: int, topic: str, body: Any) -> int:
    raw, at = json.dumps(body), clock.now() // 1000
    headers = {
        "X-Regulars-Topic": topic,
        "X-Regulars-Delivery": f"any-{number}",
        "X-Regulars-Signature": f"t={at},v1={security.sign(world.store.store.secret_key, f'{at}.{raw}'.encode())}",
    }
    return world.client.post("/webhooks/generic/1", content=raw, headers=headers).status_code


@pytest.fixture
def ready(world: World) -> World:
    world.rule()
    return world


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(deliveries, calls)
def test_every_reaction_reaches_the_end(
    ready: World, sent: list[tuple[str, Any]], called: list[tuple[str, Any, bool]]
) -> None:
    world = ready
    for topic, body in sent:
        world.deliveries += 1
        assert deliver(world, world.deliveries, topic, body) in (200, 400)
    for name, properties, by_server in called:
        world.deliveries += 1
        call = {
            "type": "track",
            "event": name,
            "anonymousId": "a1",
            "messageId": f"c{world.deliveries}",
            "properties": properties,
        }
        headers = {"X-Write-Key": world.store.api_key if by_server else world.store.write_key}
        assert world.client.post("/v1/track", content=json.dumps(call), headers=headers).status_code in (200, 400)
    world.drain()
    assert world.services.runner.waiting() == []
    assert world.contradictions() == []
    for path in ("people", "orders", "parcels", "products", "messages", "events"):
        world.api(path)
