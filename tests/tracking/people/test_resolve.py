"""Whose events are, on both databases."""

import msgspec

from core.db import Database
from core.log import Filter, read
from tests.conftest import NOON
from tests.tracking.people.speaking import STORE, call, order, person, server, tell, trait_set
from tracking.people import service
from tracking.people.identifier import Identifier, own_person
from tracking.people.schemas import Identity, IdentityMoved


def resolved(database: Database, **identity: str) -> int | None:
    with database.read() as session:
        return service.resolve(session, STORE, [Identity(**identity)])[0]


def user(name: str) -> int:
    return own_person(Identifier(STORE, "user", name))


def visitor(name: str) -> int:
    return own_person(Identifier(STORE, "anonymous", name))


def guest(address: str) -> int:
    return own_person(Identifier(STORE, "email", address))


def moves(database: Database) -> list[IdentityMoved]:
    with database.read() as session:
        found = read(session, Filter(store_id=STORE, name="identity moved", after=0))
    return [event.read(IdentityMoved) for event in found]


def test_an_identity_nobody_mentioned_is_its_own_person(database: Database) -> None:
    assert resolved(database, anonymous_id="a") == visitor("a")
    assert resolved(database, user_id="u") == user("u")
    assert resolved(database, email=" Ann@Example.org ") == guest("ann@example.org")
    assert resolved(database) is None


def test_signing_in_moves_the_visits_to_the_user(database: Database) -> None:
    tell(database, call(anonymous="a"), call(anonymous="a", user="u", at=1))
    assert resolved(database, anonymous_id="a") == user("u")
    assert moves(database) == [
        IdentityMoved(person_from=visitor("a"), person_to=user("u"), kind="anonymous", value="a")
    ]
    with database.read() as session:
        found = service.person(session, STORE, visitor("a"))
        assert found is not None
        assert (found.person_id, found.user_id, found.first_seen_at) == (user("u"), "u", NOON)
        assert service.merged(session, STORE, user("u")) == [user("u"), visitor("a")]
        assert service.positions(session, STORE, user("u")) == [3, 2, 1]
        assert service.count(session, STORE) == 1


def test_a_proved_link_holds_over_an_earlier_claimed_one(database: Database) -> None:
    tell(database, call(anonymous="a", user="u1"), call(anonymous="a", user="u2", proof="u2", at=9))
    assert resolved(database, anonymous_id="a") == user("u2")
    with database.read() as session:
        assert service.is_proved(session, STORE, "a") == user("u2")
        assert service.owned_anonymous_ids(session, STORE, user("u2"), proved_only=True) == ["a"]
        assert service.owned_anonymous_ids(session, STORE, user("u1"), proved_only=False) == []


def test_a_token_speaks_for_its_own_user_only(database: Database) -> None:
    tell(database, call(anonymous="a", user="victim", proof="attacker"), call(anonymous="b", proof="u", at=1))
    with database.read() as session:
        assert service.is_proved(session, STORE, "a") == user("attacker")
        assert service.owned_anonymous_ids(session, STORE, user("victim"), proved_only=False) == []
        assert service.is_proved(session, STORE, "b") == user("u")


def test_a_claim_proves_nothing(database: Database) -> None:
    tell(database, call(anonymous="a", user="victim"))
    assert resolved(database, anonymous_id="a") == user("victim")
    with database.read() as session:
        assert service.is_proved(session, STORE, "a") is None
        assert service.owned_anonymous_ids(session, STORE, user("victim"), proved_only=True) == []
        assert service.owned_anonymous_ids(session, STORE, user("victim"), proved_only=False) == ["a"]


def test_a_late_earlier_link_moves_the_identity(database: Database) -> None:
    tell(database, call(anonymous="a", user="u1", at=5), call(anonymous="a", user="u2", at=1))
    assert resolved(database, anonymous_id="a") == user("u2")
    assert moves(database) == [IdentityMoved(person_from=user("u1"), person_to=user("u2"), kind="anonymous", value="a")]


def test_a_machine_of_more_than_five_users_belongs_to_nobody(database: Database) -> None:
    tell(database, *(call(anonymous="a", user=f"u{number}", at=number) for number in range(5)))
    assert resolved(database, anonymous_id="a") == user("u0")
    tell(database, server(anonymous="a", user="u5", at=5))
    assert resolved(database, anonymous_id="a") == visitor("a")
    assert resolved(database, anonymous_id="a", user_id="u3") == user("u3")


def test_a_guest_order_finds_its_guest_and_its_browser(database: Database) -> None:
    tell(database, call(anonymous="a"), order("1", at=1, email="Ann@Example.org", anonymous_id="a"))
    assert resolved(database, anonymous_id="a") == guest("ann@example.org")
    with database.read() as session:
        found = service.person(session, STORE, guest("ann@example.org"))
        assert found is not None
        assert found.email == "ann@example.org"
        assert service.is_proved(session, STORE, "a") is None


def test_a_guest_becomes_the_user_whose_account_has_the_address(database: Database) -> None:
    tell(
        database,
        order("1", email="ann@example.org", anonymous_id="a"),
        person("u", at=2, email="ann@example.org"),
        person("u2", at=3, email="ann@example.org"),
    )
    assert resolved(database, email="ann@example.org") == user("u")
    assert resolved(database, anonymous_id="a") == user("u")
    assert [(move.kind, move.person_from, move.person_to) for move in moves(database)] == [
        ("email", guest("ann@example.org"), user("u")),
        ("anonymous", guest("ann@example.org"), user("u")),
    ]


def test_two_known_users_never_merge(database: Database) -> None:
    tell(database, server("alias", user="u2", previousId="u1"), server(user="u1"), server("identify", user="u2"))
    assert resolved(database, user_id="u1") == user("u1")
    assert resolved(database, anonymous_id="u1") == user("u2")
    with database.read() as session:
        assert service.count(session, STORE) == 2


def test_an_order_of_a_user_does_not_tie_a_typed_address_to_them(database: Database) -> None:
    tell(
        database, order("1", email="victim@example.org"), order("2", at=1, user_id="thief", email="victim@example.org")
    )
    assert resolved(database, email="victim@example.org") == guest("victim@example.org")
    assert moves(database) == []


def test_junk_is_nobody(database: Database) -> None:
    junk = ["", "0", "000-0000", "-1", "null", "NULL", "anonymous", "guest", " "]
    tell(database, *(call(anonymous=word, user=word, at=number) for number, word in enumerate(junk)))
    for word in junk:
        assert resolved(database, anonymous_id=word, user_id=word) is None
    with database.read() as session:
        assert service.count(session, STORE) == 0


def test_stores_do_not_share_identities(database: Database) -> None:
    tell(database, call(anonymous="a", user="u"), call(anonymous="a", store_id=2))
    with database.read() as session:
        assert service.resolve(session, 2, [Identity(anonymous_id="a")]) == [
            own_person(Identifier(2, "anonymous", "a"))
        ]
        assert service.resolve(session, 1, [Identity(anonymous_id="a")]) == [user("u")]


def test_positions_lead_to_facts_and_raw_deliveries_too(database: Database) -> None:
    delivery = call("webhook", name="webhook generic order.created", source="webhook:generic")
    tell(database, delivery)
    received = msgspec.structs.replace(order("1", email="ann@example.org"), cause=1)
    tell(database, received, trait_set(guest("ann@example.org"), "tier", "gold"), call(anonymous="other", at=1))
    with database.read() as session:
        assert service.positions(session, STORE, guest("ann@example.org")) == [3, 2, 1]
    tell(database, person("u", at=2, email="ann@example.org"))
    with database.read() as session:
        assert service.positions(session, STORE, user("u")) == [6, 5, 3, 2, 1]
        assert service.positions(session, STORE, user("u"), before=5, limit=2) == [3, 2]


def test_identities_of_a_person(database: Database) -> None:
    tell(
        database,
        call(anonymous="old"),
        call(anonymous="new", at=1),
        call(anonymous="old", user="u", at=2),
        server(anonymous="new", user="u", at=3),
        person("u", at=4, email="ann@example.org"),
    )
    with database.read() as session:
        found = service.identities(session, STORE, user("u"))
    assert [(one.kind, one.value, one.proved) for one in found] == [
        ("user", "u", False), ("email", "ann@example.org", True), ("anonymous", "new", True), ("anonymous", "old", False),
    ]  # fmt: skip
