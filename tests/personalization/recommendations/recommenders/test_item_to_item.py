import math

import numpy as np
import pytest

from personalization.recommendations.interactions import Kind
from personalization.recommendations.recommenders.base import Context
from personalization.recommendations.recommenders.bought_together import BoughtTogether
from personalization.recommendations.recommenders.viewed_next import ViewedNext
from tests.personalization.recommendations.samples import BEGIN, visits

A, B, C = 0, 1, 2


def in_hand(*items: int) -> Context:
    return Context(BEGIN, items=np.array(items, np.int32))


def test_basket_cosine_and_the_counts_behind_it() -> None:
    model = BoughtTogether(minimum_support=2).fit(visits("ab", "ab", "abc", "a", kind=Kind.PURCHASE))
    answered = model.recommend(in_hand(A), 5)
    assert answered.items.tolist() == [B]
    assert answered.scores.tolist() == pytest.approx([(1 / 2 + 1 / 2 + 1 / 3) / math.sqrt(4 * 3)])
    assert (answered.support.tolist(), answered.base.tolist(), answered.cause.tolist()) == ([3], [4], [A])


def test_a_pair_below_the_minimum_support_is_not_answered() -> None:
    baskets = visits("ab", "ab", "ac", kind=Kind.PURCHASE)
    assert BoughtTogether(minimum_support=3).fit(baskets).recommend(in_hand(A), 5).items.tolist() == []
    assert BoughtTogether(minimum_support=2).fit(baskets).recommend(in_hand(A), 5).items.tolist() == [B]


def test_two_things_in_hand_add_up_and_the_stronger_gives_the_reason() -> None:
    baskets = visits("ac", "ac", "ac", "bc", "bc", "ab", "ab", kind=Kind.PURCHASE)
    model = BoughtTogether(minimum_support=2).fit(baskets)
    allowed = np.array([False, False, True])
    answered = model.recommend(in_hand(A, B), 5, allowed)
    alone = [float(model.recommend(in_hand(one), 5, allowed).scores[0]) for one in (A, B)]
    assert answered.items.tolist() == [C]
    assert float(answered.scores[0]) == pytest.approx(sum(alone))
    assert (answered.cause.tolist(), answered.support.tolist(), answered.base.tolist()) == ([A], [3], [5])


def test_views_teach_nothing_about_baskets() -> None:
    assert len(BoughtTogether().fit(visits("ab", "ab", "ab", "ab")).recommend(in_hand(A), 5)) == 0


def test_sequence_scores_favour_what_follows() -> None:
    model = ViewedNext().fit(visits("ab", "ab"))
    discount = 2 / math.log2(2 + 2)
    forward, backward = (model.recommend(in_hand(one), 1).scores[0] for one in (A, B))
    assert float(forward) == pytest.approx(1.0 * discount / 2)
    assert float(backward) == pytest.approx(0.7 * discount / 2)


def test_a_longer_distance_counts_less() -> None:
    model = ViewedNext().fit(visits("abc"))
    answered = model.recommend(in_hand(A), 2)
    assert answered.items.tolist() == [B, C]
    assert float(answered.scores[1] / answered.scores[0]) == pytest.approx(math.exp(-1 / 4))


def test_a_visit_counts_once_for_a_pair_however_often_it_repeats_it() -> None:
    answered = ViewedNext().fit(visits("ababab", "ab")).recommend(in_hand(A), 1)
    assert (answered.support.tolist(), answered.base.tolist()) == ([2], [2])
