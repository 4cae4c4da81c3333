"""A shop with segments, on each database."""

import pytest

from core.db import Database
from tests.personalization.segments.shop import SegmentShop
from tracking.stores.schemas import NewStore


@pytest.fixture
def shop(database: Database, new_store: NewStore) -> SegmentShop:
    return SegmentShop(database, new_store.store.store_id)
