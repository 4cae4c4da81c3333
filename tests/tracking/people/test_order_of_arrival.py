"""Graph, people and profiles are a function of the set of events: any order, any repetition, any batches, both databases."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.db import Database
from core.log import NewEvent, Runner
from tests.conftest import sqlite_copy
from tests.tracking.people import tables
from tests.tracking.people.speaking import STORE, call, order, person, server, tell, trait_set
from tracking.people.identifier import Identifier, own_person
from tracking.people.service import REACTIONS

TIMES = st.integers(0, 4)
BROWSERS = st.sampled_from(["a1", "a2", "a3"])
USERS = st.sampled_from(["u1", "u2", "u3", "u4", "u5", "u6"])
ADDRESSES = st.sampled_from(["ann@example.org", "BOB@example.org"])
TRAITS = st.dictionaries(
    st.sampled_from(["name", "email", "country", "age", "address"]),
    st.sampled_from(["Ann", "ann@example.org", "DE", 7, None, True, {"city": "Köln"}, "nul\0"]),
    max_size=3,
)
CONSENTS = st.sampled_from(["", "analytics,-marketing", "marketing", "gpc"])


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str | None]:
    return st.none() | strategy


EVENTS = st.one_of(
    st.builds(call, at=TIMES, anonymous=BROWSERS, user=maybe(USERS), proof=maybe(USERS), consent=CONSENTS),
    st.builds(server, at=TIMES, anonymous=maybe(BROWSERS), user=USERS),
    st.builds(call, st.just("identify"), at=TIMES, anonymous=BROWSERS, user=maybe(USERS), traits=TRAITS),
    st.builds(server, st.just("identify"), at=TIMES, anonymous=maybe(BROWSERS), user=maybe(USERS), traits=TRAITS),
    st.builds(call, st.just("alias"), at=TIMES, user=USERS, previousId=BROWSERS),
    st.builds(
        order,
        st.sampled_from(["1", "2"]),
        at=TIMES,
        user_id=maybe(USERS),
        email=maybe(ADDRESSES),
        anonymous_id=maybe(BROWSERS),
    ),
    st.builds(person, USERS, at=TIMES, email=maybe(ADDRESSES), marketing=st.none() | st.booleans()),
)
PEOPLE = st.builds(own_person, st.builds(Identifier, st.just(STORE), st.just("anonymous"), BROWSERS)) | st.builds(
    own_person, st.builds(Identifier, st.just(STORE), st.just("user"), USERS)
)
FACTS = st.builds(trait_set, PEOPLE, st.sampled_from(["tier", "name"]), st.sampled_from(["gold", 1, None]), at=TIMES)
HISTORIES = st.lists(EVENTS, min_size=1, max_size=14, unique_by=lambda event: event.key)
real = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def again(event: NewEvent, number: int) -> NewEvent:
    """The same message once more, under another key: as a client that forgets its message ids repeats itself."""
    fields = {name: getattr(event, name) for name in NewEvent.__struct_fields__}
    return NewEvent(**{**fields, "key": event.key[:-1] + bytes([number])})


@real
@given(history=HISTORIES, data=st.data())
def test_any_order_and_any_repetition_make_the_same_people(
    database: Database, history: list[NewEvent], data: st.DataObject
) -> None:
    tables.react(database, history, size=200)
    expected = tables.rows(database, tables.GRAPH)
    repeated = [again(event, at) for at, event in enumerate(data.draw(st.lists(st.sampled_from(history), max_size=4)))]
    shuffled = data.draw(st.permutations([*history, *repeated]))
    tables.react(database, list(shuffled), size=data.draw(st.integers(1, 5)))
    assert tables.rows(database, tables.GRAPH) == expected


@real
@given(
    history=st.lists(EVENTS | FACTS, min_size=1, max_size=14, unique_by=lambda event: event.key), size=st.integers(1, 6)
)
def test_any_size_of_batches_concludes_the_same(database: Database, history: list[NewEvent], size: int) -> None:
    moves = tables.react(database, history, size=200)
    whole = tables.rows(database)
    assert tables.react(database, history, size=size) == moves
    assert tables.rows(database) == whole


def test_a_replay_in_another_database_gives_the_same_rows(
    database: Database, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    history = [
        call(anonymous="a1", at=1),
        call(anonymous="a1", user="u1", at=2, consent="analytics,-marketing"),
        call(anonymous="a1", user="u2", at=1),
        order("1", at=3, email="ann@example.org", anonymous_id="a2", address={"name": "Ann", "city": "Köln"}),
        person("u3", at=4, email="ann@example.org", traits={"age": 7}, marketing=True),
        server("identify", user="u3", at=5, traits={"email": "new@example.org", "vip": True}),
        *(call(anonymous="shared", user=f"u{number}", at=number) for number in range(7)),
        trait_set(1, "tier", "gold"),
    ]
    tell(database, *history, size=4)
    folder = tmp_path_factory.mktemp("replay")
    with sqlite_copy(sqlite_template, folder) as url:
        scratch = Database(url, rebuilding=True)
        runner = Runner(scratch, REACTIONS)
        runner.prepare()
        tables.copy_log(database, scratch)
        runner.drain()
        assert scratch.differences == []
        assert tables.rows(scratch) == tables.rows(database)
        scratch.close()
