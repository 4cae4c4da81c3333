"""From orders to points: once, exactly, as of the position at which a rule was on."""

import msgspec
import pytest

from core import clock
from core.db import Database
from core.log import Filter, NewEvent, Runner, read
from loyalty.ledger import service as ledger
from loyalty.ledger.checks import CHECKS
from loyalty.rules import awarding, service
from loyalty.rules.errors import NoDraft, WrongRule
from loyalty.rules.schemas import BonusRule, RuleBody, SpendRule
from personalization.segments import service as segments
from tests.conftest import NOON
from tests.loyalty.orders import a_line, cancelled, placed, refunded
from tracking.stores.schemas import NewStore

pytestmark = pytest.mark.usefixtures("new_store")


def append(database: Database, *events: NewEvent) -> None:
    with database.write() as session:
        session.append(*events)


def turn_on(database: Database, body: RuleBody, name: str = "One for one") -> int:
    with database.write() as session:
        rule = service.create(session, 1, name=name, body=body, by="mara@example.org")
        service.turn_on(session, 1, rule.rule_id)
        return rule.rule_id


def run(database: Database) -> None:
    runner = Runner(
        database,
        [*(reaction for reaction in segments.REACTIONS if reaction.name == "segments.membership"), *awarding.REACTIONS],
    )
    runner.prepare()
    runner.drain()
    with database.read() as session:
        assert [sentence for check in CHECKS for sentence in check.run(session)] == []


def moved(database: Database) -> list[tuple[str, int]]:
    with database.read() as session:
        found = ledger.movements(session, 1)
    return sorted((movement.order_id or "", movement.points) for movement in found)


def test_one_point_for_every_euro_of_goods_rounded_down(database: Database) -> None:
    turn_on(database, SpendRule(points=1))
    append(database, placed("o1", a_line("1", 4_999)), placed("o2", a_line("1", 99)))
    run(database)
    assert moved(database) == [("o1", 49)]
    with database.read() as session:
        names = [event.name for event in reversed(read(session, Filter(store_id=1)))]
    assert names == ["order placed", "order placed", "points awarded"]


def test_two_points_on_a_category_count_only_its_lines(database: Database) -> None:
    turn_on(database, SpendRule(points=2, category="beans"))
    append(database, placed("o1", a_line("1", 4_900, "Kettles"), a_line("2", 1_450, "Coffee", "Beans")))
    run(database)
    assert moved(database) == [("o1", 29)]


def test_orders_before_the_rule_was_on_and_after_it_was_off_get_nothing(database: Database) -> None:
    append(database, placed("before"))
    rule_id = turn_on(database, SpendRule(points=1))
    append(database, placed("during"))
    with database.write() as session:
        service.turn_off(session, 1, rule_id)
    append(database, placed("after"))
    run(database)
    assert moved(database) == [("during", 49)]


def test_a_new_version_counts_from_its_own_position_and_rewrites_nothing(database: Database) -> None:
    rule_id = turn_on(database, SpendRule(points=1))
    append(database, placed("first"))
    run(database)
    with database.read() as session:
        before = msgspec.json.encode([movement.explanation for movement in ledger.movements(session, 1)])
    with database.write() as session:
        service.save_draft(session, 1, rule_id, body=SpendRule(points=3), by="x")
        service.turn_on(session, 1, rule_id)
    append(database, placed("second"))
    run(database)
    assert moved(database) == [("first", 49), ("second", 147)]
    with database.read() as session:
        first = [movement for movement in ledger.movements(session, 1) if movement.order_id == "first"]
        assert msgspec.json.encode([movement.explanation for movement in first]) == before
        assert [version.state for version in service.rule(session, 1, rule_id).versions] == ["on", "past"]


def test_refunds_take_back_what_their_lines_earned_and_a_repeated_one_nothing(database: Database) -> None:
    turn_on(database, SpendRule(points=1))
    append(database, placed("o1", a_line("1", 1_050), a_line("2", 2_050)))
    append(database, refunded("r1", "o1", ("1", 1_050)))
    run(database)
    assert moved(database) == [("o1", -11), ("o1", 31)]
    append(database, refunded("r2", "o1", ("2", 2_050)))
    run(database)
    assert moved(database) == [("o1", -20), ("o1", -11), ("o1", 31)]
    append(database, cancelled("o1"))
    run(database)
    assert sum(points for _, points in moved(database)) == 0


def test_a_cancelled_order_keeps_nothing(database: Database) -> None:
    turn_on(database, SpendRule(points=1))
    turn_on(database, BonusRule(points=50), "Welcome")
    append(database, placed("o1"), cancelled("o1"), refunded("r1", "o1", ("1", 4_900)))
    run(database)
    assert moved(database) == [("o1", -50), ("o1", -49), ("o1", 49), ("o1", 50)]


def test_conditions_are_checked_and_explained(database: Database) -> None:
    condition = {"v": 1, "all": [{"field": "order.goods", "op": ">=", "value": {"minor": 4_000, "currency": "EUR"}}]}
    turn_on(database, SpendRule(points=1, condition=condition))
    append(database, placed("small", a_line("1", 3_999)), placed("large", a_line("1", 4_000)))
    run(database)
    assert moved(database) == [("large", 40)]
    with database.read() as session:
        [movement] = ledger.movements(session, 1)
    assert movement.explanation["sentence"] == "40 points, because of the rule “One for one”."
    assert movement.explanation["arithmetic"] == "€40.00 × 1"
    [leaf] = movement.explanation["leaves"]
    assert (leaf["holds"], leaf["seen"], leaf["needed"]) == (True, "€40.00", "is at least €40.00")


def test_membership_is_read_as_of_the_order(database: Database, new_store: NewStore) -> None:
    condition = {"v": 1, "all": [{"field": "person.segments", "op": "in", "value": ["New"]}]}
    with database.write() as session:
        segments.create_defaults(session, 1, time_zone="Europe/Berlin")
        segment = next(found.segment for found in segments.list_with_counts(session, 1) if found.segment.name == "New")
    turn_on(database, SpendRule(points=1, condition=condition))
    body = {"v": 1, "segment_id": segment.segment_id, "name": "New", "person_id": 7, "version": 1, "reason": "event"}
    append(database, placed("before"))
    append(database, NewEvent.decided(store_id=1, name="segment entered", body=body, key=("entered",), at=NOON))
    append(database, placed("inside"))
    append(database, NewEvent.decided(store_id=1, name="segment left", body=body, key=("left",), at=NOON))
    append(database, placed("after"))
    run(database)
    assert moved(database) == [("inside", 49)]


def test_points_wait_and_last_as_the_rule_says(database: Database) -> None:
    turn_on(database, SpendRule(points=1, spendable_after_days=14, lasts_months=12))
    append(database, placed("o1"))
    run(database)
    with database.read() as session:
        now, later = (ledger.holding(session, 1, [7], at) for at in (NOON, NOON + 14 * clock.DAY))
    assert (now.available, now.pending) == (0, 49)
    assert (later.available, later.pending) == (49, 0)
    assert clock.iso(later.next_expiry_at or 0) == "2027-11-20T23:00:00.000Z"  # the end of the local day in Berlin


def test_nobody_earns_nothing(database: Database) -> None:
    turn_on(database, SpendRule(points=1))
    append(database, placed("o1", person_id=0))
    run(database)
    assert moved(database) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (SpendRule(points=0), "points"),
        (SpendRule(points=1, per=0), "per"),
        (SpendRule(points=1, lasts_months=0), "lasts_months"),
        (SpendRule(points=1, spendable_after_days=-1), "spendable_after_days"),
        (BonusRule(points=1, condition={"v": 1, "all": []}), "condition"),
        (BonusRule(points=1, condition={"v": 1, "field": "order.smell", "op": "=", "value": 1}), "condition"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_word(database: Database, body: RuleBody, field: str) -> None:
    with pytest.raises(WrongRule) as caught, database.write() as session:
        service.create(session, 1, name="Wrong", body=body, by="x")
    assert caught.value.field == field
    with database.read() as session:
        assert service.rules(session, 1) == []


def test_a_rule_without_a_draft_cannot_be_turned_on(database: Database) -> None:
    rule_id = turn_on(database, SpendRule(points=1))
    with pytest.raises(NoDraft), database.write() as session:
        service.turn_on(session, 1, rule_id)
