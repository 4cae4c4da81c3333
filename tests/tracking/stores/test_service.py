"""Stores, keys and staff."""

import pytest
from sqlalchemy import func, select, text

from core import clock, security
from core.db import Database
from tests.conftest import MASTER, NOON
from tracking.stores import service
from tracking.stores.directory import Directory
from tracking.stores.errors import (
    EmailTaken,
    StoreError,
    TooManyAttempts,
    UnknownCurrency,
    UnknownLocale,
    UnknownStore,
    UnknownTimeZone,
)
from tracking.stores.models import SignInRow
from tracking.stores.schemas import NewStore


def test_keys_open_their_store_and_are_not_stored(database: Database, new_store: NewStore) -> None:
    directory = Directory(database, master=MASTER)
    write, api = directory.key(new_store.write_key), directory.key(new_store.api_key)
    assert write is not None
    assert api is not None
    assert (write.kind, write.scopes) == ("write", {"collect"})
    assert (api.kind, api.scopes) == ("api", {"collect", "read", "write"})
    assert directory.key("ak_wrong") is None
    with database.read() as session:
        rows = [str(tuple(row)) for row in session.execute(text("SELECT * FROM store_key"))]
    assert not any(new_store.api_key in row for row in rows)


def test_a_secret_key_opens_only_with_its_master(database: Database, new_store: NewStore) -> None:
    with database.read() as session:
        assert service.store(session, 1, master=MASTER).secret_key == new_store.store.secret_key
        with pytest.raises(security.UnreadableSecret):
            service.store(session, 1, master="another master key of forty characters")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"currency": "EURO"}, UnknownCurrency),
        ({"time_zone": "Berlin"}, UnknownTimeZone),
        ({"locale": "xx-YY-zz"}, UnknownLocale),
    ],
)
def test_a_place_that_does_not_exist_is_refused(
    sqlite_database: Database, change: dict[str, str], error: type[StoreError]
) -> None:
    given = {"name": "T", "currency": "EUR", "time_zone": "Europe/Berlin", "locale": "en", "master": MASTER} | change
    with pytest.raises(error), sqlite_database.write() as session:
        service.create_store(session, **given)  # type: ignore[arg-type]
    with sqlite_database.read() as session:
        assert service.stores(session, master=MASTER) == []
        with pytest.raises(UnknownStore):
            service.store(session, 1, master=MASTER)


def test_signing_in_and_out(database: Database) -> None:
    with database.write() as session:
        user = service.create_user(session, email="Mara@Example.org", role="owner", password="correct horse")
    with database.read() as session:
        assert service.check_password(session, "mara@example.org", "wrong") is None
        assert service.check_password(session, "nobody@example.org", "correct horse") is None
        assert service.check_password(session, " MARA@example.org ", "correct horse") == user
    with database.write() as session:
        signed_in = service.start_session(session, user, NOON)
    with database.read() as session:
        found = service.signed_in(session, signed_in.token, NOON)
        assert found is not None
        assert (found.user, found.csrf) == (user, signed_in.csrf)
        assert service.signed_in(session, signed_in.token, signed_in.expires_at) is None
        assert service.signed_in(session, "wrong", NOON) is None
    with database.write() as session:
        service.sign_out(session, signed_in.token)
        assert service.signed_in(session, signed_in.token, NOON) is None


def test_an_address_stands_once(database: Database) -> None:
    with database.write() as session:
        service.create_user(session, email="mara@example.org", role="owner", password="x" * 12)
    for email, error in (("MARA@example.org", EmailTaken), ("no address", StoreError)):
        with pytest.raises(error), database.write() as session:
            service.create_user(session, email=email, role="viewer", password="x" * 12)


def test_guessing_slows_down(database: Database) -> None:
    for _ in range(5):
        with database.write() as session:
            service.record_failure(session, "mara@example.org", NOON)
    with database.read() as session:
        service.sign_in_allowed(session, "mara@example.org", NOON)
    with database.write() as session:
        service.record_failure(session, "mara@example.org", NOON)
    with database.read() as session:
        with pytest.raises(TooManyAttempts):
            service.sign_in_allowed(session, "Mara@example.org", NOON + 29 * clock.SECOND)
        service.sign_in_allowed(session, "mara@example.org", NOON + 30 * clock.SECOND)


def test_changes_are_written_down_newest_first(database: Database, new_store: NewStore) -> None:
    with database.write() as session:
        for number in range(3):
            service.record_change(
                session, store_id=1, actor="mara", action="changed", subject=str(number), detail={"at": number}
            )
        service.record_change(session, store_id=2, actor="mara", action="changed", subject="other", detail={})
    with database.read() as session:
        assert [entry.subject for entry in service.audit(session, 1)] == ["2", "1", "0"]
        assert [entry.detail for entry in service.audit(session, 1, limit=1)] == [{"at": 2}]


def test_whoever_guesses_shuts_the_owner_out_for_minutes_only(database: Database) -> None:
    with database.write() as session:
        for _ in range(40):
            service.record_failure(session, "ines@example.org", NOON)
        with pytest.raises(TooManyAttempts) as refused:
            service.sign_in_allowed(session, "ines@example.org", NOON)
        assert refused.value.seconds == 16 * 60
        service.sign_in_allowed(session, "ines@example.org", NOON + 16 * clock.MINUTE)


def test_sessions_that_have_ended_are_cleared_away(database: Database) -> None:
    with database.write() as session:
        user = service.create_user(session, email="ines@example.org", role="owner", password="slow mornings")
        first = service.start_session(session, user, NOON)
        service.start_session(session, user, first.expires_at)
        assert session.execute(select(func.count()).select_from(SignInRow)).scalar_one() == 1
