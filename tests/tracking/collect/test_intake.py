"""Group commit: durable before it is answered, honest when storage is not there."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from core import ids
from core.db import Database
from core.log import Filter, NewEvent, read
from tests.conftest import NOON
from tracking.collect import intake as module
from tracking.collect.errors import QueueFull, StorageDown
from tracking.collect.intake import Intake


def a_row(message: str, user_id: str = "u") -> NewEvent:
    return NewEvent(
        store_id=1, source="public", key=ids.key("public", message), type="track", name="n", occurred_at=NOON, received_at=NOON,
        anonymous_id=None, user_id=user_id, consent="", proof=None, cause=None, depth=0, body=b"{}", flags="",
    )  # fmt: skip


def stored(database: Database) -> int:
    with database.read() as session:
        return len(read(session, Filter(store_id=1, limit=200)))


def test_many_requests_at_once_are_all_stored(database: Database) -> None:
    intake = Intake(database)

    async def send() -> None:
        await asyncio.gather(*(intake.append([a_row(f"{at}-{number}") for number in range(3)]) for at in range(40)))

    asyncio.run(send())
    assert stored(database) == 120
    intake.stop()


def test_one_bad_row_does_not_fail_its_group(database: Database) -> None:
    intake = Intake(database)
    # A lone surrogate and a NUL: one breaks the driver, the other only PostgreSQL.
    bad = [a_row("bad", "\ud800"), a_row("nul", "a\x00")]

    async def send() -> None:
        await asyncio.gather(intake.append(bad), *(intake.append([a_row(str(at))]) for at in range(5)))

    asyncio.run(send())
    assert stored(database) in (5, 6)  # SQLite takes a NUL, PostgreSQL does not
    intake.stop()


def test_storage_that_does_not_answer_is_a_503_and_comes_back(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake = Intake(sqlite_database)
    write = sqlite_database.write

    def broken() -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr(sqlite_database, "write", broken)
    with pytest.raises(StorageDown):
        asyncio.run(intake.append([a_row("1")]))
    monkeypatch.setattr(sqlite_database, "write", write)
    asyncio.run(intake.append([a_row("1")]))
    assert stored(sqlite_database) == 1
    intake.stop()


def test_a_full_queue_and_a_stopped_intake_say_so(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    intake = Intake(sqlite_database)
    monkeypatch.setattr(module, "LARGEST_QUEUE", -1)
    with pytest.raises(QueueFull):
        asyncio.run(intake.append([a_row("1")]))
    monkeypatch.undo()
    intake.stop()
    with pytest.raises(QueueFull):
        asyncio.run(intake.append([a_row("1")]))
    assert stored(sqlite_database) == 0
