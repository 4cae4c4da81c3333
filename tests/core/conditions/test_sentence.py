"""What a condition reads like; the golden lines are the specification of the English compiler."""

from typing import Any

import pytest

from core.conditions import parse, sentence
from tests.core.conditions.test_semantics import euro, field, visits
from tests.core.conditions.things import REGISTRY

ANN = field("name", "=", "Ann")
BIG = field("size", ">=", 3)

GOLDEN = [
    (ANN, 'name is "Ann"'),
    (field("name", "!=", "Ann"), 'name is known and not "Ann"'),
    (field("name", "=", 'A"b”'), 'name is "A\\"b”"'),
    (field("name", "in", ["DE", "AT"]), 'name is one of "DE", "AT"'),
    (field("name", "in", []), "name is one of nothing"),
    (field("name", "none_of", ["DE"]), 'name is known and none of "DE"'),
    (field("name", "unknown_or_none_of", ["DE"]), 'name is unknown or none of "DE"'),
    (field("name", "contains", "é"), 'name contains "é"'),
    (field("name", "exists"), "name is known"),
    (BIG, "size is at least 3 cm"),
    (field("size", "<", 1500), "size is less than 1,500 cm"),
    (field("size", "between", {"from": 1, "to": 2.5}), "size is from 1 cm up to but not 2.5 cm"),
    (field("size", ">", {"threshold": "large"}), "size is more than the usual size"),
    (field("price", "<=", euro(1250)), "price is at most €12.50"),
    (field("active", "=", True), "active is yes"),
    (field("seen_at", "<", "2026-01-01"), "last seen is before 2026-01-01T00:00:00.000Z"),
    (field("seen_at", ">=", "2026-01-01"), "last seen is at or after 2026-01-01T00:00:00.000Z"),
    (field("seen_at", "within_last", "P30D"), "last seen is within the last 30 days"),
    (field("seen_at", "longer_ago", "PT1H"), "last seen is more than 1 hour ago"),
    (field("tags", "in", ["a"]), 'tags has any of "a"'),
    (field("tags", "none_of", ["a"]), 'tags has members but none of "a"'),
    (field("tags", "unknown_or_none_of", ["a"]), 'tags is empty or has none of "a"'),
    (visits("count", ">=", 3, window={"last": "P90D"}), "number of visits in the last 90 days is at least 3"),
    (visits("days_since", ">", 90), "days since the latest of visits is more than 90"),
    (
        visits("sum", ">=", euro(5000), field="paid", where={"all": [field("place", "=", "shop")]}),
        'sum of amount paid of visits in EUR where (place is "shop") is at least €50.00',
    ),
    ({"all": [ANN, BIG]}, 'name is "Ann" and size is at least 3 cm'),
    ({"any": [ANN, {"all": [ANN, BIG]}]}, 'name is "Ann" or (name is "Ann" and size is at least 3 cm)'),
    ({"any": []}, "nobody"),
    ({"none": [ANN, BIG]}, 'none of these is true (unknown passes): (name is "Ann"; size is at least 3 cm)'),
]


@pytest.mark.parametrize(("question", "words"), GOLDEN)
def test_sentence(question: dict[str, Any], words: str) -> None:
    assert sentence(parse({"v": 1, **question}, REGISTRY), REGISTRY) == words


def test_no_two_golden_sentences_are_alike() -> None:
    assert len({words for _, words in GOLDEN}) == len(GOLDEN)
