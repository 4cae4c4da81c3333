import numpy as np
import pytest

from core.clock import DAY, MINUTE
from personalization.recommendations.interactions import Kind
from personalization.recommendations.recommenders.base import Context
from personalization.recommendations.recommenders.popular import Popular
from tests.personalization.recommendations.samples import BEGIN, described, shop

A_DAY = DAY // MINUTE


def test_a_half_life_halves_the_weight() -> None:
    model = Popular(half_life_days=10).fit(shop([(1, "a", Kind.VIEW, 0), (2, "b", Kind.VIEW, 10 * A_DAY)]))
    assert model.scores.tolist() == pytest.approx([0.5, 1.0])


def test_a_purchase_counts_more_than_a_view_and_a_return_takes_it_back() -> None:
    rows = [(1, "a", Kind.PURCHASE, 0), (2, "b", Kind.VIEW, 0), (3, "c", Kind.PURCHASE, 0), (3, "c", Kind.RETURN, 0)]
    assert Popular().fit(shop(rows)).scores.tolist() == [10.0, 1.0, 0.0]


def test_looking_ten_times_in_one_visit_counts_once() -> None:
    model = Popular().fit(shop([(1, "a", Kind.VIEW, 0)] * 10))
    assert model.scores.tolist() == [1.0]


def test_support_is_the_number_of_distinct_people() -> None:
    rows = [(1, "a", Kind.VIEW, 0), (1, "a", Kind.PURCHASE, 1), (2, "a", Kind.VIEW, 2)]
    assert Popular().fit(shop(rows)).recommend(Context(BEGIN), 5).support.tolist() == [2]


def test_a_category_restricts_the_answer() -> None:
    products = described(cup="china cup", kettle="metal kettle", mug="china mug")
    rows = [(1, "kettle", Kind.PURCHASE, 0), (2, "cup", Kind.VIEW, 0), (3, "mug", Kind.PURCHASE, 0)]
    model = Popular().fit(shop(rows, products))
    china = products.categories.index("china")
    answered = model.recommend(Context(BEGIN, category=china), 5)
    assert [products.ids[item] for item in answered.items] == ["mug", "cup"]


def test_equal_scores_come_in_a_fixed_order_that_is_not_the_catalog_order() -> None:
    rows = [(person, f"p{person:02}", Kind.VIEW, 0) for person in range(20)]
    answered = Popular().fit(shop(rows)).recommend(Context(BEGIN), 20).items
    assert sorted(answered.tolist()) == list(range(20))
    assert answered.tolist() != list(range(20))
    assert np.array_equal(answered, Popular().fit(shop(rows)).recommend(Context(BEGIN), 20).items)


def test_a_window_leaves_older_interactions_out() -> None:
    model = Popular(window_days=7).fit(shop([(1, "a", Kind.VIEW, 0), (2, "b", Kind.VIEW, 8 * A_DAY)]))
    assert model.scores.tolist() == [0.0, 1.0]
