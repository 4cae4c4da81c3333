"""Every leaf says what was seen and what was needed."""

from core.clock import DAY
from core.conditions import Money, explain, parse
from tests.core.conditions.test_semantics import MOMENT, NOW, euro, field, visits
from tests.core.conditions.things import REGISTRY

CONDITION = {
    "v": 1,
    "all": [
        visits("sum", ">=", euro(5000), field="paid"),
        {"any": [field("name", "=", "ann"), field("size", ">", 3)]},
        visits("days_since", "<=", 1),
        field("tags", "contains", "vip"),
        field("seen_at", "within_last", "P1D"),
    ],
}
ROW = {
    "name": None,
    "size": 1200,
    "tags": ["b", "A"],
    "seen_at": NOW - 2 * DAY,
    "visits": [{"at": NOW - 3 * DAY, "paid": Money(4210, "EUR")}],
}


def test_each_leaf_shows_the_value_seen_and_the_value_needed() -> None:
    explained = explain(parse(CONDITION, REGISTRY), REGISTRY, ROW, MOMENT)
    assert explained.node == "all"
    assert explained.true is False
    assert [(leaf.true, leaf.seen, leaf.needed) for leaf in explained.leaves()] == [
        (False, "€42.10", "is at least €50.00"),
        (False, "unknown", 'is "ann"'),
        (True, "1,200", "is more than 3 cm"),
        (False, "3", "is at most 1"),
        (False, '"A", "b"', 'contains "vip"'),
        (False, "2026-10-24T11:00:00.000Z", "is within the last 1 day"),
    ]
    assert [child.true for child in explained.children] == [False, True, False, False, False]
    assert explained.children[1].sentence == 'name is "ann" or size is more than 3 cm'
    assert next(explained.leaves()).sentence == "sum of amount paid of visits in EUR is at least €50.00"
