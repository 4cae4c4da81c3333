"""A backtest says to the point what live processing would have awarded."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.db import Database
from core.log import NewEvent
from loyalty.backtest import service as backtest
from loyalty.backtest.schemas import Question
from loyalty.ledger import service as ledger
from loyalty.rules.schemas import BonusRule, RuleBody, SpendRule
from tests.conftest import NOON
from tests.loyalty.orders import a_line, cancelled, placed, refunded
from tests.loyalty.rules.test_awarding import append, run, turn_on
from tracking.stores.schemas import NewStore


def ask(body: RuleBody, since: int = NOON - 366 * clock.DAY, until: int = NOON + clock.DAY) -> Question:
    return Question(
        store_id=1, currency="EUR", time_zone="Europe/Berlin", locale="en", body=body, since=since, until=until
    )


def net(database: Database) -> int:
    with database.read() as session:
        return sum(movement.points for movement in ledger.movements(session, 1, limit=10_000))


bodies = st.one_of(
    st.builds(
        SpendRule,
        points=st.integers(1, 7),
        per=st.sampled_from([1, 100, 250, 999]),
        category=st.sampled_from([None, "Beans", "Mugs"]),
    ),
    st.builds(BonusRule, points=st.integers(1, 90)),
)
lines = st.lists(st.tuples(st.integers(1, 9_999), st.sampled_from(["Beans", "Mugs", "Plants"])), min_size=1, max_size=4)
orders = st.lists(
    st.tuples(
        st.integers(1, 4), lines, st.lists(st.tuples(st.integers(0, 3), st.integers(1, 100)), max_size=4), st.booleans()
    ),
    max_size=8,
)


def history(given_orders: list[Any]) -> list[NewEvent]:
    events = []
    for number, (person_id, given_lines, refunds, is_cancelled) in enumerate(given_orders):
        name, at = f"o{number}", NOON - number * clock.DAY
        made = [a_line(str(index), total, category) for index, (total, category) in enumerate(given_lines)]
        events.append(placed(name, *made, person_id=person_id, at=at))
        left = {line.line_id: line.total for line in made}
        for refund, (index, share) in enumerate(refunds):
            line = str(index % len(made))
            amount = left[line] * share // 100
            left[line] -= amount
            events.append(refunded(f"{name}-{refund}", name, (line, amount), at=at))
        if is_cancelled:
            events.append(cancelled(name, at=at))
    return events


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, made=orders)
def test_it_equals_what_was_awarded_live(
    sqlite_template: Any, tmp_path_factory: Any, body: RuleBody, made: list[Any]
) -> None:
    from tests.conftest import MASTER, sqlite_copy  # a database of its own for every example
    from tracking.stores import service as stores

    with sqlite_copy(sqlite_template, tmp_path_factory.mktemp("backtest")) as url:
        database = Database(url)
        with database.write() as session:
            stores.create_store(session, name="T", currency="EUR", time_zone="Europe/Berlin", master=MASTER)
        turn_on(database, body)
        append(database, *history(made))
        run(database)
        result = backtest.run(database, ask(body))
        assert result.points == net(database)
        assert result.orders == len(made)
        assert sum(week.points for week in result.weeks) == result.points
        database.close()


def test_it_reads_as_a_marketer_asks(database: Database, new_store: NewStore) -> None:
    append(
        database,
        placed("o1", a_line("1", 4_900, "Kettles"), person_id=1, at=NOON - 8 * clock.DAY),
        placed("o2", a_line("1", 1_450, "Beans"), person_id=1, at=NOON - clock.DAY),
        placed("o3", a_line("1", 30_000, "Beans"), person_id=2, at=NOON),
        placed("old", a_line("1", 9_900, "Beans"), person_id=3, at=NOON - 400 * clock.DAY),
        refunded("r1", "o3", ("1", 10_000)),
    )
    result = backtest.run(database, ask(SpendRule(points=2, category="Beans")))
    assert (result.orders, result.buyers, result.people, result.more_than_once) == (3, 2, 2, 0)
    assert (result.points, result.taken_back, result.rewarded_orders, result.rewarded_revenue) == (429, 200, 2, 31_450)
    assert [(band.least, band.most, band.people) for band in result.bands] == [
        (1, 49, 1), (50, 99, 0), (100, 199, 0), (200, 499, 1), (500, None, 0),
    ]  # fmt: skip
    assert [(example.order_id, example.outcome.points, example.outcome.arithmetic) for example in result.examples] == [
        ("o3", 600, "€300.00 of Beans × 2"),
        ("o2", 29, "€14.50 of Beans × 2"),
        ("o1", 0, "€0.00 of Beans × 2"),
    ]
    assert len(result.weeks) in (53, 54)


def test_it_changes_nothing(database: Database, new_store: NewStore) -> None:
    append(database, placed("o1"))
    before = net(database)
    backtest.run(database, ask(SpendRule(points=2)))
    assert net(database) == before == 0
