"""One thread of a process at a time runs a reaction, and nothing asked for in between is forgotten."""

import threading
from collections.abc import Sequence

from core.db import Database, Session
from core.log import EVERYTHING, Event, NewEvent, Reaction, Runner
from tests.conftest import NOON


def _append(database: Database, key: str) -> None:
    with database.write() as session:
        session.append(NewEvent.decided(store_id=1, name="said", body={}, key=(key,), at=NOON))


def test_a_second_thread_leaves_the_work_to_the_first_which_does_it_too(sqlite_database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()
    seen: list[str] = []

    def handle(session: Session, events: Sequence[Event]) -> None:
        seen.append(threading.current_thread().name)
        begun.set()
        assert go_on.wait(10)

    runner = Runner(sqlite_database, [Reaction(name="listens", reads=EVERYTHING, handle=handle)])
    runner.prepare()
    _append(sqlite_database, "first")
    handled: list[int] = []
    first = threading.Thread(name="first", target=lambda: handled.append(runner.run("listens", seconds=10)))
    first.start()
    assert begun.wait(10)
    assert runner.run("listens") == 0
    go_on.set()
    first.join(10)
    _append(sqlite_database, "second")
    assert runner.run("listens") == 1
    assert (handled, seen) == ([1], ["first", threading.current_thread().name])
