"""How SQLite reaches the rows of the log and of a person: never through everything a store has.

A fresh database has no statistics; then SQLite takes any index that begins with the store for a narrow one.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from core.db import Database, Session
from core.log import Filter, read
from core.log.reading import recent_visitors
from tracking.people import service as people

LOG = Filter(store_id=1)
READERS: dict[str, Callable[[Session], Any]] = {
    "newest": lambda session: read(session, LOG),
    "older": lambda session: read(session, replace(LOG, before=1_000)),
    "newer": lambda session: read(session, replace(LOG, after=1_000)),
    "named": lambda session: read(session, replace(LOG, name="Product Viewed")),
    "by key": lambda session: read(session, replace(LOG, key=b"0123456789abcdef")),
    "by position": lambda session: read(session, replace(LOG, positions=tuple(range(200)))),
    "visitors": lambda session: recent_visitors(session, 1, 0),
    "a person's positions": lambda session: people.positions(session, 1, 5),
    "a person's timeline": lambda session: people.timeline(session, 1, 5),
}


@pytest.mark.parametrize("name", READERS)
def test_no_reader_goes_through_a_whole_store(sqlite_database: Database, name: str) -> None:
    plans = plans_of(sqlite_database, READERS[name])
    assert plans
    assert not [step for step in plans if step.endswith("(store_id=?)")]


def plans_of(database: Database, reader: Callable[[Session], Any]) -> list[str]:
    """The steps of the query plan of every statement that the reader sends."""
    sent: list[tuple[str, Any]] = []
    with database.read() as session:
        connection = session.connection

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            sent.append((statement, parameters))

        event.listen(connection, "before_cursor_execute", note)
        reader(session)
        event.remove(connection, "before_cursor_execute", note)
        steps: list[str] = []
        for statement, parameters in sent:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(str(row[3]) for row in plan)
    return steps
