"""The tables of things, on each database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine

from tests.conftest import postgres_copy
from tests.core.conditions import things


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection with the tables of things."""
    if request.param == "sqlite":
        yield from _connected("sqlite://")
    else:
        with postgres_copy(request.getfixturevalue("postgres_url")) as url:
            yield from _connected(url)


def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url)
    with engine.connect() as opened:
        things.metadata.create_all(opened)
        opened.commit()
        yield opened
    engine.dispose()
