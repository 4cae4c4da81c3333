"""SQL and the closure select the same rows: the only pass is zero differences."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine

from core.conditions import Moment, compiled, dump, explain, outlook, parse, usage
from tests.conftest import postgres_copy
from tests.core.conditions import things
from tests.core.conditions.strategies import DURATIONS, documents, moments, rows
from tests.core.conditions.things import REGISTRY

_settings = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


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


@_settings
@given(
    data=st.lists(rows(), min_size=1, max_size=6), trees=st.lists(documents(), min_size=1, max_size=5), moment=moments()
)
def test_sql_and_closure_select_the_same(
    connection: Connection, data: list[dict[str, Any]], trees: list[dict[str, Any]], moment: Moment
) -> None:
    things.store(connection, data)
    for tree in trees:
        condition = parse(tree, REGISTRY)
        matches = compiled(condition, REGISTRY)
        in_python = [at for at, row in enumerate(data) if matches(row, moment)]
        assert things.selected(connection, condition, moment) == in_python
    connection.rollback()


@_settings
@given(tree=documents(), row=rows(), moment=moments())
def test_explanation_agrees_with_the_closure(tree: dict[str, Any], row: dict[str, Any], moment: Moment) -> None:
    condition = parse(tree, REGISTRY)
    assert explain(condition, REGISTRY, row, moment).true is compiled(condition, REGISTRY)(row, moment)


@_settings
@given(tree=documents())
def test_json_survives_a_round_trip(tree: dict[str, Any]) -> None:
    condition = parse(tree, REGISTRY)
    assert parse(dump(condition, REGISTRY), REGISTRY) == condition
    assert dump(parse(dump(condition, REGISTRY), REGISTRY), REGISTRY) == dump(condition, REGISTRY)


_steps = sorted({0, 1, 2, 1000, 1001, *DURATIONS.values()} | {length + 1 for length in DURATIONS.values()})


@_settings
@given(
    tree=documents(),
    row=rows(),
    moment=moments(),
    share=st.floats(0, 1),
    later=st.sampled_from(_steps) | st.integers(0, 90 * 86_400_000),
)
def test_nothing_changes_before_the_next_change(
    tree: dict[str, Any], row: dict[str, Any], moment: Moment, share: float, later: int
) -> None:
    condition = parse(tree, REGISTRY)
    matches = compiled(condition, REGISTRY)
    seen = outlook(condition, REGISTRY, row, moment)
    assert seen.true is matches(row, moment)
    if seen.changes_at is None:
        moments_before = [moment.now + later]
    else:
        assert seen.changes_at > moment.now
        length = seen.changes_at - 1 - moment.now
        moments_before = [moment.now + int(length * share), moment.now + min(later, length), moment.now + length]
    assert {matches(row, moment.at(now)) for now in moments_before} == {seen.true}


@_settings
@given(tree=documents(), row=rows(), moment=moments(), later=st.integers(1, 90 * 86_400_000))
def test_what_time_does_not_touch_has_no_next_change(
    tree: dict[str, Any], row: dict[str, Any], moment: Moment, later: int
) -> None:
    condition = parse(tree, REGISTRY)
    if not usage(condition).timed:
        assert outlook(condition, REGISTRY, row, moment).changes_at is None
        matches = compiled(condition, REGISTRY)
        assert matches(row, moment) is matches(row, moment.at(moment.now + later))
