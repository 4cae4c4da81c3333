"""SQL and the closure select the same rows: the only pass is zero differences."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from core.conditions import NEVER, compiled, dump, explain, outlook, parse, usage
from tests.core.conditions import things
from tests.core.conditions.strategies import DURATIONS, Scenario, scenarios
from tests.core.conditions.things import REGISTRY

_settings = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
_steps = sorted({0, 1, 2, 1000, 1001, *DURATIONS.values()} | {length + 1 for length in DURATIONS.values()})


@_settings
@given(scenario=scenarios())
def test_sql_and_closure_select_the_same(connection: Connection, scenario: Scenario) -> None:
    things.store(connection, scenario.rows)
    for document in scenario.documents:
        condition = parse(document, REGISTRY)
        matches = compiled(condition, REGISTRY)
        in_python = [at for at, row in enumerate(scenario.rows) if matches(row, scenario.moment)]
        assert things.selected(connection, condition, scenario.moment) == in_python
    connection.rollback()


@_settings
@given(scenario=scenarios())
def test_explanation_agrees_with_the_closure(scenario: Scenario) -> None:
    for document in scenario.documents:
        condition = parse(document, REGISTRY)
        for row in scenario.rows:
            matches = compiled(condition, REGISTRY)(row, scenario.moment)
            assert explain(condition, REGISTRY, row, scenario.moment).true is matches


@_settings
@given(scenario=scenarios(most_rows=1))
def test_json_survives_a_round_trip(scenario: Scenario) -> None:
    for document in scenario.documents:
        condition = parse(document, REGISTRY)
        written = dump(condition, REGISTRY)
        assert parse(written, REGISTRY) == condition
        assert dump(parse(written, REGISTRY), REGISTRY) == written


@_settings
@given(scenario=scenarios(), share=st.floats(0, 1), later=st.sampled_from(_steps) | st.integers(0, 90 * 86_400_000))
def test_nothing_changes_before_the_next_change(scenario: Scenario, share: float, later: int) -> None:
    moment = scenario.moment
    for document in scenario.documents:
        condition = parse(document, REGISTRY)
        matches = compiled(condition, REGISTRY)
        for row in scenario.rows:
            seen = outlook(condition, REGISTRY)(row, moment)
            length = later if seen.changes_at is None else seen.changes_at - 1 - moment.now
            assert length >= 0
            instants = {moment.now + step for step in (0, int(length * share), min(later, length), length)}
            assert {matches(row, moment.at(now)) for now in instants} == {seen.true}


@_settings
@given(scenario=scenarios())
def test_sql_never_promises_more_than_python(connection: Connection, scenario: Scenario) -> None:
    things.store(connection, scenario.rows)
    moment = scenario.moment
    for document in scenario.documents:
        condition = parse(document, REGISTRY)
        watch = outlook(condition, REGISTRY)
        in_python = [_or_never(watch(row, moment).changes_at) for row in scenario.rows]
        in_sql = things.certain(connection, condition, moment)
        assert all(moment.now < there <= here for here, there in zip(in_python, in_sql, strict=True))
        if "days_since" not in str(document):
            assert in_sql == in_python
    connection.rollback()


def _or_never(instant: int | None) -> int:
    return NEVER if instant is None else instant


@_settings
@given(scenario=scenarios(), later=st.integers(1, 90 * 86_400_000))
def test_what_time_does_not_touch_has_no_next_change(scenario: Scenario, later: int) -> None:
    for document in scenario.documents:
        condition = parse(document, REGISTRY)
        if not usage(condition).timed:
            row, moment = scenario.rows[0], scenario.moment
            assert outlook(condition, REGISTRY)(row, moment).changes_at is None
            matches = compiled(condition, REGISTRY)
            assert matches(row, moment) is matches(row, moment.at(moment.now + later))
