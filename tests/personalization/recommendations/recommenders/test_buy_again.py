import numpy as np

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
