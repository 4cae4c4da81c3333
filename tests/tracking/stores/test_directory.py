"""The stores and keys of a process: fresh within seconds, and still there while the database is not."""

import pytest
from sqlalchemy.exc import OperationalError

from core import clock
from core.db import Database
from tests.conftest import MASTER, NOON
from tracking.stores import service
from tracking.stores.directory import Directory
from tracking.stores.schemas import NewStore


def broken() -> None:
    raise OperationalError("SELECT", {}, Exception("connection refused"))


def test_a_key_made_later_is_found_within_a_second(database: Database, new_store: NewStore) -> None:
    directory = Directory(database, master=MASTER)
    with clock.frozen(NOON):
        assert directory.key("nobody's") is None
        with database.write() as session:
            made = service.create_store(session, name="B", currency="EUR", time_zone="UTC", master=MASTER)
        assert directory.key(made.write_key) is None
    with clock.frozen(NOON + clock.SECOND):
        found = directory.key(made.write_key)
        assert found is not None
        assert directory.store(found.store_id).name == "B"


def test_what_was_known_holds_while_the_database_does_not_answer(
    database: Database, new_store: NewStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = Directory(database, master=MASTER)
    with clock.frozen(NOON):
        assert directory.key(new_store.write_key) is not None
    monkeypatch.setattr(database, "read", broken)
    with clock.frozen(NOON + clock.MINUTE):
        found = directory.key(new_store.write_key)
        assert found is not None
        assert directory.store(found.store_id).name == new_store.store.name
        assert directory.key("nobody's") is None
    with pytest.raises(OperationalError):
        Directory(database, master=MASTER).key(new_store.write_key)
