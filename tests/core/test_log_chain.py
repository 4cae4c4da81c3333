"""From a fact to its causes, from an event to what was concluded from it, and what was set aside."""

from core import ids
from core.db import Database
from core.log import Event, Filter, NewEvent, Reaction, Runner, chain, read, setting_aside
from tests.conftest import NOON
from tracking.stores.schemas import NewStore


def append(database: Database, row: NewEvent) -> Event:
    with database.write() as session:
        session.append(row)
    with database.read() as session:
        return read(session, Filter(store_id=row.store_id, limit=1))[0]


def told(store_id: int, name: str) -> NewEvent:
    return NewEvent(
        store_id, "server", ids.key("server", name), "track", name, NOON, NOON, None, None, "", None, None, 0, b"{}", ""
    )


def test_causes_are_nearest_first_and_effects_in_order(database: Database, new_store: NewStore) -> None:
    store_id = new_store.store.store_id
    first = append(database, told(store_id, "a"))
    second = append(database, NewEvent.fact(cause=first, name="b", body={}, key=("b", 1)))
    third = append(database, NewEvent.fact(cause=second, name="c", body={}, key=("c", 1)))
    other = append(database, NewEvent.fact(cause=first, name="d", body={}, key=("d", 1)))
    with database.read() as session:
        assert [event.position for event in chain.causes(session, third)] == [second.position, first.position]
        assert chain.causes(session, first) == []
        assert [event.position for event in chain.effects(session, first)] == [second.position, other.position]
        assert chain.effects(session, third) == []


def test_what_waits_is_listed_and_counted_until_it_is_replayed(database: Database, new_store: NewStore) -> None:
    store_id = new_store.store.store_id
    is_broken = [True]

    def handle(_session: object, _events: object) -> None:
        if is_broken[0]:
            raise ValueError("no")

    runner = Runner(database, [Reaction(name="test.one", reads=("a",), handle=handle)])
    runner.prepare()
    event = append(database, told(store_id, "a"))
    append(database, told(store_id, "unread"))
    runner.drain()
    with database.read() as session:
        waiting = setting_aside.waiting(session, store_id)
        assert [(one.reaction, one.position, one.name, one.error) for one in waiting] == [
            ("test.one", event.position, "a", "ValueError: no")
        ]
        assert setting_aside.count(session, store_id) == {"test.one": 1}
        assert setting_aside.count(session, store_id + 1) == {}
        assert setting_aside.waiting(session, store_id, reaction="test.two") == []
        assert setting_aside.waiting(session, store_id, after=event.position) == []
    is_broken[0] = False
    with database.write() as session:
        runner.replay(session, store_id, "test.one", event.position)
    with database.read() as session:
        assert setting_aside.waiting(session, store_id) == []
        assert setting_aside.count(session, store_id) == {}


def test_rows_are_narrowed_by_source(database: Database, new_store: NewStore) -> None:
    store_id = new_store.store.store_id
    first = append(database, told(store_id, "a"))
    append(database, NewEvent.fact(cause=first, name="b", body={}, key=("b", 1)))
    with database.read() as session:
        assert [event.name for event in read(session, Filter(store_id=store_id, source="server"))] == ["a"]
        assert [event.name for event in read(session, Filter(store_id=store_id, source="fact"))] == ["b"]
