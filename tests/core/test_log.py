"""The log and its reactions, on both databases."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from core import clock, ids
from core.db import Database, Session
from core.log import Event, Filter, LoopTooDeep, NewEvent, Reaction, Runner, head, read
from core.log.models import SetAside
from tests.conftest import NOON


def an_event(name: str, message: str = "m1", store_id: int = 1) -> NewEvent:
    return NewEvent(
        store_id=store_id, source="public", key=ids.key("public", message), type="track", name=name, occurred_at=NOON,
        received_at=NOON, anonymous_id="a1", user_id=None, consent="", proof=None, cause=None, depth=0, body=b"{}", flags="",
    )  # fmt: skip


class Seen:
    """A reaction that remembers, and fails on the names it is told to."""

    def __init__(self, *fails_on: str) -> None:
        self.fails_on = fails_on
        self.names: list[str] = []

    def __call__(self, session: Session, events: Sequence[Event]) -> None:
        for event in events:
            if event.name in self.fails_on:
                raise ValueError(f"cannot read {event.name}")
        self.names.extend(event.name for event in events)


def names(database: Database) -> list[str]:
    with database.read() as session:
        return [event.name for event in reversed(read(session, Filter(store_id=1)))]


def test_a_key_is_stored_once_per_store(database: Database) -> None:
    with database.write() as session:
        session.append(an_event("first"), an_event("repeated"), an_event("other store", store_id=2))
    with database.write() as session:
        session.append(an_event("again"))
    assert names(database) == ["first"]
    with database.read() as session:
        assert [event.name for event in read(session, Filter(store_id=2))] == ["other store"]


def test_a_rolled_back_transaction_appends_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        session.append(an_event("never"))
        raise RuntimeError
    assert names(database) == []


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only|readonly"), database.read() as session:
        session.execute(SetAside.__table__.delete())


def test_reactions_read_in_order_and_once(database: Database) -> None:
    seen = Seen()
    runner = Runner(database, [Reaction(name="seen", reads=("b", "a"), handle=seen)])
    runner.prepare()
    with database.write() as session:
        session.append(*(an_event(name, f"m{at}") for at, name in enumerate("abxab")))
    assert runner.run("seen") == 4
    assert runner.run("seen") == 0
    assert seen.names == ["a", "b", "a", "b"]


def test_only_the_failing_event_is_set_aside(database: Database) -> None:
    seen = Seen("bad")
    runner = Runner(database, [Reaction(name="seen", reads=(), handle=seen)])
    runner.prepare()
    with database.write() as session:
        session.append(an_event("good", "1"), an_event("bad", "2"), an_event("fine", "3"))
    runner.drain()
    assert seen.names == ["good", "fine"]
    with database.read() as session:
        rows = session.execute(select(SetAside.reaction, SetAside.position, SetAside.error)).all()
    assert [(row.reaction, row.error) for row in rows] == [("seen", "ValueError: cannot read bad")]
    with database.write() as session:
        seen.fails_on = ()
        runner.replay(session, 1, "seen", rows[0].position)
    assert seen.names == ["good", "fine", "bad"]


def test_a_reaction_waits_for_those_it_comes_after(database: Database) -> None:
    first, second = Seen(), Seen()
    runner = Runner(
        database,
        [
            Reaction(name="second", reads=("a",), handle=second, after=("first",)),
            Reaction(name="first", reads=("a",), handle=first),
        ],
    )
    runner.prepare()
    with database.write() as session:
        session.append(an_event("a"))
    assert runner.run("second") == 0
    runner.run("first")
    assert runner.run("second") == 1


def test_facts_of_facts_end_at_the_deepest(database: Database) -> None:
    def echo(session: Session, events: Sequence[Event]) -> None:
        for event in events:
            session.append(NewEvent.fact(cause=event, name="echo", body={"v": 1}, key=("echo", event.position)))

    runner = Runner(database, [Reaction(name="echo", reads=("start", "echo"), handle=echo)])
    runner.prepare()
    with database.write() as session:
        session.append(an_event("start"))
    runner.drain()
    assert len(names(database)) == 17
    with database.read() as session:
        errors = [row.error for row in session.execute(select(SetAside.error))]
    assert len(errors) == 1
    assert errors[0].startswith(LoopTooDeep.__name__)


def test_lag_is_the_age_of_the_oldest_waiting_event(database: Database) -> None:
    runner = Runner(database, [Reaction(name="seen", reads=(), handle=Seen())])
    runner.prepare()
    with database.write() as session:
        session.append(an_event("a"))
    with clock.frozen(NOON + 1_500):
        assert runner.lag() == {"seen": 1_500}
    runner.drain()
    assert runner.lag() == {"seen": 0}


def test_position_is_not_given_out_again(database: Database) -> None:
    with database.write() as session:
        session.append(an_event("a"))
    with database.read() as session:
        first = head(session)
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM event")
    with database.write() as session:
        session.append(an_event("b"))
    with database.read() as session:
        assert head(session) > first


def test_an_error_that_quotes_an_odd_text_is_set_aside_all_the_same(database: Database) -> None:
    def handle(_: Session, events: Sequence[Event]) -> None:
        raise ValueError(f"“a\x00b\ud800” is no name: {events[0].name}")

    runner = Runner(database, [Reaction(name="odd", reads=(), handle=handle)])
    runner.prepare()
    with database.write() as session:
        session.append(an_event("first", "1"), an_event("second", "2"))
    runner.drain()
    with database.read() as session:
        errors = list(session.execute(select(SetAside.error)).scalars())
    assert errors == [f"ValueError: “a\N{REPLACEMENT CHARACTER}b?” is no name: {name}" for name in ("first", "second")]


def test_a_statement_that_can_never_run_does_not_hold_the_log_up(sqlite_database: Database) -> None:
    def handle(session: Session, events: Sequence[Event]) -> None:
        if any(event.name == "too much" for event in events):
            session.connection.exec_driver_sql("SELECT nothing FROM nowhere")

    runner = Runner(sqlite_database, [Reaction(name="many", reads=(), handle=handle)])
    runner.prepare()
    with sqlite_database.write() as session:
        session.append(an_event("too much", "1"), an_event("fine", "2"))
    runner.drain()
    with sqlite_database.read() as session:
        assert list(session.execute(select(SetAside.position)).scalars()) == [1]


def test_a_replay_that_two_ask_for_has_one_effect(database: Database) -> None:
    seen = Seen("bad")
    runner = Runner(database, [Reaction(name="seen", reads=(), handle=seen)])
    runner.prepare()
    with database.write() as session:
        session.append(an_event("bad"))
    runner.drain()
    seen.fails_on = ()
    for _ in range(2):
        with database.write() as session:
            runner.replay(session, 1, "seen", 1)
    assert seen.names == ["bad"]


def test_who_is_overtaken_while_setting_aside_does_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    reactions = [Reaction(name="seen", reads=(), handle=Seen("bad"))]
    slow, fast = Runner(database, reactions), Runner(database, reactions)
    slow.prepare()
    with database.write() as session:
        session.append(an_event("bad"))
    set_aside = slow._set_aside

    def late(reaction: Reaction, cursor: int, event: Event, error: Exception) -> None:
        fast.run("seen")
        set_aside(reaction, cursor, event, error)

    monkeypatch.setattr(slow, "_set_aside", late)
    assert slow.run("seen") == 0
    with database.read() as session:
        assert list(session.execute(select(SetAside.position)).scalars()) == [1]
