"""What a browser alone can never do: earn points, redirect a mail, or see what another person bought."""

import json
import warnings

import jwt
import pytest

from core import clock
from tests.conftest import NOON
from tests.regulars.test_thread import product
from tests.regulars.world import World
from tracking.stores import service as stores


def test_a_browser_alone_earns_no_points_and_sends_no_mail(world: World) -> None:
    world.rule()
    world.batch([{"type": "identify", "userId": "u1", "anonymousId": "a1", "traits": {"email": "thief@example.org"}}])
    lines = [{"product_id": "KL-1", "price": 4900, "quantity": 1}]
    world.track("Order Completed", order_id="99", total=4900, currency="EUR", email="thief@example.org", products=lines)
    world.drain()
    [order] = world.api("orders")["items"]
    assert order["status"] == "reported"
    assert world.me(world.token()).json()["points"]["available"] == 0
    assert world.steps() == []
    assert world.log("order placed") == []


def test_a_browser_cannot_redirect_a_mail(world: World) -> None:
    product(world)
    world.batch([{"type": "identify", "userId": "u1", "anonymousId": "a1", "traits": {"email": "thief@example.org"}}])
    world.track("Order Completed", order_id="10482", total=1, currency="EUR", email="thief@example.org", products=[])
    world.hook("order.created", world.order())
    world.batch([{"type": "identify", "userId": "u1", "anonymousId": "a2", "traits": {"email": "thief@example.org"}}])
    world.drain()
    assert [message["recipient"] for message in world.api("messages")["items"]] == ["ines@example.org"]
    [person] = [found for found in world.api("people")["items"] if found["user_id"] == "u1"]
    assert person["email"] == "ines@example.org"


def test_a_browser_refund_takes_nothing(world: World) -> None:
    world.rule()
    product(world)
    world.hook("order.created", world.order())
    world.track("Order Refunded", order_id="10482", total=49, products=[])
    world.track("Order Cancelled", order_id="10482")
    world.drain()
    assert world.me(world.token()).json()["points"]["available"] == 49


@pytest.mark.parametrize("claims", [{"aud": "2"}, {"exp": NOON // 1000 - 60}, {"exp": NOON // 1000 + 2 * 3600}])
def test_a_wrong_token_opens_nothing(world: World, claims: dict[str, object]) -> None:
    assert world.me(world.token(**claims)).status_code == 401
    assert world.me("").status_code == 401


def test_a_token_of_another_algorithm_or_secret_opens_nothing(world: World) -> None:
    claims = {"sub": "u1", "aud": "1", "exp": NOON // 1000 + 600}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of a key that is short for HS512
        tokens = [
            jwt.encode(claims, secret, algorithm=algorithm)
            for secret, algorithm in (("wrong" * 10, "HS256"), (world.store.store.secret_key, "HS512"), (None, "none"))
        ]
    assert [world.me(token).status_code for token in tokens] == [401, 401, 401]


def test_claiming_to_be_somebody_shows_nothing_of_theirs(world: World) -> None:
    for number in range(6):
        product(world, f"KL-{number}")
    bought = [{"line_id": "1", "product_id": "KL-3", "name": "Secret", "quantity": 1, "price": "49.00"}]
    world.hook("order.created", world.order(lines=bought, anonymous_id="mine"))
    world.track("Product Viewed", anonymous_id="mine", product_id="KL-3")
    world.drain()
    world.batch([{"type": "identify", "userId": "u1", "anonymousId": "thief"}])
    world.drain()
    world.services.recommender.poll()
    honest = world.recommend("continue", anonymous_id="mine")
    claimed = world.recommend("continue", anonymous_id="thief")
    assert claimed["items"] == []
    home = world.recommend("home", anonymous_id="thief")
    assert all("you" not in item["reason"]["text"].lower().split() for item in home["items"] if item["reason"])
    assert honest["slot"] == "continue"


def test_keys_open_their_own_store_and_scope_only(world: World) -> None:
    for headers in ({}, {"Authorization": f"Bearer {world.store.write_key}"}, {"Authorization": "Bearer ak_wrong"}):
        for path in ("events", "people", "orders", "parcels", "products", "messages", "segments", "loyalty/rules"):
            assert world.client.get(f"/api/v1/{path}", headers=headers).status_code == 401
    assert world.client.get("/console/people", follow_redirects=False).status_code in (302, 303)


def test_a_change_through_the_api_is_in_the_audit_log(world: World) -> None:
    world.rule()
    with world.database.read() as session:
        found = [(entry.actor[:7], entry.action, entry.subject) for entry in stores.audit(session, 1)]
    assert found == [("API key", "rule turned on", "One for one"), ("API key", "rule drafted", "One for one")]


def test_recommendations_follow_within_one_answer(world: World) -> None:
    for number in range(8):
        product(world, f"KL-{number}", "Mugs" if number % 2 else "Kettles")
    world.drain()
    world.services.recommender.poll()
    before = world.recommend("continue")
    with clock.frozen(NOON + clock.SECOND):
        world.track("Product Viewed", product_id="KL-5")
        after = world.recommend("continue")
    assert before["items"] == []
    assert [item["product_id"] for item in after["items"]] == ["KL-5"]


def test_a_forged_fact_moves_nothing(world: World) -> None:
    world.rule()
    product(world)
    world.hook("order.created", world.order())
    world.drain()
    [placed] = world.log("order placed")
    body = json.loads(placed.body) | {"order_id": "forged", "goods": 1_000_000}
    moved = {
        "v": 1,
        "parcel_id": "p9",
        "order_id": "10482",
        "person_id": 1,
        "state": "delivered",
        "state_before": "",
        "at": NOON,
    }
    calls = [
        {"type": "track", "event": name, "anonymousId": "thief", **forged}
        for name, forged in (("order placed", body), ("parcel moved", moved), ("points awarded", body))
    ]
    world.batch(calls)
    world.batch([call | {"messageId": f"again {at}"} for at, call in enumerate(calls)], key=world.store.api_key)
    world.drain()
    assert world.me(world.token()).json()["points"]["available"] == 49
    assert world.steps() == [("order confirmed", "sent")]
    assert world.contradictions() == []
