"""Fixtures of the tracking tests."""

from pathlib import Path

import pytest

from core.db import Database
from tests.conftest import MASTER
from tests.tracking.filing import Desk
from tracking.stores import service as stores
from tracking.stores.schemas import NewStore


@pytest.fixture
def new_store_in(sqlite_database: Database) -> NewStore:
    """A store in `sqlite_database`."""
    with sqlite_database.write() as session:
        return stores.create_store(session, name="Test shop", currency="EUR", time_zone="Europe/Berlin", master=MASTER)


@pytest.fixture
def desk(database: Database, new_store: NewStore, tmp_path: Path) -> Desk:
    """A desk at which files are imported into `database`."""
    return Desk(database, new_store.store, tmp_path)
