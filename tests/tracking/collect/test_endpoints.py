"""The collect door over HTTP: what is accepted, refused, stamped and stored."""

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from core import clock
from core.db import Database
from core.log import Event, Filter, read
from tests.conftest import MASTER, NOON
from tracking.collect.endpoints import Collect
from tracking.collect.intake import Intake
from tracking.collect.models import RefusedEvent
from tracking.stores import service as stores
from tracking.stores.directory import Directory
from tracking.stores.schemas import NewStore

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass
class Door:
    """A store's collect door."""

    client: TestClient
    database: Database
    store: NewStore

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        chosen = self.store.write_key if key is None else key
        basic = base64.b64encode(f"{chosen}:".encode()).decode()
        given = {"Authorization": f"Basic {basic}"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(path, content=content, headers=given)

    def events(self) -> list[Event]:
        with self.database.read() as session:
            return list(reversed(read(session, Filter(store_id=1))))

    def refusals(self) -> list[str]:
        with self.database.read() as session:
            return list(session.execute(select(RefusedEvent.reason)).scalars())


@pytest.fixture
def door(sqlite_database: Database) -> Iterator[Door]:
    with sqlite_database.write() as session:
        store = stores.create_store(session, name="T", currency="EUR", time_zone="Europe/Berlin", master=MASTER)
    intake = Intake(sqlite_database)
    app = Collect(intake, Directory(sqlite_database, master=MASTER))
    with clock.frozen(NOON):
        yield Door(TestClient(app), sqlite_database, store)
    intake.stop()


def view(message: str = "m1", **more: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Product Viewed",
        "anonymousId": "a1",
        "messageId": message,
        "properties": {"product_id": "KL-1"},
        **more,
    }


def test_a_track_call_is_stored_before_it_is_answered(door: Door) -> None:
    answer = door.post("/v1/track", view())
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    [event] = door.events()
    assert (event.name, event.type, event.source, event.anonymous_id) == ("Product Viewed", "track", "public", "a1")
    assert json.loads(event.body)["properties"] == {"product_id": "KL-1"}


@pytest.mark.parametrize(
    ("path", "kind"), [("/v1/i", "identify"), ("/v1/p", "page"), ("/v1/g", "group"), ("/v1/a", "alias")]
)
def test_short_paths_are_the_same_calls(door: Door, path: str, kind: str) -> None:
    door.post(path, {"userId": "u1", "messageId": "m", "previousId": "a1", "groupId": "g"})
    assert [(event.type, event.name, event.user_id) for event in door.events()] == [(kind, kind, "u1")]


def test_a_repeated_message_counts_once_but_not_across_namespaces(door: Door) -> None:
    for _ in range(3):
        door.post("/v1/track", view())
    door.post("/v1/track", view(), key=door.store.api_key)
    assert [event.source for event in door.events()] == ["public", "server"]


@pytest.mark.parametrize("place", ["basic", "no colon", "bearer", "x-write-key", "query", "body", "writeKey query"])
def test_the_key_may_stand_in_every_place(door: Door, place: str) -> None:
    key = door.store.write_key
    headers = {
        "basic": {"Authorization": "Basic " + base64.b64encode(f"{key}:anything".encode()).decode()},
        "no colon": {"Authorization": "Basic " + base64.b64encode(key.encode()).decode()},
        "bearer": {"Authorization": f"Bearer {key}"},
        "x-write-key": {"X-Write-Key": f"{key}:anything"},
    }.get(place, {})
    path = {"query": f"/v1/track?writekey={key}", "writeKey query": f"/v1/track?writeKey={key}"}.get(place, "/v1/track")
    body = view(writeKey=key) if place == "body" else view()
    assert door.client.post(path, content=json.dumps(body), headers=headers).status_code == 200
    [event] = door.events()
    assert b"writeKey" not in event.body


def test_a_body_key_does_not_override_a_header_key(door: Door) -> None:
    door.post("/v1/track", view(writeKey=door.store.api_key))
    assert [event.source for event in door.events()] == ["public"]


def test_an_unknown_key_is_refused_and_nothing_is_stored(door: Door) -> None:
    answer = door.post("/v1/track", view(), key="wk_wrong")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert door.events() == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("says_so", [True, False])
def test_content_type_is_never_looked_at_and_gzip_is_recognised(door: Door, content_type: str, says_so: bool) -> None:
    body = gzip.compress(json.dumps({"batch": [view()]}).encode())
    extra = {"Content_Encoding": "gzip"} if says_so else {}
    assert door.post("/v1/batch", body, Content_Type=content_type, **extra).status_code == 200
    assert len(door.events()) == 1


def test_a_batch_keeps_what_is_good_and_names_what_is_not(door: Door) -> None:
    batch = [
        view("good"),
        {"type": "track", "event": "No identity", "messageId": "x"},
        {"type": "track", "anonymousId": "a1", "messageId": "y"},
        {"type": "shout", "anonymousId": "a1"},
        view("large", properties={"text": "x" * 33_000}),
        view("nul", anonymousId="a\x00b"),
        view("long", anonymousId="a" * 256),
        "no object",
    ]
    assert door.post("/v1/batch", {"batch": batch}).status_code == 200
    assert [event.name for event in door.events()] == ["Product Viewed"]
    assert door.refusals()[:6] == [
        "it has neither userId nor anonymousId",
        "a track call needs an event",
        "“shout” is not a type of call",
        "it is larger than 32 KiB",
        "an id holds a NUL character",
        "an id is longer than 255 characters",
    ]
    assert len(door.refusals()) == 7


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"batch":1}', b"[" * 5_000, b"\x1f\x8bnot gzip"])
def test_what_cannot_be_read_is_a_400(door: Door, body: bytes) -> None:
    answer = door.post("/v1/batch", body)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert door.events() == []


def test_too_much_is_a_413_also_when_it_hides_in_gzip(door: Door) -> None:
    large = json.dumps({"batch": [view(str(at), x="y" * 400) for at in range(1_300)]}).encode()
    assert door.post("/v1/batch", large).status_code == 413
    assert door.post("/v1/batch", gzip.compress(b"0" * 50_000_000)).status_code == 413
    assert door.post("/v1/batch", {"batch": [{}] * 2_501}).status_code == 413
    assert door.events() == []


def test_nesting_is_bounded(door: Door) -> None:
    deep: Any = 1
    for _ in range(70):
        deep = [deep]
    door.post("/v1/batch", {"batch": [view("deep", properties={"a": deep})]})
    assert (door.events(), door.refusals()) == ([], ["it nests too deep"])


def test_the_clock_of_the_client_is_corrected_and_only_the_future_is_clamped(door: Door) -> None:
    hour = clock.HOUR
    slow = {"timestamp": clock.iso(NOON - 3 * hour), "sentAt": clock.iso(NOON - 2 * hour)}
    door.post("/v1/batch", {"batch": [view("slow", **slow), view("ahead", timestamp=clock.iso(NOON + hour))]})
    door.post("/v1/track", view("old", timestamp="2019-01-01T00:00:00Z"))
    door.post("/v1/track", view("wrong", timestamp="yesterday"))
    door.post("/v1/import", {"batch": [view("imported", **slow)]})
    found = {json.loads(event.body)["messageId"]: (event.occurred_at, event.flags) for event in door.events()}
    assert found == {
        "slow": (NOON - hour, ""),
        "ahead": (NOON, "clock ahead"),
        "old": (clock.parse("2019-01-01T00:00:00Z"), ""),
        "wrong": (NOON, "unreadable time"),
        "imported": (NOON - 3 * hour, ""),
    }


def test_consent_gpc_bots_and_addresses_are_stamped(door: Door) -> None:
    context = {"ip": "203.0.113.77", "consent": {"categoryPreferences": {"analytics": True, "personalization": False}}}
    door.post("/v1/track", view(context=context), Sec_GPC="1", User_Agent="Googlebot/2.1")
    [event] = door.events()
    assert json.loads(event.body)["context"]["ip"] == "203.0.113.0"
    assert set(event.consent.split(",")) >= {"analytics", "-personalization", "gpc"}
    assert event.flags == "bot"


def test_a_batch_context_is_every_items_context(door: Door) -> None:
    door.post("/v1/batch", {"batch": [view(context={"locale": "de"})], "context": {"locale": "en", "ip": "1.2.3.4"}})
    assert json.loads(door.events()[0].body)["context"] == {"locale": "de", "ip": "1.2.3.0"}


def test_a_token_is_verified_and_only_its_user_is_kept(door: Door) -> None:
    def token(**claims: Any) -> str:
        made = {"sub": "u1", "aud": "1", "exp": NOON // 1000 + 600} | claims
        return str(jwt.encode(made, door.store.store.secret_key, algorithm="HS256"))

    for name, given in {
        "good": token(),
        "expired": token(exp=NOON // 1000 - 60),
        "other": token(aud="2"),
        "long": token(exp=NOON // 1000 + 9000),
    }.items():
        door.post("/v1/batch", {"batch": [view(name)], "identityToken": given})
    assert {json.loads(event.body)["messageId"]: event.proof for event in door.events()} == {
        "good": "u1",
        "expired": None,
        "other": None,
        "long": None,
    }
    assert all(b"identityToken" not in event.body for event in door.events())


def test_an_event_without_message_id_is_taken_and_flagged(door: Door) -> None:
    body = view()
    del body["messageId"]
    door.post("/v1/track", body)
    door.post("/v1/track", body)
    assert [event.flags for event in door.events()] == ["no message id"] * 2


def test_preflight_echoes_and_a_foreign_origin_is_refused(door: Door) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Headers": "authorization,x-new"}
    answer = door.client.options("/v1/batch", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.headers["access-control-allow-headers"] == "authorization,x-new"
    with door.database.write() as session:
        stores.set_origins(session, 1, ["https://shop.example"])
    with clock.frozen(NOON + clock.MINUTE):
        assert door.post("/v1/track", view(), Origin="https://shop.example").status_code == 200
        refused = door.post("/v1/track", view("m2"), Origin="https://evil.example")
    assert refused.status_code == 403
    assert refused.headers["access-control-allow-origin"] == "https://evil.example"
    assert len(door.events()) == 1


def test_metrics_of_sdks_are_swallowed_without_a_key(door: Door) -> None:
    assert door.client.post("/v1/m", content=b"anything").json() == {"success": True}
    assert door.client.get("/v1/track").status_code == 405


@pytest.mark.parametrize("name", ["order placed", "parcel moved", "identify", "webhook generic order.created"])
@pytest.mark.parametrize("key", ["write_key", "api_key"])
def test_a_client_cannot_speak_in_our_name(door: Door, name: str, key: str) -> None:
    door.post("/v1/track", view(event=name), key=getattr(door.store, key))
    assert [(event.name, event.flags) for event in door.events()] == [(f"{name} (sent by a client)", "reserved name")]
