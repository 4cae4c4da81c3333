"""Two stores in one database: no key, token, signature or id of one opens anything of the other."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from core import clock, security
from core.log import Filter, read
from tests.conftest import MASTER, NOON
from tests.regulars.world import World
from tracking.stores import service as stores
from tracking.stores.schemas import NewStore

PASSWORD = "slow mornings"


@dataclass
class Two:
    """A store with a buyer, an order, a parcel, a mail, points; and another one that asks."""

    world: World
    other: NewStore
    rule_id: str
    person_id: str
    message_id: str
    segment_id: str

    def ask(self, method: str, path: str, body: Any = None) -> int:
        """A call of the API with the other store's key; its status."""
        headers = {"Authorization": f"Bearer {self.other.api_key}"}
        return int(self.world.client.request(method, f"/api/v1/{path}", json=body, headers=headers).status_code)

    def sign_in(self, role: str, *, store_id: int) -> str:
        """Enter the console and look at one store; the CSRF token of its forms."""
        client = self.world.client
        with self.world.database.write() as session:
            stores.create_user(session, email=f"{role}@example.org", role=role, password=PASSWORD)  # type: ignore[arg-type]
        form = {
            "email": f"{role}@example.org",
            "password": PASSWORD,
            "csrf_token": csrf(client.get("/console/login").text),
        }
        assert client.post("/console/login", data=form, follow_redirects=False).status_code == 303
        client.cookies.set("regulars_store", str(store_id))
        return csrf(client.get("/console/segments").text)


def csrf(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def two(world: World) -> Two:
    with world.database.write() as session:
        other = stores.create_store(session, name="Other", currency="EUR", time_zone="UTC", master=MASTER)
    world.client.base_url = "https://crm.example"  # the console's cookies are for https
    rule_id = world.rule()
    world.hook("product.updated", {"product_id": "KL-1", "name": "Kettle", "price": "49.00", "currency": "EUR"})
    world.hook("order.created", world.order())
    world.hook("parcel.created", {"parcel_id": "p1", "order_id": "10482", "carrier": "dhl", "tracking_number": "1",
                                  "occurred_at": clock.iso(NOON)})  # fmt: skip
    world.drain()
    with clock.frozen(NOON + clock.MINUTE):  # the directory looks again for the new store
        world.drain()
        return Two(
            world,
            other,
            rule_id,
            world.api("people")["items"][0]["person_id"],
            world.api("messages")["items"][0]["message_id"],
            world.api("segments")["items"][0]["segment_id"],
        )


def test_an_api_key_sees_and_changes_its_own_store_only(two: Two) -> None:
    with clock.frozen(NOON + clock.MINUTE):
        for path in ("people", "orders", "parcels", "products", "messages", "loyalty/rules", "events"):
            headers = {"Authorization": f"Bearer {two.other.api_key}"}
            assert two.world.client.get(f"/api/v1/{path}", headers=headers).json() == {"items": [], "next": None}
        named = (f"people/{two.person_id}", f"people/{two.person_id}/timeline", "orders/10482", "parcels/p1", "products/KL-1",
                 f"messages/{two.message_id}", f"loyalty/rules/{two.rule_id}")  # fmt: skip
        assert {path: two.ask("GET", path) for path in named} == dict.fromkeys(named, 404)
        assert two.ask("GET", f"segments/{two.segment_id}/members") in (200, 404)
        body = {"name": "Mine", "rule": {"kind": "spend", "points": 9}}
        assert two.ask("PUT", f"loyalty/rules/{two.rule_id}", body) == 404
        assert two.ask("POST", f"loyalty/rules/{two.rule_id}/turn-on") == 404
        assert two.ask("POST", f"loyalty/rules/{two.rule_id}/turn-off") == 404
    assert two.world.api(f"loyalty/rules/{two.rule_id}")["versions"][0]["state"] == "on"


def test_a_token_or_signature_of_one_store_opens_nothing_of_the_other(two: Two) -> None:
    with clock.frozen(NOON + clock.MINUTE):
        client, token = two.world.client, two.world.token()
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get(f"/storefront/v1/me?write_key={two.other.write_key}", headers=headers).status_code == 401
        asked = {"write_key": two.other.write_key, "slot": "continue", "anonymous_id": "a1"}
        assert client.get("/storefront/v1/recommendations", params=asked, headers=headers).status_code == 401
        assert client.get("/storefront/v1/recommendations", params=asked).json()["items"] == []
        assert (
            client.get("/storefront/v1/recommendations", params=asked | {"write_key": two.other.api_key}).status_code
            == 401
        )
        at = clock.now() // 1000
        signed = f"t={at},v1={security.sign(two.world.store.store.secret_key, f'{at}.{{}}'.encode())}"
        hook = {"X-Regulars-Topic": "order.created", "X-Regulars-Signature": signed}
        assert client.post("/webhooks/generic/2", content=b"{}", headers=hook).status_code == 401


def test_an_event_stands_in_the_log_of_its_key_s_store(two: Two) -> None:
    with clock.frozen(NOON + clock.MINUTE):
        body = {
            "anonymousId": "a1",
            "event": "Product Viewed",
            "messageId": "m1",
            "writeKey": two.world.store.write_key,
        }
        headers = {"X-Write-Key": two.other.write_key}
        assert two.world.client.post("/v1/track", json=body, headers=headers).status_code == 200
    with two.world.database.read() as session:
        assert [event.name for event in read(session, Filter(store_id=2))] == ["Product Viewed"]


def test_the_console_shows_the_store_that_is_looked_at(two: Two) -> None:
    with clock.frozen(NOON + clock.MINUTE):
        token = two.sign_in("owner", store_id=2)
        client = two.world.client
        paths = (f"people/{two.person_id}", "orders/10482", "parcels/p1", "products/KL-1", f"order-news/{two.message_id}",
                 f"order-news/{two.message_id}/mail", f"segments/{two.segment_id}", f"rules/{two.rule_id}", "log/1",
                 f"rules/{two.rule_id}/history", f"log/{'9' * 30}")  # fmt: skip
        assert {path: client.get(f"/console/{path}").status_code for path in paths} == dict.fromkeys(paths, 404)
        for act in ("turn-on", "turn-off", "discard"):
            answer = client.post(
                f"/console/rules/{two.rule_id}/{act}", data={"csrf_token": token}, follow_redirects=False
            )
            assert answer.status_code == 404, act
        again = client.post(
            f"/console/order-news/{two.message_id}/again", data={"csrf_token": token}, follow_redirects=False
        )
        assert again.status_code == 404
    assert two.world.api(f"loyalty/rules/{two.rule_id}")["versions"][0]["state"] == "on"


def test_a_viewer_changes_nothing_and_nobody_without_a_token(two: Two) -> None:
    with clock.frozen(NOON + clock.MINUTE):
        token, client = two.sign_in("viewer", store_id=1), two.world.client
        for path in (
            f"rules/{two.rule_id}/turn-off",
            f"order-news/{two.message_id}/again",
            "log/set-aside",
            "rules/new",
        ):
            for form in ({"csrf_token": token}, {"csrf_token": "wrong"}, {}):
                answer = client.post(f"/console/{path}", data=form, follow_redirects=False)
                assert answer.status_code == 403, (path, form)


def test_signing_in_needs_the_token_of_the_form_and_leads_nowhere_else(two: Two) -> None:
    client = two.world.client
    client.cookies.clear()
    form = {"email": "x\x00@example.org", "password": "p"}
    assert client.post("/console/login", data=form).status_code == 403
    client.get("/console/login")
    token = csrf(client.get("/console/login").text)
    assert client.post("/console/login", data=form | {"csrf_token": token}).status_code == 422
    with two.world.database.write() as session:
        stores.create_user(session, email="o@example.org", role="owner", password=PASSWORD)
    for back in (
        "https://evil.example/",
        "//evil.example/",
        "/console/..//evil.example",
        "/\\evil.example",
        "javascript:x",
    ):
        form = {"email": "o@example.org", "password": PASSWORD, "csrf_token": token, "next": back}
        with clock.frozen(NOON + clock.MINUTE):
            answer = client.post("/console/login", data=form, follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/console/"), back
        client.cookies.delete("regulars_session")
