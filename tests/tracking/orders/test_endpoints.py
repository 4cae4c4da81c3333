"""GET /api/v1/orders and /api/v1/parcels."""

import pytest
from starlette.testclient import TestClient

from core import ids
from core.db import Database
from tests.tracking import api
from tests.tracking.shop import Shop, order
from tracking.orders import endpoints as orders
from tracking.parcels import endpoints as parcels
from tracking.stores.schemas import NewStore


@pytest.fixture
def client(sqlite_database: Database, new_store_in: NewStore) -> TestClient:
    shop = Shop(sqlite_database, new_store_in.store.store_id)
    shop.tell(*(shop.document("order received", order(order_id)) for order_id in ("O1", "O2", "a/b")))
    shop.tell(
        shop.document(
            "parcel received", {"parcel_id": "P1", "order_id": "O1", "carrier": "UPS", "tracking_number": "1Z"}
        )
    )
    scan = {"parcel_id": "P1", "status": "delivered", "occurred_at": "2026-11-20T11:00:00Z", "place": "Kiel"}
    shop.tell(shop.document("checkpoint received", scan))
    return api.client(sqlite_database, [*orders.ROUTES, *parcels.ROUTES], new_store_in.api_key)


def test_orders_come_in_pages(client: TestClient) -> None:
    first = client.get("/api/v1/orders?limit=2").json()
    assert [one["order_id"] for one in first["items"]] == ["a/b", "O2"]
    second = client.get("/api/v1/orders", params={"limit": 2, "after": first["next"]}).json()
    assert ([one["order_id"] for one in second["items"]], second["next"]) == (["O1"], None)


def test_orders_of_a_person(client: TestClient) -> None:
    person = client.get("/api/v1/orders/O1").json()["person_id"]
    assert person.startswith("p_")
    assert len(client.get("/api/v1/orders", params={"person": person}).json()["items"]) == 3
    assert client.get("/api/v1/orders", params={"person": ids.public("p", 7)}).json()["items"] == []


def test_one_order_with_what_was_said_about_it(client: TestClient) -> None:
    shown = client.get("/api/v1/orders/a/b").json()
    assert (shown["order_id"], shown["total"], shown["currency"], len(shown["lines"])) == ("a/b", 3490, "EUR", 2)
    assert [(report["name"], report["difference"]) for report in shown["reports"]] == [("order received", 0)]


def test_one_parcel_with_its_checkpoints(client: TestClient) -> None:
    shown = client.get("/api/v1/parcels/P1").json()
    assert (shown["state"], shown["tracking_url"]) == ("delivered", "https://www.ups.com/track?tracknum=1Z")
    assert [(one["state"], one["place"]) for one in shown["checkpoints"]] == [("delivered", "Kiel")]
    assert [one["parcel_id"] for one in client.get("/api/v1/parcels?state=delivered").json()["items"]] == ["P1"]
    assert client.get("/api/v1/parcels?late=true").json()["items"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/orders/O9", 404),
        ("/api/v1/parcels/P9", 404),
        ("/api/v1/orders?status=lost", 400),
        ("/api/v1/orders?person=ada", 400),
        ("/api/v1/parcels?state=teleported", 400),
        ("/api/v1/parcels?person=ada", 400),
        ("/api/v1/orders?limit=0", 400),
    ],
)
def test_problems(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_key_is_needed(client: TestClient) -> None:
    for path in ("/api/v1/orders", "/api/v1/orders/O1", "/api/v1/parcels", "/api/v1/parcels/P1"):
        assert client.get(path, headers={"authorization": ""}).status_code == 401
