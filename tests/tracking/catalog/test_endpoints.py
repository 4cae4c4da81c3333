"""GET /api/v1/products."""

from core import clock
from core.db import Database
from tests.conftest import NOON
from tests.tracking.api import client
from tests.tracking.catalog.speaking import received, tell
from tracking.catalog.endpoints import ROUTES
from tracking.stores.schemas import NewStore


def test_products(database: Database, new_store: NewStore) -> None:
    variants = [{"variant_id": "v", "price": 2}]
    tell(database, *(received(f"p/{at}", name=f"Pot {at}", categories=["Pots"], variants=variants) for at in range(3)))
    api = client(database, ROUTES, new_store.api_key)
    first = api.get("/api/v1/products", params={"limit": 2, "category": "Pots"}).json()
    second = api.get("/api/v1/products", params={"limit": 2, "after": first["next"]}).json()
    assert [one["product_id"] for one in first["items"] + second["items"]] == ["p/0", "p/1", "p/2"]
    assert api.get("/api/v1/products/p/1").json() == {
        "product_id": "p/1",
        "name": "Pot 1",
        "url": None,
        "image_url": None,
        "price": None,
        "currency": "EUR",
        "stock": None,
        "categories": ["Pots"],
        "attributes": {},
        "for_sale": True,
        "updated_at": clock.iso(NOON),
        "variants": [
            {"variant_id": "v", "name": None, "price": 200, "stock": None, "image_url": None, "attributes": {}}
        ],
        "described": True,
        "deleted": False,
    }


def test_refusals(database: Database, new_store: NewStore) -> None:
    api = client(database, ROUTES, new_store.api_key)
    assert api.get("/api/v1/products/none").status_code == 404
    assert api.get("/api/v1/products?after=none").status_code == 400
    assert client(database, ROUTES, "wrong").get("/api/v1/products").status_code == 401
