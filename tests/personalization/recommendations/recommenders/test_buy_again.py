import numpy as np
import pytest

from core.clock import DAY, MINUTE
from personalization.recommendations.interactions import Kind
from personalization.recommendations.recommenders.base import Context
from personalization.recommendations.recommenders.buy_again import BuyAgain
from tests.personalization.recommendations.samples import BEGIN, shop

A_DAY = DAY // MINUTE
TEA, POT = 1, 0


def tea_every_ten_days() -> list[tuple[int, str, Kind, int]]:
    people = [(person, "tea", Kind.PURCHASE, day * A_DAY) for person in (1, 2, 3) for day in (0, 10, 20)]
    return [*people, (1, "pot", Kind.PURCHASE, 0)]


def context(*bought: tuple[int, int], day: int) -> Context:
    """Purchases of (item, day) asked about on a day."""
    items = np.array([item for item, _ in bought], np.int32)
    return Context(BEGIN + day * DAY, bought=items, bought_at=np.array([BEGIN + d * DAY for _, d in bought], np.int64))


def test_the_usual_gap_is_the_median_between_purchases_of_one_person() -> None:
    model = BuyAgain().fit(shop(tea_every_ten_days()))
    assert model.gap_days.tolist() == [0.0, 10.0]
    assert model.repeaters.tolist() == [0, 3]


def test_what_was_bought_more_often_comes_first_with_its_count() -> None:
    model = BuyAgain().fit(shop(tea_every_ten_days()))
    answered = model.recommend(context((POT, 0), (TEA, 0), (TEA, 10), day=20), 5)
    assert answered.items.tolist() == [TEA, POT]
    assert answered.support.tolist() == [2, 1]


def test_what_was_bought_just_now_waits_until_it_is_due() -> None:
    model = BuyAgain().fit(shop(tea_every_ten_days()))
    bought = ((POT, 0), (TEA, 30))
    assert model.recommend(context(*bought, day=30), 5).items.tolist() == [POT, TEA]
    assert model.recommend(context(*bought, day=36), 5).items.tolist() == [TEA, POT]


def test_without_purchases_there_is_nothing() -> None:
    assert len(BuyAgain().fit(shop(tea_every_ten_days())).recommend(Context(BEGIN), 5)) == 0


def test_what_people_come_back_for_is_told_from_what_they_buy_once() -> None:
    """Tea: 3 of 3 buyers came back, the pot: 0 of 3; the shop's share is 3 of 6, drawn to it by two imagined buyers."""
    people = [row for row in tea_every_ten_days() if row[1] == "tea"]
    pots = [(person, "pot", Kind.PURCHASE, 0) for person in (1, 2, 3)]
    model = BuyAgain(prior=2.0).fit(shop([*people, *pots]))
    assert model.lure.tolist() == pytest.approx([(0 + 1) / 5 / 0.5, (3 + 1) / 5 / 0.5])
    assert model.finished(context((POT, 0), (TEA, 0), day=30)).tolist() == [POT]
    assert model.finished(context((POT, 0), (POT, 10), day=30)).tolist() == []


def test_guests_do_not_count_among_those_who_could_have_come_back() -> None:
    guests = [(-person, "tea", Kind.PURCHASE, 0) for person in range(1, 50)]
    rows = tea_every_ten_days()
    assert BuyAgain().fit(shop([*rows, *guests])).lure.tolist() == BuyAgain().fit(shop(rows)).lure.tolist()


def test_where_nobody_came_back_nothing_is_said_about_any_product() -> None:
    model = BuyAgain().fit(shop([(1, "pot", Kind.PURCHASE, 0), (2, "tea", Kind.PURCHASE, 0)]))
    assert model.lure.tolist() == [1.0, 1.0]
    assert len(model.finished(context((POT, 0), day=30))) == 0
