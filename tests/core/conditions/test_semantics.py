"""The semantics decided once: each line is a row, a question and the answer, in SQL and in Python."""

from typing import Any

import pytest
from sqlalchemy import Connection

from core import clock
from core.clock import DAY
from core.conditions import Moment, Money, compiled, parse
from tests.core.conditions import things
from tests.core.conditions.things import REGISTRY

NOW = clock.parse("2026-10-26T11:00:00Z")
MOMENT = Moment(NOW, "Europe/Berlin", {"dear": Money(100, "EUR")})


def field(name: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": name, "op": op} | ({} if value is None else {"value": value})


def visits(function: str, op: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"agg": function, "of": "visits", "op": op, "value": value, **more}


def euro(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def at(*instants: int) -> dict[str, Any]:
    return {"visits": [{"at": instant} for instant in instants]}


LAST_DAY = {"window": {"last": "P1D"}}
MIDNIGHT = clock.parse("2026-10-25T22:00:00Z")  # 00:00 UTC+2 of 26 October would be this; Berlin is already on UTC+1
TODAY = clock.parse("2026-10-25T23:00:00Z")
YESTERDAY = clock.parse("2026-10-24T22:00:00Z")  # a day of 25 hours
NAMELESS = field("name", "=", "x")

CASES = [
    # missing is false
    ({}, field("name", "=", "ann"), False),
    ({}, field("name", "!=", "ann"), False),
    ({}, field("name", "none_of", ["ann"]), False),
    ({}, field("name", "unknown_or_none_of", ["ann"]), True),
    ({}, field("name", "exists"), False),
    ({}, field("size", "<", 5), False),
    ({}, field("price", "!=", euro(5)), False),
    ({}, field("active", "=", False), False),
    ({}, field("seen_at", "longer_ago", "P1D"), False),
    ({"active": False}, field("active", "=", False), True),
    # groups
    ({}, {"none": [field("name", "=", "ann")]}, True),
    ({"name": "Ann"}, {"none": [field("name", "=", "ann")]}, False),
    ({}, {"any": []}, False),
    ({}, {"none": [{"none": [NAMELESS]}]}, False),
    ({}, {"all": [{"none": [NAMELESS]}, {"any": [NAMELESS, {"none": [NAMELESS]}]}]}, True),
    # text is compared casefolded
    ({"name": "ANN"}, field("name", "=", "ann"), True),
    ({"name": "É"}, field("name", "in", ["é"]), True),
    ({"name": "STRASSE"}, field("name", "=", "straße"), True),
    ({"name": "ann"}, field("name", "!=", "Ann"), False),
    ({"name": "bob"}, field("name", "none_of", ["ann", "ANNA"]), True),
    ({"name": "bob"}, field("name", "in", []), False),
    ({"name": "Joanna"}, field("name", "contains", "ANN"), True),
    ({"name": "100%"}, field("name", "contains", "0%"), True),
    ({"name": "100x"}, field("name", "contains", "0%"), False),
    ({"name": "axb"}, field("name", "contains", "a_b"), False),
    ({"name": "a\\b"}, field("name", "contains", "\\"), True),
    # numbers
    ({"size": 9}, field("size", ">=", 50), False),
    ({"size": 3}, field("size", ">", 2.5), True),
    ({"size": 3}, field("size", "in", [2.5, 3.0]), True),
    ({"score": 0.1}, field("score", "=", 0.1), True),
    ({"size": 2**53}, field("size", "<", 2**53), False),
    ({"size": 5}, field("size", "between", {"from": 5, "to": 6}), True),
    ({"size": 6}, field("size", "between", {"from": 5, "to": 6}), False),
    # money
    ({"price": Money(5000, "EUR")}, field("price", ">=", euro(5000)), True),
    ({"price": Money(5000, "USD")}, field("price", ">=", euro(1)), False),
    ({"price": Money(5000, "USD")}, field("price", "!=", euro(1)), False),
    ({"price": Money(5, "EUR")}, field("price", "between", {"from": euro(5), "to": euro(6)}), True),
    ({"price": Money(6, "EUR")}, field("price", "between", {"from": euro(5), "to": euro(6)}), False),
    # thresholds
    ({"price": Money(101, "EUR")}, field("price", ">", {"threshold": "dear"}), True),
    ({"price": Money(100, "EUR")}, field("price", ">", {"threshold": "dear"}), False),
    ({"price": Money(101, "USD")}, field("price", ">", {"threshold": "dear"}), False),
    ({"size": 10}, field("size", ">", {"threshold": "large"}), False),
    ({"size": 10}, {"none": [field("size", "<=", {"threshold": "large"})]}, True),
    # sets
    ({"tags": []}, field("tags", "none_of", ["a"]), False),
    ({"tags": []}, field("tags", "unknown_or_none_of", ["a"]), True),
    ({"tags": ["A", "b"]}, field("tags", "in", ["a", "z"]), True),
    ({"tags": ["A", "b"]}, field("tags", "contains", "a"), True),
    ({"tags": ["ab"]}, field("tags", "contains", "a"), False),
    ({"tags": ["b"]}, field("tags", "none_of", ["A"]), True),
    ({"tags": ["b", "a"]}, field("tags", "none_of", ["A"]), False),
    ({"tags": ["b"]}, field("tags", "exists"), True),
    # instants: half-open, the present millisecond belongs to the past
    ({"seen_at": NOW - DAY}, field("seen_at", "within_last", "P1D"), True),
    ({"seen_at": NOW - DAY - 1}, field("seen_at", "within_last", "P1D"), False),
    ({"seen_at": NOW - DAY - 1}, field("seen_at", "longer_ago", "P1D"), True),
    ({"seen_at": NOW - DAY}, field("seen_at", "longer_ago", "P1D"), False),
    ({"seen_at": NOW}, field("seen_at", "within_last", "PT1S"), True),
    ({"seen_at": NOW + 1}, field("seen_at", "within_last", "PT1S"), False),
    ({"seen_at": NOW}, field("seen_at", ">=", "2026-10-26T12:00:00+01:00"), True),
    ({"seen_at": NOW}, field("seen_at", "<", "2026-10-26T11:00:00Z"), False),
    # aggregates
    ({}, visits("count", "=", 0), True),
    ({}, visits("count", "<", 1), True),
    ({}, visits("count", ">=", 1), False),
    (at(NOW), visits("count", ">=", 1), True),
    (at(NOW), visits("count", ">", 0), True),
    (at(NOW), visits("count", "=", 0), False),
    (at(NOW, NOW), visits("count", "=", 2), True),
    (at(NOW - DAY), visits("count", "=", 1, **LAST_DAY), True),
    (at(NOW - DAY - 1), visits("count", "=", 0, **LAST_DAY), True),
    (at(NOW), visits("count", "=", 1, **LAST_DAY), True),
    (at(NOW + 1), visits("count", "=", 0, **LAST_DAY), True),
    ({"visits": [{}]}, visits("count", "=", 1), True),
    ({"visits": [{}]}, visits("count", "=", 0, **LAST_DAY), True),
    ({}, visits("sum", "<=", euro(0), field="paid"), True),
    ({}, visits("max", "<=", euro(9), field="paid"), False),
    ({}, visits("min", ">=", euro(0), field="paid"), False),
    (
        {"visits": [{"paid": Money(3, "EUR")}, {"paid": Money(900, "USD")}, {"paid": Money(4, "EUR")}, {}]},
        {"all": [visits("sum", "=", euro(7), field="paid"), visits("max", "=", euro(4), field="paid")]},
        True,
    ),
    (
        {"visits": [{"place": "Ulm"}, {"place": "Bonn"}, {}]},
        visits("count", "=", 1, where=field("place", "none_of", ["ulm"])),
        True,
    ),
    (
        {"visits": [{"lines": [{"sku": "A", "quantity": 2}, {"sku": "a", "quantity": 1}]}, {"lines": []}]},
        visits(
            "count",
            "=",
            1,
            where={
                "agg": "sum",
                "of": "lines",
                "field": "quantity",
                "where": field("sku", "=", "a"),
                "op": ">=",
                "value": 3,
            },
        ),
        True,
    ),
    # days are the local days of the zone
    ({}, visits("days_since", ">=", 0), False),
    (at(TODAY), visits("days_since", "=", 0), True),
    (at(TODAY - 1), visits("days_since", "=", 0), False),
    (at(TODAY - 1), visits("days_since", "=", 1), True),
    (at(MIDNIGHT), visits("days_since", "=", 1), True),
    (at(YESTERDAY), visits("days_since", "=", 1), True),
    (at(YESTERDAY - 1), visits("days_since", "=", 2), True),
    (at(YESTERDAY - 1, TODAY), visits("days_since", "<", 1), True),
    (at(YESTERDAY - 1), visits("days_since", "!=", 1), True),
    (at(YESTERDAY), visits("days_since", "!=", 1), False),
    (at(TODAY - 1), visits("days_since", "!=", 1), False),
    (at(TODAY), visits("days_since", "!=", 1), True),
    (at(YESTERDAY - 1), visits("days_since", ">", 1), True),
    (at(YESTERDAY), visits("days_since", ">", 1), False),
    (at(YESTERDAY), visits("days_since", "<=", 1), True),
    (at(YESTERDAY), visits("days_since", "between", {"from": 1, "to": 2}), True),
    (at(YESTERDAY), visits("days_since", "between", {"from": 0, "to": 1}), False),
]


@pytest.mark.parametrize(("row", "question", "answer"), CASES)
def test_answer(connection: Connection, row: dict[str, Any], question: dict[str, Any], answer: bool) -> None:
    condition = parse({"v": 1, **question}, REGISTRY)
    things.store(connection, [row])
    assert compiled(condition, REGISTRY)(row, MOMENT) is answer
    assert things.selected(connection, condition, MOMENT) == ([0] if answer else [])
    connection.rollback()
