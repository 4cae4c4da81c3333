"""The next instant at which time alone changes the answer, exactly where it is cheap to know."""

from typing import Any

import pytest

from core import clock
from core.clock import DAY, HOUR
from core.conditions import Moment, next_change, parse
from tests.core.conditions.test_semantics import NOW, at, field, visits
from tests.core.conditions.things import REGISTRY

MOMENT = Moment(NOW, "Europe/Berlin")
FRESH = field("seen_at", "within_last", "P1D")
OLD = field("seen_at", "longer_ago", "P2D")

CASES = [
    ({"seen_at": NOW - HOUR}, FRESH, NOW + 23 * HOUR + 1),
    ({"seen_at": NOW - DAY}, FRESH, NOW + 1),
    ({"seen_at": NOW - DAY - 1}, FRESH, None),
    ({"seen_at": NOW + 5}, FRESH, NOW + 5),
    ({}, FRESH, None),
    ({"seen_at": NOW}, OLD, NOW + 2 * DAY + 1),
    ({"seen_at": NOW - 3 * DAY}, OLD, None),
    ({"seen_at": NOW}, field("seen_at", "<", "2030-01-01T00:00:00Z"), None),
    # A false child that time cannot turn keeps the whole group false; a true one keeps `any` true.
    ({"seen_at": NOW, "size": 1}, {"all": [FRESH, field("size", "=", 2)]}, None),
    ({"seen_at": NOW, "size": 2}, {"all": [FRESH, field("size", "=", 2)]}, NOW + DAY + 1),
    ({"seen_at": NOW, "size": 2}, {"any": [FRESH, field("size", "=", 2)]}, None),
    ({"seen_at": NOW, "size": 2}, {"none": [FRESH, field("size", "=", 2)]}, None),
    ({"seen_at": NOW, "size": 1}, {"none": [FRESH, field("size", "=", 2)]}, NOW + DAY + 1),
    # Between one and two days old: false until the first bound has passed, then true until the second.
    ({"seen_at": NOW}, {"all": [{"none": [FRESH]}, {"none": [OLD]}]}, NOW + DAY + 1),
    ({"seen_at": NOW - DAY - 1}, {"all": [{"none": [FRESH]}, {"none": [OLD]}]}, NOW + DAY),
    (at(NOW - HOUR, NOW - 2 * HOUR), visits("count", ">=", 1, window={"last": "P1D"}), NOW + 22 * HOUR + 1),
    (at(NOW - DAY - 1), visits("count", ">=", 1, window={"last": "P1D"}), None),
    (at(NOW - HOUR), visits("count", ">=", 1), None),
    (at(NOW), visits("days_since", ">=", 2), clock.parse("2026-10-27T23:00:00Z")),
    (at(NOW), visits("days_since", "=", 0), clock.parse("2026-10-26T23:00:00Z")),
    (at(NOW - 9 * DAY), visits("days_since", ">=", 2), None),
]


@pytest.mark.parametrize(("row", "question", "instant"), CASES)
def test_next_change(row: dict[str, Any], question: dict[str, Any], instant: int | None) -> None:
    assert next_change(parse({"v": 1, **question}, REGISTRY), REGISTRY, row, MOMENT) == instant
