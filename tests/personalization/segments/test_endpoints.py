"""The REST API's view of segments."""

from types import SimpleNamespace

from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import http, ids
from personalization.segments.endpoints import ROUTES
from tests.conftest import MASTER, NOON
from tests.personalization.segments.shop import SegmentShop
from tracking.stores.directory import Directory
from tracking.stores.schemas import NewStore


def client(shop: SegmentShop, key: str) -> TestClient:
    application = Starlette(routes=ROUTES, exception_handlers={http.Problem: http.render_problem})
    directory = Directory(shop.database, master=MASTER)
    application.state.services = SimpleNamespace(database=shop.database, directory=directory)
    return TestClient(application, headers={"authorization": f"Bearer {key}"})


def test_segments_are_listed_with_their_members(shop: SegmentShop, new_store: NewStore) -> None:
    shop.buy("ada", "O1")
    api = client(shop, new_store.api_key)
    listed = api.get("/api/v1/segments").json()
    assert [(one["name"], one["members"]) for one in listed["items"] if one["members"]] == [("New", 1)]
    new = next(one for one in listed["items"] if one["name"] == "New")
    assert new["condition"]["v"] == 1
    assert new["sentence"].startswith("number of orders is 1")
    assert listed["next"] is None
    members = api.get(f"/api/v1/segments/{new['segment_id']}/members").json()
    assert members == {"items": [{"person_id": ids.public("p", shop.person("ada")), "entered_at": NOON}], "next": None}


def test_pages_of_members_follow_each_other(shop: SegmentShop, new_store: NewStore) -> None:
    shop.buy_each([1, 2, 3])
    api, path = (
        client(shop, new_store.api_key),
        f"/api/v1/segments/{ids.public('s', shop.segment('New').segment_id)}/members",
    )
    first = api.get(path, params={"limit": 2}).json()
    second = api.get(path, params={"limit": 2, "after": first["next"]}).json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    assert not {one["person_id"] for one in first["items"]} & {one["person_id"] for one in second["items"]}


def test_refusals(shop: SegmentShop, new_store: NewStore) -> None:
    api = client(shop, new_store.api_key)
    new = ids.public("s", shop.segment("New").segment_id)
    assert client(shop, "ak_wrong").get("/api/v1/segments").status_code == 401
    assert client(shop, new_store.write_key).get("/api/v1/segments").status_code == 401
    assert api.get("/api/v1/segments/s_1/members").status_code == 404
    assert api.get("/api/v1/segments/new!/members").status_code == 404
    assert api.get(f"/api/v1/segments/{new}/members", params={"after": "x"}).status_code == 400
