"""Versions are what the log says, whatever the size of the batches, and again in another database."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from core.db import Database
from core.log import Filter, NewEvent, Runner, read
from core.log.models import EventRow
from tests.conftest import MASTER, sqlite_copy
from tests.tracking.catalog.speaking import STORE, received, tell, viewed
from tracking.catalog import service
from tracking.catalog.models import ProductCategoryRow, ProductRow, ProductVersionRow
from tracking.catalog.service import REACTIONS
from tracking.stores import service as stores

pytestmark = pytest.mark.usefixtures("new_store")
MODELS = (ProductRow, ProductVersionRow, ProductCategoryRow)

IDS = st.sampled_from(["k1", "k2"])
TIMES = st.integers(0, 9)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Kettle", None, " Pot\0 "]),
        "price": st.sampled_from(["1.50", 2, None, "3.999"]),
        "currency": st.sampled_from(["EUR", "usd", None]),
        "stock": st.sampled_from([0, 5, None]),
        "categories": st.sampled_from([["A"], ["A", "B", "A"], None]),
        "attributes": st.sampled_from([{"a": 1.0, "b": [None, "ä"]}, {}, None]),
        "variants": st.sampled_from([[{"variant_id": "v", "stock": 0, "price": 1}], [], None]),
        "deleted": st.booleans(),
    },
)
VIEWS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("Seen"),
        "price": st.sampled_from([1, "x", -1]),
        "category": st.just("C"),
        "url": st.just("/k"),
    },
)
EVENTS = st.one_of(
    st.builds(lambda product_id, at, fields: received(product_id, at=at, **fields), IDS, TIMES, FIELDS),
    st.builds(lambda product_id, at, fields: viewed(product_id=product_id, at=at, **fields), IDS, TIMES, VIEWS),
)
HISTORIES = st.lists(EVENTS, min_size=1, max_size=10, unique_by=lambda event: event.key)


def rows(database: Database) -> dict[str, list[str]]:
    with database.read() as session:
        return {
            model.__tablename__: sorted(str(tuple(row)) for row in session.execute(select(model.__table__)))
            for model in MODELS
        }


def react(database: Database, size: int) -> dict[str, list[str]]:
    """Everything anew from the log in batches of `size`."""
    with database.read() as session:
        stored = read(session, Filter(store_id=STORE, after=0, limit=1_000))
    with database.write() as session:
        for model in MODELS:
            session.execute(delete(model))
    for at in range(0, len(stored), size):
        with database.write() as session:
            REACTIONS[0].handle(session, stored[at : at + size])
    return rows(database)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES, size=st.integers(1, 4))
def test_any_size_of_batches_makes_the_same_versions(database: Database, history: list[NewEvent], size: int) -> None:
    with database.write() as session:
        session.execute(delete(EventRow))
    with database.write() as session:
        session.append(*history)
    whole = react(database, 200)
    assert react(database, size) == whole
    with database.read() as session:
        now = {product.product_id: product for product in service.all_products(session, STORE)}
        assert service.as_of(session, STORE, list(now), 2**62) == now
        assert [service.as_of(session, STORE, [one.product_id], one.position - 1).get(one.product_id) == one for one in now.values()] == [False] * len(now)  # fmt: skip


def test_a_replay_in_another_database_gives_the_same_rows(
    database: Database, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tell(
        database,
        viewed(product_id="k1", name="Seen", price=3, category="C"),
        received("k1", name="Kettle", price="1.50", stock=4, categories=["B", "A"], attributes={"a": 1.0, "ä": None}),
        received("k1", at=1, stock=3, variants=[{"variant_id": "v", "price": "2"}]),
        received("k2", at=1, name="Pot", price=7),
        received("k2", at=2, deleted=True),
        size=1,
    )
    with database.read() as session:
        found = [dict(row._mapping) for row in session.execute(select(EventRow.__table__))]
    with sqlite_copy(sqlite_template, tmp_path_factory.mktemp("replay")) as url:
        scratch = Database(url, rebuilding=True)
        with scratch.write() as session:
            stores.create_store(session, name="Copy", currency="EUR", time_zone="Europe/Berlin", master=MASTER)
            session.execute(insert(EventRow), found)
        runner = Runner(scratch, REACTIONS)
        runner.prepare()
        runner.drain()
        assert rows(scratch) == rows(database)
        scratch.close()
