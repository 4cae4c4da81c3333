"""The write lane's edges: what happens after a commit, and what an error may say."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core import jobs
from core.db import Database
from core.log import Filter, read
from core.models import LeaseRow
from tests.core.test_log import an_event


def fail(*_: Any) -> None:
    raise ConnectionError("the broker is away")


def test_what_was_committed_is_no_error_because_nobody_could_be_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Sequence[Any]] = []
    monkeypatch.setattr(jobs, "enqueue", fail)
    database.listeners.extend((fail, heard.append))
    with database.write() as session:
        session.append(an_event("kept"))
        session.enqueue("send_messages")
    with database.read() as session:
        assert [event.name for event in read(session, Filter(store_id=1))] == ["kept"]
    assert [[event.name for event in events] for events in heard] == [["kept"]]


def test_an_error_does_not_quote_what_was_to_be_written(database: Database) -> None:
    row = {"name": "beat", "owner": "ines@example.org", "until": 1}
    with pytest.raises(DBAPIError) as raised, database.write() as session:
        session.execute(LeaseRow.__table__.insert(), [row])
        session.execute(LeaseRow.__table__.insert(), [row])
    assert "ines@example.org" not in str(raised.value)
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM lease")).scalar_one() == 0
