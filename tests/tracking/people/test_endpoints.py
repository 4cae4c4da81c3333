"""GET /api/v1/people."""

from core import clock, ids
from core.db import Database
from tests.conftest import NOON
from tests.tracking.api import client
from tests.tracking.people.speaking import call, person, tell
from tests.tracking.people.test_resolve import user, visitor
from tracking.people.endpoints import ROUTES
from tracking.stores.schemas import NewStore


def test_people_a_person_and_their_visits(database: Database, new_store: NewStore) -> None:
    tell(
        database,
        call(anonymous="a"),
        call(anonymous="b", at=1),
        person("u", at=2, email="ann@example.org", traits={"name": "Ann"}, marketing=True),
        call(anonymous="a", user="u", at=clock.HOUR),
    )
    api = client(database, ROUTES, new_store.api_key)
    first = api.get("/api/v1/people", params={"limit": 1}).json()
    second = api.get("/api/v1/people", params={"limit": 1, "after": first["next"]}).json()
    ann = {
        "person_id": ids.public("p", user("u")),
        "user_id": "u",
        "email": "ann@example.org",
        "name": "Ann",
        "country": None,
        "city": None,
        "first_seen_at": clock.iso(NOON),
        "last_seen_at": clock.iso(NOON + clock.HOUR),
        "traits": {"email": "ann@example.org", "name": "Ann"},
        "marketing": True,
    }
    assert first["items"] == [ann]
    assert [one["person_id"] for one in second["items"]] == [ids.public("p", visitor("b"))]
    assert second["next"] is None
    assert len(api.get("/api/v1/people", params={"known": "true"}).json()["items"]) == 1
    consent = {"analytics": True, "personalization": True, "marketing": True}
    # The id of the visits before the sign-in means the same person.
    assert api.get(f"/api/v1/people/{ids.public('p', visitor('a'))}").json() == ann | {"consent": consent}
    path = f"/api/v1/people/{ids.public('p', user('u'))}/timeline"
    whole = api.get(path).json()
    assert [line["kind"] for line in whole["items"]] == ["identity", "visits", "identity", "visits"]
    newest = api.get(path, params={"limit": 1}).json()
    older = api.get(path, params={"after": newest["next"]}).json()
    assert newest["items"] + older["items"] == whole["items"]
    assert older["next"] is None


def test_refusals(database: Database, new_store: NewStore) -> None:
    api = client(database, ROUTES, new_store.api_key)
    for path, status in {
        "/api/v1/people?after=nonsense": 400,
        "/api/v1/people?limit=0": 400,
        "/api/v1/people/p_1": 404,
        "/api/v1/people/nobody!": 404,
        "/api/v1/people/p_1/timeline": 404,
        "/api/v1/people/p_1/timeline?after=x": 400,
    }.items():
        assert api.get(path).status_code == status, path
    assert client(database, ROUTES, new_store.write_key).get("/api/v1/people").status_code == 401


def test_another_store_sees_nothing(database: Database, new_store: NewStore) -> None:
    tell(database, call(anonymous="a", store_id=new_store.store.store_id + 1))
    assert client(database, ROUTES, new_store.api_key).get("/api/v1/people").json() == {"items": [], "next": None}
