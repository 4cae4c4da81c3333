"""What is known about people and what they agreed to, on both databases."""

from core.db import Database
from tests.conftest import NOON
from tests.tracking.people.speaking import STORE, call, order, person, server, tell, trait_set
from tests.tracking.people.test_resolve import guest, user, visitor
from tracking.people import service
from tracking.people.schemas import Consent, Identity, Person
from tracking.stores.schemas import NewStore


def profile(database: Database, person_id: int) -> Person:
    with database.read() as session:
        found = service.person(session, STORE, person_id)
    assert found is not None
    return found


def test_a_browser_never_sets_an_address(database: Database) -> None:
    said = {"email": "evil@example.org", "name": "Ann", "country": "DE"}
    tell(
        database,
        call("identify", anonymous="a", user="u", traits=said),
        call("identify", anonymous="a", user="u", proof="u", at=1, traits={"email": "evil@example.org"}),
    )
    found = profile(database, user("u"))
    assert (found.email, found.name, found.country, found.traits) == (
        None,
        "Ann",
        "DE",
        {"name": "Ann", "country": "DE"},
    )
    with database.read() as session:
        assert service.owned_anonymous_ids(session, STORE, guest("evil@example.org"), proved_only=False) == []


def test_the_shop_knows_better_than_the_browser(database: Database) -> None:
    tell(
        database,
        server("identify", user="u", traits={"email": "Ann@Example.org", "firstName": "Ann", "last_name": "Lee"}, at=1),
        call("identify", anonymous="a", user="u", at=9, traits={"firstName": "Hacked", "colour": "red"}),
        server("identify", user="u", at=5, traits={"colour": None, "last_name": "Roe"}),
    )
    found = profile(database, user("u"))
    assert (found.email, found.name) == ("ann@example.org", "Ann Roe")
    assert found.traits == {"email": "Ann@Example.org", "firstName": "Ann", "last_name": "Roe"}


def test_a_guest_is_known_by_their_order(database: Database) -> None:
    address = {"name": "Ann Lee", "city": "Köln", "country": "DE", "street": "Ring 1"}
    tell(
        database, order("1", at=-5, email="Ann@Example.org", address=address), order("2", at=7, email="ann@example.org")
    )
    found = profile(database, guest("ann@example.org"))
    assert found == Person(
        person_id=guest("ann@example.org"),
        user_id=None,
        email="ann@example.org",
        name="Ann Lee",
        country="DE",
        city="Köln",
        first_seen_at=NOON - 5,
        last_seen_at=NOON + 7,
        traits={"email": "ann@example.org", "name": "Ann Lee", "address": address},
        marketing=None,
    )


def test_a_browsers_order_received_is_not_one(database: Database) -> None:
    forged = call("track", name="order received", anonymous="a", email="ann@example.org", user_id="u")
    tell(database, forged, order("1", source="public", email="ann@example.org", user_id="u", anonymous_id="a"))
    with database.read() as session:
        assert service.person(session, STORE, guest("ann@example.org")) is None
        assert service.person(session, STORE, user("u")) is None


def test_an_imported_person_is_known_since_they_were_made(database: Database) -> None:
    tell(database, person("u", email="ann@example.org", created_at="2020-01-02T00:00:00Z", traits={"vip": True}))
    found = profile(database, user("u"))
    assert (found.first_seen_at, found.email, found.traits["vip"]) == (1577923200000, "ann@example.org", True)


def test_traits_of_the_parts_above_hold_and_are_kept_by_position(database: Database) -> None:
    tell(
        database,
        call(anonymous="a"),
        call("identify", anonymous="a", user="u", at=1, traits={"tier": "forged"}),
        trait_set(user("u"), "tier", "silver", at=2),
        trait_set(user("u"), "tier", "gold", at=3),
        trait_set(visitor("a"), "score", 5, at=4),
    )
    assert profile(database, visitor("a")).traits == {"tier": "gold", "score": 5}
    with database.read() as session:
        seen = [service.traits_as_of(session, STORE, [user("u")], position) for position in range(2, 6)]
    assert seen == [{}, {user("u"): {"tier": "silver"}}, {user("u"): {"tier": "gold"}}, {user("u"): {"tier": "gold"}}]


def test_pages_of_people_and_search(database: Database) -> None:
    tell(
        database,
        *(call(anonymous=f"a{number}", at=number) for number in range(3)),
        server("identify", user="u_1", at=1, traits={"name": "Ängström", "email": "one@example.org"}),
        call(anonymous="other", store_id=2, at=99),
    )
    with database.read() as session:
        whole = service.people(session, STORE)
        first = service.people(session, STORE, limit=3)
        second = service.people(session, STORE, limit=3, cursor=first.next)
        assert whole.items[0].person_id == visitor("a2")
        assert (*first.items, *second.items) == whole.items
        assert (len(first.items), len(second.items), second.next) == (3, 1, None)
        for text in ("ÄNGST", "ONE@", "u_1"):
            assert [found.user_id for found in service.people(session, STORE, search=text).items] == ["u_1"]
        assert service.people(session, STORE, search="u%1").items == ()
        assert [found.user_id for found in service.people(session, STORE, known_only=True).items] == ["u_1"]
        chosen = service.people(session, STORE, person_ids=[visitor("a0"), user("u_1")])
        assert [found.person_id for found in chosen.items] == [user("u_1"), visitor("a0")]
        assert (service.count(session, STORE), service.count(session, STORE, known_only=True)) == (4, 1)


def test_times_follow_what_moves(database: Database) -> None:
    tell(database, call(anonymous="a", at=1), call(user="u1", at=5), call(anonymous="a", user="u1", at=6))
    assert (profile(database, user("u1")).first_seen_at, profile(database, user("u1")).last_seen_at) == (
        NOON + 1,
        NOON + 6,
    )
    tell(database, call(anonymous="a", user="u2", at=3))
    assert profile(database, user("u1")).first_seen_at == NOON + 5
    assert profile(database, user("u2")).first_seen_at == NOON + 1


def test_consent_is_the_latest_word_and_marketing_needs_proof(database: Database, new_store: NewStore) -> None:
    def now(person_id: int) -> Consent:
        with database.read() as session:
            return service.consent_of(session, new_store.store, person_id)

    assert now(user("u")) == Consent(analytics=True, personalization=True, marketing=False, stamps={})
    tell(
        database,
        call(anonymous="a", user="u", at=5, consent="analytics,-personalization,marketing"),
        call(anonymous="a", user="u", at=1, consent="-analytics,personalization"),
    )
    assert now(user("u")) == Consent(
        analytics=True, personalization=False, marketing=False, stamps={"analytics": True, "personalization": False}
    )
    tell(database, call(anonymous="a", user="u", proof="u", at=6, consent="marketing"))
    assert now(user("u")).marketing
    assert profile(database, user("u")).marketing is True
    with database.write() as session:
        said = {"purpose": "marketing", "granted": False, "at": NOON + 7, "said_by": "unsubscribe link"}
        service.record_consent(session, STORE, Identity(user_id="u"), **said)  # type: ignore[arg-type]
    assert not now(user("u")).marketing
    tell(database, call(anonymous="a", user="u", at=8, consent="-marketing"), person("u", at=9, marketing=True))
    assert now(user("u")).marketing


def test_a_withdrawal_holds_for_earlier_events(database: Database, new_store: NewStore) -> None:
    tell(
        database, call(anonymous="a", consent="personalization"), call(anonymous="a", at=1, consent="-personalization")
    )
    with database.read() as session:
        now = service.consent_of(session, new_store.store, visitor("a"))
    assert not service.may_use(now, "personalization", "personalization", asks_first=False)
    assert service.may_use(now, "", "analytics", asks_first=False)
    assert not service.may_use(now, "-analytics", "analytics", asks_first=False)
    assert not service.may_use(now, "advertising", "advertising", asks_first=False)


def test_a_broken_trait_of_a_browser_does_no_harm(database: Database) -> None:
    broken = call("identify", anonymous="a", user="u", traits={"name": "x"})
    fields = {name: getattr(broken, name) for name in type(broken).__struct_fields__}
    lone = type(broken)(**{**fields, "body": b'{"traits":{"name":"\\ud800"}}'})
    tell(
        database, lone, call("identify", anonymous="a", user="u", at=1, traits={"a\0": 1, "nul": "x\0y", "big": 10**30})
    )
    assert profile(database, user("u")).traits == {"nul": "xy", "big": 10**30}
