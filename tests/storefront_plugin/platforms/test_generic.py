"""POST /webhooks/generic/{store_id} and what the deliveries mean, on both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from httpx2 import Response
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import clock
from core.db import Database
from core.http import Problem, render_problem
from core.log import Event, Filter, Runner, read
from core.log.models import SetAside
from storefront_plugin.platforms import generic
from storefront_plugin.platforms.generic.signature import sign
from tests.conftest import MASTER, NOON
from tests.tracking.shop import REACTIONS, order, refund
from tracking.collect.intake import Intake
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.stores.directory import Directory
from tracking.stores.schemas import NewStore, Store


@dataclass
class _Services:
    database: Database
    directory: Directory
    intake: Intake


@dataclass
class Door:
    """A shop that sends deliveries."""

    client: TestClient
    database: Database
    store: Store

    def send(self, topic: str, body: dict[str, Any] | bytes, **headers: str) -> Response:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        signed = {"X-Regulars-Topic": topic, "X-Regulars-Signature": sign(self.store.secret_key, raw, clock.now())}
        return self.client.post(f"/webhooks/generic/{self.store.store_id}", content=raw, headers=signed | headers)

    def log(self, name: str | None = None) -> list[Event]:
        with self.database.read() as session:
            return read(session, Filter(store_id=self.store.store_id, name=name, after=0, limit=1_000))

    def react(self) -> None:
        runner = Runner(self.database, (*generic.REACTIONS, *REACTIONS))
        runner.prepare()
        runner.drain()


@pytest.fixture
def door(database: Database, new_store: NewStore) -> Iterator[Door]:
    app = Starlette(routes=generic.ROUTES, exception_handlers={Problem: render_problem})
    intake = Intake(database)
    app.state.services = _Services(database, Directory(database, master=MASTER), intake)
    with clock.frozen(NOON), TestClient(app) as client:
        yield Door(client, database, new_store.store)
    intake.stop()


def test_a_delivery_is_kept_as_it_came(door: Door) -> None:
    raw = b'{ "order_id" : "O1" }'
    answer = door.send("order.created", raw, **{"X-Regulars-Delivery": "d1"})
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    (event,) = door.log()
    assert (event.name, event.type, event.source) == ("webhook generic order.created", "webhook", "webhook:generic")
    assert (event.body, event.occurred_at, event.received_at) == (raw, NOON, NOON)


def test_a_repeated_delivery_is_answered_and_kept_once(door: Door) -> None:
    for _ in range(2):
        assert door.send("order.created", order(), **{"X-Regulars-Delivery": "d1"}).status_code == 200
        assert door.send("order.created", order()).status_code == 200
        assert door.send("order.updated", order()).status_code == 200
    assert len(door.log()) == 3


@pytest.mark.parametrize(
    ("topic", "body", "headers", "status"),
    [
        ("order.created", b"{}", {"X-Regulars-Signature": "t=1,v1=0"}, 401),
        ("order.created", b"{}", {"X-Regulars-Signature": ""}, 401),
        ("order.created", b"[]", {}, 400),
        ("order.created", b'{"a":', {}, 400),
        ("order.created", b'{"a":"\xff"}', {}, 400),
        ("order.created", b'{"a":' + b"[" * 65 + b"]" * 65 + b"}", {}, 400),
        ("Order Created", b"{}", {}, 400),
        ("order.created", b"{}", {"X-Regulars-Delivery": "d" * 256}, 400),
        ("order.created", b'{"a":"' + b"x" * 512 * 1024 + b'"}', {}, 413),
    ],
)
def test_what_is_refused_leaves_nothing(
    door: Door, topic: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = door.send(topic, body, **headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert door.log() == []


def test_an_unknown_store_is_not_found(door: Door) -> None:
    assert door.client.post("/webhooks/generic/99", content=b"{}").status_code == 404


def test_every_topic_becomes_its_document(door: Door) -> None:
    parcel = {"parcel_id": "P1", "order_id": "O1", "carrier": "DHL", "tracking_number": "0034"}
    scan = {"parcel_id": "P1", "status": "delivered", "occurred_at": "2026-11-20T11:50:00Z"}
    deliveries = [
        ("product.updated", {"product_id": "kettle", "name": "Kettle", "price": "12.50", "currency": "EUR"}),
        ("order.created", order(anonymous_id="a1", unknown="is let through")),
        ("order.updated", order(total="30.00")),
        ("refund.created", refund(amount="5.00")),
        ("parcel.created", parcel),
        ("parcel.checkpoint", scan),
        ("order.cancelled", order("O2") | {"cancelled_at": "2026-11-20T11:55:00Z"}),
        ("order.created", order("O2")),
        ("stock.counted", {"nobody": "reads this"}),
    ]
    for number, (topic, body) in enumerate(deliveries):
        assert door.send(topic, body, **{"X-Regulars-Delivery": f"d{number}"}).status_code == 200
    door.react()
    received = [event for event in door.log() if event.name.endswith(" received")]
    assert [(event.name, event.cause, event.occurred_at - NOON) for event in received] == [
        ("product received", 1, 0),
        ("order received", 2, -clock.HOUR),
        ("order received", 3, -clock.HOUR),
        ("refund received", 4, -clock.HOUR // 2),
        ("parcel received", 5, 0),
        ("checkpoint received", 6, -10 * clock.MINUTE),
        ("order cancellation received", 7, -5 * clock.MINUTE),
        ("order received", 8, -clock.HOUR),
    ]
    assert (received[1].user_id, received[1].anonymous_id) == ("u1", "a1")
    with door.database.read() as session:
        first, second = (orders.order(session, door.store.store_id, order_id) for order_id in ("O1", "O2"))
        moved = parcels.parcel(session, door.store.store_id, "P1", now=NOON)
    assert (first.status, first.total, first.refunded) == ("placed", 3000, 500)
    assert (second.status, second.cancelled_at) == ("cancelled", NOON - 5 * clock.MINUTE)
    assert (moved.state, moved.person_id) == ("delivered", first.person_id)


def test_a_document_from_the_future_happened_when_it_came(door: Door) -> None:
    door.send("order.created", order(occurred_at="2026-11-21T12:00:00Z"))
    door.react()
    assert [event.occurred_at for event in door.log("order received")] == [NOON]
    assert [event.occurred_at for event in door.log("order placed")] == [NOON]


def test_a_delivery_that_does_not_read_is_set_aside_alone(door: Door) -> None:
    door.send("order.created", {"order_id": "O1"})
    door.send("order.created", order(occurred_at="soon"))
    door.send("order.created", order("O3"))
    door.react()
    with door.database.read() as session:
        errors = list(session.execute(select(SetAside.error).order_by(SetAside.position)).scalars())
    assert len(errors) == 2
    assert "missing required field `occurred_at`" in errors[0]
    assert "“soon” is not an ISO 8601 time" in errors[1]
    assert len(door.log("order placed")) == 1
