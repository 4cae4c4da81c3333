import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.clock import MINUTE
from personalization.recommendations.interactions import VISIT_IDLE, Kind, cut_visits, from_arrays
from personalization.recommendations.products import Products
from tests.personalization.recommendations.samples import BEGIN, shop


def test_rows_are_sorted_by_time_and_numbered_by_first_letter() -> None:
    found = shop([(2, "b", Kind.VIEW, 5), (1, "a", Kind.CART, 3)])
    assert found.item.tolist() == [0, 1]
    assert found.person_ids.tolist() == [1, 2]
    assert found.at.tolist() == [BEGIN + 3 * MINUTE, BEGIN + 5 * MINUTE]


def test_half_an_hour_of_silence_ends_a_visit_and_one_millisecond_less_does_not() -> None:
    at = np.array([0, VISIT_IDLE, 2 * VISIT_IDLE + 1], np.int64)
    assert cut_visits(np.zeros(3, np.int32), at).tolist() == [0, 0, 1]


def test_two_people_never_share_a_visit() -> None:
    visits = cut_visits(np.array([0, 1, 0], np.int32), np.array([0, 1, 2], np.int64))
    assert visits[0] == visits[2] != visits[1]


def test_products_that_are_not_in_the_catalog_are_left_out() -> None:
    found = from_arrays(
        people=np.array([1, 1]),
        items=["known", "unknown"],
        kinds=np.zeros(2, np.int8),
        at=np.array([1, 2]),
        products=Products.bare(["known", "untouched"]),
    )
    assert len(found) == 1
    assert found.item_count == 2


def test_the_checksum_changes_with_one_row() -> None:
    rows = [(1, "a", Kind.VIEW, 0), (1, "b", Kind.VIEW, 1)]
    assert shop(rows).checksum() == shop(rows).checksum()
    assert shop(rows).checksum() != shop([rows[0], (1, "b", Kind.CART, 1)]).checksum()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4 * VISIT_IDLE)), min_size=1, max_size=40))
def test_a_visit_has_one_person_and_no_long_silence(rows: list[tuple[int, int]]) -> None:
    person = np.array([row[0] for row in rows], np.int32)
    at = np.array([row[1] for row in rows], np.int64)
    visits = cut_visits(person, at)
    for visit in np.unique(visits):
        inside = visits == visit
        assert len(np.unique(person[inside])) == 1
        assert (np.diff(np.sort(at[inside])) <= VISIT_IDLE).all()
