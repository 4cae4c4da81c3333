import math

import numpy as np
import pytest

from personalization.recommendations.recommenders.base import Context
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours
from tests.personalization.recommendations.samples import BEGIN, visits

A, B, C, D = 0, 1, 2, 3
PLAIN = SessionNeighbours(length_power=0.0, idf_weight=0.0, before=1.0, position_fade=2.0, distance_fade=1.0)


def in_visit(*items: int) -> Context:
    return Context(BEGIN, items=np.array(items, np.int32))


def test_the_next_item_of_the_one_neighbour() -> None:
    answered = PLAIN.fit(visits("abc", "dd")).recommend(in_visit(A), 5)
    assert answered.items.tolist() == [B, C]
    assert answered.scores.tolist() == pytest.approx([math.exp(-1), math.exp(-2)])
    assert (answered.support.tolist(), answered.base.tolist()) == ([1, 1], [1, 1])


def test_the_last_item_weighs_more_than_the_one_before() -> None:
    # One neighbour shares the older item, one the newer.
    answered = PLAIN.fit(visits("ac", "bd")).recommend(in_visit(A, B), 5)
    scores = dict(zip(answered.items.tolist(), answered.scores.tolist(), strict=True))
    assert scores[D] == pytest.approx(math.exp(-1))
    assert scores[C] == pytest.approx(math.exp(-1 / 2) * math.exp(-1))
    # The older item is in its own neighbour at distance 0 and may be offered again; the last one may not.
    assert scores[A] == pytest.approx(math.exp(-1 / 2))
    assert B not in scores


def test_support_counts_the_neighbours_that_have_the_item() -> None:
    answered = PLAIN.fit(visits("ab", "ab", "ac")).recommend(in_visit(A), 5)
    assert answered.items.tolist() == [B, C]
    assert answered.support.tolist() == [2, 1]
    assert answered.base.tolist() == [3, 3]


def test_only_the_most_recent_visits_of_an_item_are_kept() -> None:
    model = SessionNeighbours(recent_visits=1).fit(visits("ab", "ac"))
    assert model.recommend(in_visit(A), 5).items.tolist() == [C]


def test_of_equally_similar_neighbours_the_recent_one_is_nearer() -> None:
    model = SessionNeighbours(neighbours=1).fit(visits("ab", "ac"))
    assert model.recommend(in_visit(A), 5).items.tolist() == [C]


def test_an_item_seen_twice_in_a_visit_stands_at_its_last_place() -> None:
    answered = PLAIN.fit(visits("abac")).recommend(in_visit(A), 5)
    assert answered.items.tolist() == [B, C] or answered.items.tolist() == [C, B]
    assert answered.scores.tolist() == pytest.approx([math.exp(-1), math.exp(-1)])


def test_visits_of_one_item_teach_nothing() -> None:
    model = PLAIN.fit(visits("a", "b", "ab"))
    assert len(model.length_norm) == 1


def test_products_the_model_does_not_know_are_passed_over() -> None:
    answered = PLAIN.fit(visits("ab")).recommend(in_visit(A, 99), 5)
    assert answered.items.tolist() == [B]
