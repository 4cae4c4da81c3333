import numpy as np
import pytest

from personalization.recommendations import reasons
from personalization.recommendations.blending import Part, fused
from personalization.recommendations.recommenders.base import EMPTY, Ranking
from personalization.recommendations.schemas import Level

EVERYTHING = np.ones(10, bool)


def part(code: str, *items: int, weight: float = 1.0, level: Level = "personal") -> Part:
    """A list of items with support 5, 6, … of 10."""
    size = len(items)
    support = np.arange(5, 5 + size, dtype=np.int32)
    scores = np.linspace(1.0, 0.1, size, dtype=np.float32)
    ranking = Ranking(
        np.array(items, np.int32), scores, support, np.full(size, 10, np.int32), np.full(size, 9, np.int32)
    )
    return Part(weight, ranking, level, code)


def test_what_two_lists_agree_on_comes_first() -> None:
    assert fused([part(reasons.CHOSEN, 1, 2, 3), part(reasons.SESSION, 4, 2)]).items == [2, 1, 4, 3]


def test_a_weight_counts() -> None:
    assert fused([part(reasons.CHOSEN, 1, weight=0.5), part(reasons.SESSION, 2)]).items == [2, 1]


def test_one_list_stays_as_it_is() -> None:
    blend = fused([part(reasons.CHOSEN, 3, 1, 2), Part(1.0, EMPTY, "session", reasons.SESSION)])
    assert blend.items == [3, 1, 2]
    assert [one.support for one in blend.best(3, EVERYTHING)] == [5, 6, 7]


def test_nothing_blends_to_nothing() -> None:
    assert fused([]).best(3, EVERYTHING) == []


def test_the_strongest_reason_is_told_with_its_own_counts() -> None:
    blend = fused(
        [part(reasons.YOUR_CATEGORY, 1, 2, 3), part(reasons.CHOSEN, 4, 1, level="session"), part(reasons.AGAIN, 5, 4)]
    )
    told = {one.item: (one.code, one.level, one.support) for one in blend.best(5, EVERYTHING)}
    assert told[1] == (reasons.CHOSEN, "session", 6)
    assert told[4] == (reasons.AGAIN, "personal", 6)
    assert told[2][0] == reasons.YOUR_CATEGORY


def test_what_is_not_allowed_or_not_on_the_shelf_is_left_out() -> None:
    allowed = np.array([True, False, True])
    assert [one.item for one in fused([part(reasons.CHOSEN, 1, 2, 7)]).best(3, allowed)] == [2]


@pytest.mark.parametrize(
    ("code", "count", "text"),
    [
        (reasons.TOGETHER, 2, ""),
        (reasons.TOGETHER, 3, "Bought together with Cup in 3 of 9 orders"),
        (reasons.VIEWED, 3, "Seen or bought together with Cup in 3 of 9 visits"),
        (reasons.CHOSEN, 3, "3 of 9 people who chose Cup chose this too"),
        (reasons.SESSION, 3, "3 of 9 visitors who looked at similar things came to this"),
        (reasons.POPULAR, 3, "3 people looked at it or bought it"),
        (reasons.POPULAR_IN, 3, "Popular in Cup: 3 people looked at it or bought it"),
        (reasons.AGAIN, 1, "You bought this before"),
        (reasons.AGAIN, 2, "You bought this 2 times"),
        (reasons.SEEN, 0, "You looked at this"),
        (reasons.YOUR_CATEGORY, 0, ""),
        (reasons.YOUR_CATEGORY, 1, "From Cup, where you looked before"),
        (reasons.PLAIN, 9, ""),
    ],
)
def test_a_reason_says_what_its_counts_carry(code: str, count: int, text: str) -> None:
    assert reasons.reason(code, count=count, of=9, about="cup", title="Cup").text == text
