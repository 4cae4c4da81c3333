"""Fixtures of the tracking tests."""

import pytest

from core.db import Database
from tests.conftest import MASTER
from tracking.stores import service as stores
from tracking.stores.schemas import NewStore


@pytest.fixture
def new_store_in(sqlite_database: Database) -> NewStore:
    """A store in `sqlite_database`."""
    with sqlite_database.write() as session:
        return stores.create_store(session, name="Test shop", currency="EUR", time_zone="Europe/Berlin", master=MASTER)
