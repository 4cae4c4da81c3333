import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.recommendations.metrics import Quality, bootstrap_interval, gini, quality


def array(*items: int) -> np.ndarray:
    return np.array(items, np.int32)


def test_a_hit_at_the_first_place_is_perfect() -> None:
    assert quality(array(5, 6), array(5), 2) == Quality(1.0, 1.0, 1.0, 1.0)


def test_a_miss_is_nothing() -> None:
    assert quality(array(5, 6), array(7), 2) == Quality(0.0, 0.0, 0.0, 0.0)


def test_a_hit_behind_the_cut_does_not_count() -> None:
    assert quality(array(5, 6, 7), array(7), 2).hit == 0.0


def test_two_of_three_right_ones() -> None:
    found = quality(array(9, 1, 2), array(1, 2, 3), 3)
    gain = 1 / math.log2(3) + 1 / math.log2(4)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found.ndcg == pytest.approx(gain / ideal)
    assert found.reciprocal_rank == 0.5
    assert found.recall == pytest.approx(2 / 3)


@given(
    st.lists(st.integers(0, 30), unique=True, max_size=12), st.sets(st.integers(0, 30), min_size=1), st.integers(1, 12)
)
def test_every_measure_lies_between_none_and_all(ranked: list[int], truth: set[int], k: int) -> None:
    found = quality(array(*ranked), array(*sorted(truth)), k)
    for value in (found.hit, found.ndcg, found.reciprocal_rank, found.recall):
        assert 0.0 <= value <= 1.0 + 1e-12
    assert (found.hit == 1.0) == bool(set(ranked[:k]) & truth)


def test_the_interval_of_equal_values_is_a_point() -> None:
    assert bootstrap_interval(np.full(10, 0.25), np.arange(10)) == (0.25, 0.25)


def test_the_interval_grows_when_the_rows_belong_to_few_people() -> None:
    values = np.tile([0.0, 0.0, 1.0, 1.0], 50)
    alone = bootstrap_interval(values, np.arange(200))
    together = bootstrap_interval(np.sort(values), np.arange(200) // 50)
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_gini_of_equal_shares_is_zero_and_of_one_winner_near_one() -> None:
    assert gini(np.arange(10), 10) == pytest.approx(0.0)
    assert gini(np.zeros(50, np.int32), 10) == pytest.approx(0.9)
