"""Who enters and who leaves: by what they do, by time, by whose they are."""

from core.clock import DAY
from personalization.segments import repository
from tests.conftest import NOON
from tests.personalization.segments.shop import SegmentShop


def test_a_first_order_makes_somebody_new_once(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    ada, new = shop.person("ada"), shop.segment("New")
    assert shop.facts("segment entered") == [
        {"v": 1, "segment_id": new.segment_id, "person_id": ada, "name": "New", "version": 1, "reason": "event"}
    ]
    fact, cause = shop.events("segment entered")[0], shop.events("order placed")[0]
    assert (fact.cause, fact.occurred_at, fact.user_id) == (cause.position, NOON, None)
    assert shop.of("ada") == {"New"}
    shop.say(shop.call("Product Viewed", {}, user_id="ada"), shop.call("identify", {}, user_id="ada"))
    assert len(shop.facts("segment entered")) == 1


def test_a_second_order_ends_being_new_and_a_third_begins_loyalty(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.buy("ada", "O2")
    assert shop.of("ada") == set()
    shop.buy("ada", "O3")
    assert shop.of("ada") == {"Loyal"}
    assert [fact["name"] for fact in shop.facts("segment left")] == ["New"]


def test_what_a_browser_calls_by_a_facts_name_is_nothing(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    before = len(shop.events())
    forged = {
        "person_id": shop.person("ada"),
        "segment_id": shop.segment("Loyal").segment_id,
        "name": "Loyal",
        "version": 1,
    }
    shop.say(
        *(shop.call(name, forged) for name in ("order placed", "segment entered", "segment left", "identity moved"))
    )
    assert len(shop.events()) == before + 4
    assert shop.of("ada") == {"New"}


def test_a_browsers_order_counts_for_nothing(shop: SegmentShop) -> None:
    properties = {"order_id": "O1", "currency": "EUR", "total": 10, "products": []}
    shop.say(shop.call("Order Completed", properties, user_id="ada"))
    assert shop.of("ada") == set()


def test_time_alone_moves_people_on_at_the_very_millisecond(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.wait(30 * DAY)
    assert shop.of("ada") == {"New"}
    shop.wait(1)
    assert shop.of("ada") == set()
    shop.wait(150 * DAY - 1)
    assert shop.of("ada") == set()
    shop.wait(1)
    assert shop.of("ada") == {"Lapsed"}
    left, entered = shop.events("segment left")[0], shop.events("segment entered")[-1]
    assert (left.occurred_at, left.cause) == (NOON + 30 * DAY + 1, None)
    assert entered.occurred_at == NOON + 180 * DAY + 1


def test_a_late_sweep_dates_the_change_to_when_it_was_due(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.wait(40 * DAY)
    fact = shop.events("segment left")[0]
    assert (fact.occurred_at, fact.received_at) == (NOON + 30 * DAY + 1, NOON + 40 * DAY)


def test_the_regular_goes_at_risk_then_lapses_then_returns(shop: SegmentShop) -> None:
    shop.say(*(shop.bought("ada", f"O{number}") for number in range(3)))
    seen = [shop.of("ada")]
    for _ in range(2):
        shop.wait(90 * DAY + 1)
        seen.append(shop.of("ada"))
    shop.buy("ada", "O4")
    seen.append(shop.of("ada"))
    assert seen == [{"Loyal"}, {"At risk"}, {"Lapsed"}, {"Loyal"}]
    assert [fact["reason"] for fact in shop.facts("segment left")] == ["time", "time", "event"]


def test_a_cancelled_order_takes_its_buyer_out(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.cancel("O1")
    assert shop.of("ada") == set()


def test_old_orders_that_are_reported_today_are_judged_as_of_today(shop: SegmentShop) -> None:
    shop.buy("ada", "O1", at=NOON - 200 * DAY)
    assert shop.of("ada") == {"Lapsed"}
    assert shop.events("segment entered")[0].occurred_at == NOON
    assert len(shop.facts("segment entered")) == 1


def test_a_merged_person_leaves_and_the_other_enters_for_reasons_of_identity(shop: SegmentShop) -> None:
    order = {"order_id": "O1", "occurred_at": "2026-11-20T11:00:00Z", "currency": "EUR", "total": "10", "lines": []}
    shop.say(shop.document("order received", order | {"anonymous_id": "a1"}))
    guest = shop.events("segment entered")
    assert len(guest) == 1
    shop.say(shop.call("identify", {}, source="server", anonymous_id="a1", user_id="ada"))
    assert shop.of("ada") == {"New"}
    assert shop.members("New") == {shop.person("ada")}
    assert [fact["reason"] for fact in shop.facts("segment left")] == ["identity"]
    assert [fact["reason"] for fact in shop.facts("segment entered")] == ["event", "identity"]


def test_an_order_of_nobody_is_nobodys(shop: SegmentShop) -> None:
    order = {"order_id": "O1", "occurred_at": "2026-11-20T11:00:00Z", "currency": "EUR", "total": "10", "lines": []}
    shop.say(shop.document("order received", order))
    assert shop.facts("segment entered") == []


def test_membership_is_the_fold_of_the_facts(shop: SegmentShop) -> None:
    for number in range(3):
        shop.say(shop.bought("ada", f"O{number}"), shop.bought("bob", f"P{number}"))
    shop.wait(200 * DAY)
    with shop.database.read() as session:
        stays = repository.stays(session, shop.store_id, [shop.person("ada"), shop.person("bob")])
    entered = [event.position for event in shop.events("segment entered")]
    left = [event.position for event in shop.events("segment left")]
    assert sorted(row.entered_position for row in stays) == entered
    assert sorted(row.left_position for row in stays if row.left_position is not None) == left
    assert all(row.left_position is None or row.entered_position < row.left_position for row in stays)


def test_a_trait_moves_people(shop: SegmentShop) -> None:
    shop.say(shop.call("identify", {}, user_id="ada"))
    shop.say(
        shop.document("trait set", {"person_id": shop.person("ada"), "name": "tier", "value": "Gold", "owner": "t"})
    )
    shop.create("Golden", {"v": 1, "field": "trait.tier", "op": "=", "value": "gold"})
    shop.refresh()
    assert shop.of("ada") == {"Golden"}
    shop.say(
        shop.document("trait set", {"person_id": shop.person("ada"), "name": "tier", "value": "Tin", "owner": "t"})
    )
    assert shop.of("ada") == set()


def test_what_people_say_of_themselves_moves_them(shop: SegmentShop) -> None:
    shop.create("Germans", {"v": 1, "field": "person.country", "op": "in", "value": ["DE"]})
    shop.say(shop.identify("ada", {"address": {"country": "de"}}))
    assert shop.of("ada") == {"Germans"}
    shop.now += 1
    shop.say(shop.identify("ada", {"address": {"country": "AT"}}))
    assert shop.of("ada") == set()


def test_visits_move_people_by_a_sweep(shop: SegmentShop) -> None:
    shop.create("Around", {"v": 1, "field": "person.last_seen", "op": "within_last", "value": "PT1H"})
    shop.say(shop.call("Product Viewed", {}, user_id="ada"))
    assert shop.look() == 1
    assert shop.look() == 0
    assert shop.of("ada") == {"Around"}
    shop.wait(3_600_001)
    assert shop.of("ada") == set()
    shop.say(shop.call("Product Viewed", {}, user_id="ada", at=shop.now))
    shop.look()
    assert shop.of("ada") == {"Around"}
