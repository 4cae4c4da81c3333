"""Whole segments looked at again in slices, and the threshold of the big spenders."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.clock import DAY
from core.conditions import Money
from personalization.segments import service
from tests.personalization.segments.shop import SegmentShop

PAID_FIVE = {"v": 1, "field": "orders.spent", "op": ">=", "value": {"minor": 500, "currency": "EUR"}}


def test_a_new_segment_takes_in_who_was_there_before_slice_by_slice(shop: SegmentShop) -> None:
    shop.buy_each(range(7))
    shop.create("Paid five", PAID_FIVE)
    with shop.database.read() as session:
        found = next(one for one in service.list_with_counts(session, shop.store_id) if one.segment.name == "Paid five")
    assert (found.members, found.is_refreshing) == (0, True)
    assert shop.refresh(limit=1) == 3
    assert shop.members("Paid five") == {shop.person("u5"), shop.person("u6")}
    entered = [fact for fact in shop.facts("segment entered") if fact["name"] == "Paid five"]
    assert [fact["reason"] for fact in entered] == ["definition", "definition"]
    assert shop.refresh() == 0


def test_a_refresh_that_changes_nothing_says_nothing(shop: SegmentShop) -> None:
    shop.buy("ada", "O1", total="9.00")
    segment_id = shop.create("Paid five", PAID_FIVE)
    shop.refresh()
    before = len(shop.events())
    with shop.write() as session:
        service.refresh_all(session, service.segment(session, shop.store_id, segment_id), shop.now)
    assert shop.refresh() == 1
    assert len(shop.events()) == before


def test_a_refresh_writes_the_dates_at_which_time_moves_people(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.create("Fresh", {"v": 1, "field": "orders.last_at", "op": "within_last", "value": "PT1H"})
    shop.refresh()
    assert "Fresh" in shop.of("ada")
    shop.wait(3_600_001)
    assert "Fresh" not in shop.of("ada")


def test_another_condition_is_another_version(shop: SegmentShop) -> None:
    shop.buy("ada", "O1", total="9.00")
    segment_id = shop.create("Paid five", PAID_FIVE)
    shop.refresh()
    dearer = PAID_FIVE | {"value": {"minor": 5_000, "currency": "EUR"}}
    with shop.write() as session:
        changed = service.change(
            session, shop.store_id, segment_id, name="Paid fifty", description="", document=dearer, now=shop.now
        )
    assert changed.version == 2
    assert changed.live_from == shop.events()[-1].position
    shop.refresh()
    left = shop.facts("segment left")[-1]
    assert (left["name"], left["version"], left["reason"]) == ("Paid fifty", 2, "definition")
    assert shop.of("ada") == {"New"}


def test_the_same_person_may_cross_again_and_again_by_definition(shop: SegmentShop) -> None:
    shop.buy("ada", "O1", total="9.00")
    segment_id = shop.create("Paid five", PAID_FIVE)
    for minor in (50_000, 500, 50_000, 500):
        with shop.write() as session:
            document = PAID_FIVE | {"value": {"minor": minor, "currency": "EUR"}}
            service.change(
                session, shop.store_id, segment_id, name="X", description="", document=document, now=shop.now
            )
        shop.refresh()
        assert ("X" in shop.of("ada")) is (minor == 500)


def test_everybody_leaves_an_archived_segment(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    with shop.write() as session:
        service.archive(session, shop.store_id, shop.segment("New").segment_id, shop.now)
    shop.refresh()
    assert shop.of("ada") == set()
    shop.buy("bob", "O2")
    shop.wait(31 * DAY)
    assert shop.of("bob") == set()
    assert [fact["person_id"] for fact in shop.facts("segment left")] == [shop.person("ada")]


def test_big_spenders_spent_more_than_four_in_five(shop: SegmentShop) -> None:
    shop.buy_each(range(1, 11))
    assert shop.members("Big spenders") == set()
    shop.measure()
    with shop.database.read() as session:
        assert service.top_fifth(session, shop.store_id) == Money(800, "EUR")
    assert shop.members("Big spenders") == {shop.person("u8"), shop.person("u9")}
    assert {fact["reason"] for fact in shop.facts("segment entered") if fact["name"] == "Big spenders"} == {"threshold"}


def test_a_threshold_that_stands_still_moves_nobody(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    with shop.write() as session:
        assert service.move_threshold(session, shop.store_id, Money(1, "EUR"), shop.now)
        assert not service.move_threshold(session, shop.store_id, Money(1, "EUR"), shop.now)
    assert shop.refresh() == 1
    assert shop.of("ada") == {"New", "Big spenders"}


def test_with_a_known_threshold_an_order_makes_a_big_spender_at_once(shop: SegmentShop) -> None:
    shop.buy("ada", "O1", total="5.00")
    shop.measure()
    shop.buy("bob", "O2", total="6.00")
    assert shop.of("bob") == {"New", "Big spenders"}
    shop.give_back("O2", "1.50")
    assert shop.of("bob") == {"New"}


@pytest.mark.parametrize(
    ("spent", "threshold"), [([], None), ([5], 500), ([1, 2], 200), ([1, 2, 3, 4, 5], 400), ([7] * 9, 700)]
)
def test_the_top_fifth_is_the_nearest_rank(shop: SegmentShop, spent: list[int], threshold: int | None) -> None:
    shop.buy_each(spent)
    with shop.database.read() as session:
        found = service.top_fifth(session, shop.store_id)
    assert found == (None if threshold is None else Money(threshold, "EUR"))


def test_of_several_currencies_the_one_most_buyers_use_counts(shop: SegmentShop) -> None:
    shop.buy("yuki", "Y1", total="9", currency="JPY")
    with shop.database.read() as session:
        assert service.top_fifth(session, shop.store_id) == Money(9, "JPY")
    shop.buy_each([3, 3])
    with shop.database.read() as session:
        assert service.top_fifth(session, shop.store_id) == Money(300, "EUR")


def test_two_sweeps_at_once_conclude_everything_once(shop: SegmentShop) -> None:
    shop.buy_each(range(1, 21))
    shop.create("Paid five", PAID_FIVE)

    def sweep() -> None:
        while True:
            with shop.database.write() as session:
                if not service.refresh_pending(session, shop.now, limit=2):
                    return

    with ThreadPoolExecutor(2) as pool:
        for swept in [pool.submit(sweep) for _ in range(2)]:
            swept.result()
    shop.runner.drain()
    entered = [fact["person_id"] for fact in shop.facts("segment entered") if fact["name"] == "Paid five"]
    assert sorted(entered) == sorted(shop.person(f"u{number}") for number in range(4, 20))
    assert shop.members("Paid five") == set(entered)
