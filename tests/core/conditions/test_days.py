"""Bounds on instants say the same as counting the days between two dates of the local calendar."""

import operator
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.clock import DAY
from core.conditions import Moment, compiled, parse
from tests.core.conditions.test_semantics import at, visits
from tests.core.conditions.things import REGISTRY

_instants = st.integers(clock.parse("2024-01-01T00:00:00Z"), clock.parse("2027-01-01T00:00:00Z"))
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@pytest.mark.parametrize("comparison", _COMPARE)
@given(
    now=_instants,
    age=st.integers(0, 40 * DAY),
    days=st.integers(0, 40),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_days_since_counts_dates(comparison: str, now: int, age: int, days: int, zone: str) -> None:
    moment, seen = Moment(now, zone), now - age
    counted = (clock.local_day(now, zone) - clock.local_day(seen, zone)).days
    matches = compiled(parse({"v": 1, **visits("days_since", comparison, days)}, REGISTRY), REGISTRY)
    assert moment.days_since(seen) == counted
    assert matches(at(seen), moment) is _COMPARE[comparison](counted, days)
