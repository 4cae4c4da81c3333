"""The ledger: exact sums, once per key, lots that never go below nothing."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock, ids
from core.db import Database, Session
from loyalty.ledger import service
from loyalty.ledger.checks import CHECKS
from loyalty.ledger.errors import Conflict, Overdrawn
from loyalty.ledger.models import Balance, LedgerEntry, LedgerTransaction
from loyalty.ledger.schemas import Award, TakeBack
from tests.conftest import NOON


def an_award(
    name: str = "o1",
    *,
    points: int = 100,
    person_id: int = 7,
    expires_at: int | None = None,
    available_from: int = NOON,
) -> Award:
    return Award(
        store_id=1, key=ids.key("award", name), person_id=person_id, points=points, order_id=name, rule_id=5, rule_version=1,
        cause=1, effective_at=NOON, recorded_at=NOON, available_from=available_from, expires_at=expires_at, explanation={},
    )  # fmt: skip


def a_take(name: str, points: int, number: int = 1) -> TakeBack:
    return TakeBack(
        store_id=1, key=ids.key("take", name, number), lot=ids.key("award", name), points=points, cause=2,
        effective_at=NOON, recorded_at=NOON, explanation={},
    )  # fmt: skip


def contradictions(session: Session) -> list[str]:
    return [sentence for check in CHECKS for sentence in check.run(session)]


def test_an_award_is_two_sides_and_a_balance(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award()])
    with database.read() as session:
        entries = session.execute(select(LedgerEntry.account, LedgerEntry.points).order_by(LedgerEntry.side)).all()
        assert [tuple(row) for row in entries] == [("person", 100), ("program", -100)]
        assert session.execute(select(Balance.person_id, Balance.points)).one() == (7, 100)
        assert contradictions(session) == []


def test_the_same_key_gives_once(database: Database) -> None:
    with database.write() as session:
        assert len(service.award(session, [an_award(), an_award()])) == 1
    with database.write() as session:
        assert service.award(session, [an_award(person_id=8)]) == []
    with database.read() as session:
        assert session.execute(select(Balance.points)).scalars().all() == [100]


def test_another_body_under_the_same_key_is_refused_and_changes_nothing(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award()])
    with pytest.raises(Conflict), database.write() as session:
        service.award(session, [an_award("o2"), an_award(points=101)])
    with database.read() as session:
        assert session.execute(select(LedgerTransaction.order_id)).scalars().all() == ["o1"]


def test_taking_back_comes_from_the_lot_that_earned(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award("o1"), an_award("o2", points=50)])
    with database.write() as session:
        lots = service.earned_lots(session, 1, ["o1"])
        assert len(service.take_back(session, 1, [a_take("o1", 30)], lots)) == 1
    with database.write() as session:
        lots = service.earned_lots(session, 1, ["o1"])
        assert service.take_back(session, 1, [a_take("o1", 30)], lots) == []
    with database.write() as session:
        assert {lot.order_id: lot.remaining for lot in service.earned_lots(session, 1, ["o1", "o2"])} == {
            "o1": 70,
            "o2": 50,
        }
        assert session.execute(select(Balance.points)).scalar_one() == 120
        assert contradictions(session) == []


def test_points_run_out_once_at_their_time(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award("o1", expires_at=NOON + clock.DAY), an_award("o2", points=5)])
    with database.write() as session:
        assert service.expire(session, NOON) == 0
        assert service.expire(session, NOON + clock.DAY) == 1
        assert service.expire(session, NOON + 2 * clock.DAY) == 0
    with database.read() as session:
        holding = service.holding(session, 1, [7], NOON)
        assert (holding.available, holding.pending, holding.earned) == (5, 0, 105)
        assert contradictions(session) == []


def test_pending_points_are_told_apart(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award("o1", available_from=NOON + 1), an_award("o2", points=5)])
    with database.read() as session:
        before, after = service.holding(session, 1, [7], NOON), service.holding(session, 1, [7], NOON + 1)
    assert (before.available, before.pending) == (5, 100)
    assert (after.available, after.pending) == (105, 0)


def test_eight_writers_at_once_lose_and_double_nothing(database: Database) -> None:
    def give(number: int) -> None:
        for at in range(10):
            with database.write() as session:
                # Every award is offered by two of the writers.
                service.award(session, [an_award(f"{number // 2}-{at}", points=1 + at)])

    threads = [threading.Thread(target=give, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.execute(select(Balance.points)).scalar_one() == 4 * sum(range(1, 11))
        assert contradictions(session) == []


def test_points_that_run_out_while_they_are_taken_back_leave_once(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award(expires_at=NOON)])
    ended: list[int] = []

    def expire() -> None:
        with database.write() as session:
            ended.append(service.expire(session, NOON))

    sweep = threading.Thread(target=expire)
    with database.write() as session:
        lots = service.earned_lots(session, 1, ["o1"])
        sweep.start()
        if not database.is_sqlite:
            sweep.join()  # on SQLite the sweep waits for the write lane
        assert len(service.take_back(session, 1, [a_take("o1", 100)], lots)) == 1
    sweep.join()
    assert ended == [0]
    with database.read() as session:
        assert session.execute(select(Balance.points)).scalar_one() == 0
        assert contradictions(session) == []


def test_a_lot_is_never_overdrawn(database: Database) -> None:
    with database.write() as session:
        service.award(session, [an_award()])
        lots = service.earned_lots(session, 1, ["o1"])
    with pytest.raises(Overdrawn), database.write() as session:
        service.take_back(session, 1, [a_take("o1", 101)], lots)
    with database.read() as session:
        assert session.execute(select(Balance.points)).scalar_one() == 100
        assert contradictions(session) == []


movements = st.lists(
    st.tuples(st.sampled_from(["award", "take", "expire"]), st.integers(0, 4), st.integers(1, 60)), max_size=25
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(movements)
def test_any_history_keeps_the_books_balanced(sqlite_database: Database, history: list[tuple[str, int, int]]) -> None:
    model: dict[str, int] = {}
    with pytest.raises(_Undo), sqlite_database.write() as session:
        for number, (kind, order, points) in enumerate(history):
            name = f"o{order}"
            if kind == "award" and name not in model:
                service.award(session, [an_award(name, points=points, expires_at=NOON + order)])
                model[name] = points
            elif kind == "take" and model.get(name, 0) >= points:
                lots = service.earned_lots(session, 1, [name])
                service.take_back(session, 1, [a_take(name, points, number)], lots)
                model[name] -= points
            elif kind == "expire":
                service.expire(session, NOON + order)
                model = {known: 0 if int(known[1:]) <= order else left for known, left in model.items()}
        lots = service.earned_lots(session, 1, list(model))
        assert {lot.order_id: lot.remaining for lot in lots} == model
        assert contradictions(session) == []
        raise _Undo


class _Undo(Exception):
    """Roll the example back."""
