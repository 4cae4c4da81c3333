"""The backtest's process answers like the function, and brings its refusals along."""

import multiprocessing
from collections.abc import Iterator

import pytest

from core.db import Database
from loyalty.backtest import service
from loyalty.backtest.process import BacktestProcess
from loyalty.rules.errors import WrongRule
from loyalty.rules.schemas import SpendRule
from tests.loyalty.backtest.test_service import ask
from tests.loyalty.orders import placed
from tests.loyalty.rules.test_awarding import append


@pytest.fixture
def process(sqlite_database: Database) -> Iterator[BacktestProcess]:
    made = BacktestProcess(sqlite_database.url)
    yield made
    made.close()


def test_it_answers_the_same_from_its_own_process(sqlite_database: Database, process: BacktestProcess) -> None:
    append(sqlite_database, placed("o1"))
    here = service.run(sqlite_database, ask(SpendRule(points=2)))
    there = process.run(ask(SpendRule(points=2)))
    assert (there.points, there.people, there.weeks, there.examples) == (
        here.points,
        here.people,
        here.weeks,
        here.examples,
    )
    assert there.points == 98


def test_a_wrong_rule_is_refused_with_its_word_and_the_process_lives_on(process: BacktestProcess) -> None:
    with pytest.raises(WrongRule) as caught:
        process.run(ask(SpendRule(points=0)))
    assert caught.value.field == "points"
    assert process.run(ask(SpendRule(points=1))).orders == 0


def test_a_process_that_was_ended_from_outside_is_started_again(process: BacktestProcess) -> None:
    assert process.run(ask(SpendRule(points=1))).orders == 0
    for child in multiprocessing.active_children():
        child.kill()
        child.join()
    assert process.run(ask(SpendRule(points=1))).orders == 0
