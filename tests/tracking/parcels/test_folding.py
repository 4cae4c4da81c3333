"""The state of a parcel is a pure function of the set of its scans."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from tests.conftest import NOON
from tracking.parcels.folding import Folded, Scan, fold
from tracking.parcels.schemas import STATES

HOUR = clock.HOUR


def scan(hours: int, state: str | None, *, place: str = "", mark: str | None = None) -> Scan:
    return Scan.of(
        at=NOON + hours * HOUR, state=state, status=state or "Expired", raw_code=None, place=place, mark=mark
    )  # type: ignore[arg-type]


any_scan = st.builds(
    scan,
    st.integers(0, 4),  # few hours, so that equal carrier times are common
    st.sampled_from([*STATES, None]),
    place=st.sampled_from(["", "Leipzig"]),
    mark=st.sampled_from(["stale", "alarm", "unclear"]),
)


@given(st.lists(any_scan, max_size=7), st.randoms(use_true_random=False))
def test_any_order_and_repetition_of_the_scans_gives_the_same_state(scans: list[Scan], chance: object) -> None:
    delivered_again = [*scans, *chance.choices(scans, k=len(scans))] if scans else []  # type: ignore[attr-defined]
    chance.shuffle(delivered_again)  # type: ignore[attr-defined]
    assert fold(delivered_again) == fold(scans)


@given(st.lists(any_scan, max_size=7), any_scan)
def test_from_delivered_only_a_return_may_follow(scans: list[Scan], more: Scan) -> None:
    before, after = fold(scans), fold([*scans, more])
    if before.state == "delivered" and before.at is not None and more.at >= before.at:
        assert after.state in ("delivered", "returning", "returned")
    if before.state == "returned" and more.at > NOON + 4 * HOUR:
        assert after.state == "returned"


def test_all_orders_of_a_whole_journey() -> None:
    journey = [
        scan(at, state)
        for at, state in enumerate(("label_ready", "picked_up", "in_transit", "out_for_delivery", "delivered"))
    ]
    expected = Folded(state="delivered", at=NOON + 4 * HOUR, delivered_at=NOON + 4 * HOUR)
    assert {fold(one) for one in itertools.permutations(journey)} == {expected}


def test_no_scan_is_created() -> None:
    assert fold([]) == Folded()


@pytest.mark.parametrize(("lower", "higher"), list(itertools.pairwise(STATES)))
def test_at_equal_times_the_rank_decides(lower: str, higher: str) -> None:
    expected = "delivered" if lower == "delivered" and higher not in ("returning", "returned") else higher
    assert fold([scan(0, higher), scan(0, lower)]).state == expected


def test_a_late_scan_changes_the_history_and_not_the_state() -> None:
    assert fold([scan(3, "delivered"), scan(4, "in_transit"), scan(1, "picked_up")]).state == "delivered"


def test_a_lost_parcel_may_be_found() -> None:
    assert fold([scan(1, "lost_or_cancelled"), scan(2, "delivered")]).state == "delivered"


def test_the_state_is_as_old_as_its_first_scan_and_where_its_last_one_was() -> None:
    found = fold([scan(1, "in_transit", place="Hannover"), scan(2, "in_transit", place="Leipzig")])
    assert (found.at, found.place) == (NOON + HOUR, "Leipzig")


def test_no_news_is_marked_until_there_is_news() -> None:
    silent = [scan(1, "in_transit"), scan(30, None, mark="stale"), scan(40, None, mark="stale")]
    assert (fold(silent).state, fold(silent).stale_since) == ("in_transit", NOON + 30 * HOUR)
    assert fold([*silent, scan(50, "delivered")]).stale_since is None
    assert fold([scan(1, None, mark="alarm")]).alarm
