"""What cannot be compiled is refused when it is saved, with the place in the tree."""

from typing import Any

import pytest

from core.conditions import dump, errors, nodes, parse
from core.conditions.registry import OPERATORS, Field, Kind, Registry
from tests.core.conditions.things import REGISTRY, thing

NAME = {"field": "name", "op": "=", "value": "ann"}
COUNT = {"agg": "count", "of": "visits", "op": ">=", "value": 1}
DEAR = {"threshold": "dear"}


def deep(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = NAME
    for _ in range(levels):
        tree = {"all": [tree]}
    return tree


REFUSED = [
    ([], errors.UnknownNode, "$"),
    ({"v": 2, **NAME}, errors.UnknownNode, "$"),
    ({"v": True, **NAME}, errors.UnknownNode, "$"),
    ({"v": 1}, errors.UnknownNode, "$"),
    ({"v": 1, "all": [NAME, {"not": NAME}]}, errors.UnknownNode, "$.all[1]"),
    ({"v": 1, "all": [NAME], "any": []}, errors.UnknownNode, "$.any"),
    ({"v": 1, "all": NAME}, errors.UnknownNode, "$.all"),
    ({"v": 1, "any": [None]}, errors.UnknownNode, "$.any[0]"),
    ({"v": 1, **NAME, "sql": "1 = 1"}, errors.UnknownNode, "$.sql"),
    ({"v": 1, "all": []}, errors.SelectsEverybody, "$.all"),
    ({"v": 1, "any": [{"none": []}]}, errors.SelectsEverybody, "$.any[0].none"),
    ({"v": 1, **NAME, "op": "none_of", "value": []}, errors.SelectsEverybody, "$.value"),
    ({"v": 1, "field": "shoe size", "op": "=", "value": 1}, errors.UnknownField, "$.field"),
    ({"v": 1, "field": ["name"], "op": "=", "value": 1}, errors.UnknownNode, "$.field"),
    ({"v": 1, **COUNT, "of": "orders"}, errors.UnknownField, "$.of"),
    ({"v": 1, "all": [{**COUNT, "where": {"any": [NAME]}}]}, errors.UnknownField, "$.all[0].where.any[0].field"),
    ({"v": 1, **NAME, "op": "<"}, errors.UnknownOperator, "$.op"),
    ({"v": 1, **NAME, "op": "matches"}, errors.UnknownOperator, "$.op"),
    ({"v": 1, **NAME, "op": None}, errors.UnknownOperator, "$.op"),
    ({"v": 1, "field": "price", "op": "in", "value": []}, errors.UnknownOperator, "$.op"),
    ({"v": 1, "field": "tags", "op": "=", "value": "a"}, errors.UnknownOperator, "$.op"),
    ({"v": 1, **COUNT, "op": "exists"}, errors.UnknownOperator, "$.op"),
    ({"v": 1, **COUNT, "op": "in", "value": [1]}, errors.UnknownOperator, "$.op"),
    (
        {"v": 1, **COUNT, "agg": "max", "field": "paid", "op": "within_last", "value": "P1D"},
        errors.UnknownOperator,
        "$.op",
    ),
    ({"v": 1, "field": "name", "op": "="}, errors.WrongValue, "$"),
    ({"v": 1, "field": "name", "op": "exists", "value": 1}, errors.UnknownNode, "$.value"),
    ({"v": 1, **NAME, "value": None}, errors.WrongValue, "$.value"),
    ({"v": 1, **NAME, "value": 5}, errors.WrongValue, "$.value"),
    ({"v": 1, **NAME, "value": "a\0"}, errors.WrongValue, "$.value"),
    ({"v": 1, **NAME, "value": "\ud800"}, errors.WrongValue, "$.value"),
    ({"v": 1, **NAME, "op": "contains", "value": ""}, errors.WrongValue, "$.value"),
    ({"v": 1, **NAME, "op": "in", "value": ["a", None]}, errors.WrongValue, "$.value[1]"),
    ({"v": 1, **NAME, "op": "in", "value": ["a"] * 1001}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "size", "op": "=", "value": "5"}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "size", "op": "=", "value": True}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "size", "op": "=", "value": float("nan")}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "size", "op": "=", "value": 2**53 + 1}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "size", "op": "between", "value": [1, 2]}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "active", "op": "=", "value": 1}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "price", "op": "=", "value": 12.5}, errors.WrongValue, "$.value"),
    (
        {"v": 1, "field": "price", "op": "=", "value": {"minor": 1.5, "currency": "EUR"}},
        errors.WrongValue,
        "$.value.minor",
    ),
    (
        {"v": 1, "field": "price", "op": "=", "value": {"minor": 1, "currency": "eur"}},
        errors.WrongValue,
        "$.value.currency",
    ),
    (
        {
            "v": 1,
            "field": "price",
            "op": "between",
            "value": {"from": {"minor": 1, "currency": "EUR"}, "to": {"minor": 1, "currency": "USD"}},
        },
        errors.WrongValue,
        "$.value",
    ),
    ({"v": 1, "field": "price", "op": ">", "value": {"threshold": "cheap"}}, errors.UnknownField, "$.value.threshold"),
    ({"v": 1, "field": "size", "op": ">", "value": DEAR}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "seen_at", "op": "<", "value": "yesterday"}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "seen_at", "op": "<", "value": 5}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "seen_at", "op": "within_last", "value": "P1M"}, errors.WrongValue, "$.value"),
    ({"v": 1, "field": "seen_at", "op": "within_last", "value": 30}, errors.WrongValue, "$.value"),
    ({"v": 1, **COUNT, "agg": "average"}, errors.UnknownNode, "$.agg"),
    ({"v": 1, **COUNT, "field": "paid"}, errors.UnknownNode, "$.field"),
    ({"v": 1, **COUNT, "agg": "sum", "field": "place"}, errors.UnknownNode, "$.agg"),
    ({"v": 1, **COUNT, "agg": "sum", "field": "at"}, errors.UnknownNode, "$.agg"),
    ({"v": 1, **COUNT, "agg": "sum"}, errors.UnknownNode, "$.field"),
    ({"v": 1, **COUNT, "currency": "EUR"}, errors.UnknownNode, "$.currency"),
    ({"v": 1, **COUNT, "agg": "sum", "field": "paid", "value": DEAR}, errors.WrongValue, "$.currency"),
    ({"v": 1, **COUNT, "window": "P1D"}, errors.UnknownNode, "$.window"),
    ({"v": 1, **COUNT, "window": {"last": "P0D"}}, errors.WrongValue, "$.window.last"),
    (
        {"v": 1, **COUNT, "where": {"agg": "days_since", "of": "lines", "op": "=", "value": 1}},
        errors.UnknownNode,
        "$.where",
    ),
    ({"v": 1, **COUNT, "agg": "days_since", "value": 1.5}, errors.WrongValue, "$.value"),
    ({"v": 1, **COUNT, "agg": "days_since", "value": -1}, errors.WrongValue, "$.value"),
    ({"v": 1, "any": [NAME] * 200}, errors.TooLarge, "$.any[199]"),
    ({"v": 1, **deep(12)}, errors.TooLarge, "$" + ".all[0]" * 12),
]


@pytest.mark.parametrize(("document", "error", "place"), REFUSED)
def test_refused_at_its_place(document: Any, error: type[errors.ConditionError], place: str) -> None:
    with pytest.raises(errors.ConditionError) as caught:
        parse(document, REGISTRY)
    assert type(caught.value) is error
    assert caught.value.place == place
    assert str(caught.value).endswith(f"(at {place})")
    assert caught.value.status == 422


def test_the_example_of_the_documentation_is_read() -> None:
    document = {
        "v": 1,
        "all": [
            {"field": "name", "op": "in", "value": ["DE", "AT"]},
            {
                "agg": "sum",
                "of": "visits",
                "field": "paid",
                "window": {"last": "P90D"},
                "where": {"field": "place", "op": "=", "value": "shop"},
                "op": ">=",
                "value": {"minor": 5000, "currency": "EUR"},
            },
        ],
    }
    condition = parse(document, REGISTRY)
    assert condition == nodes.All(
        (
            nodes.Leaf(nodes.FieldOperand("name"), nodes.IsIn(("DE", "AT"))),
            nodes.Leaf(
                nodes.Aggregate(
                    function="sum",
                    of="visits",
                    field="paid",
                    window="P90D",
                    where=nodes.Leaf(nodes.FieldOperand("place"), nodes.Compares("=", "shop")),
                    currency="EUR",
                ),
                nodes.Compares(">=", nodes.Money(5000, "EUR")),
            ),
        )
    )
    document["all"][1]["currency"] = "EUR"  # type: ignore[index]
    assert dump(condition, REGISTRY) == document


def test_a_field_may_allow_less_than_its_kind() -> None:
    field = Field(name="name", kind=Kind.TEXT, label="name", column=thing.c.name, operators=frozenset({"="}))
    registry = Registry.of("thing", [field])
    parse({"v": 1, **NAME}, registry)
    with pytest.raises(errors.UnknownOperator, match=r"possible: =\."):
        parse({"v": 1, **NAME, "op": "contains"}, registry)


def test_a_field_that_no_compiler_could_serve_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="needs a currency column"):
        Field(name="price", kind=Kind.MONEY, label="price", column=thing.c.price_minor)
    with pytest.raises(ValueError, match="where its members stand"):
        Field(name="tags", kind=Kind.TEXT_SET, label="tags", column=thing.c.name)
    with pytest.raises(ValueError, match="does not have"):
        Field(name="name", kind=Kind.TEXT, label="name", column=thing.c.name, operators=frozenset({"<"}))
    field = Field(name="name", kind=Kind.TEXT, label="name", column=thing.c.name)
    with pytest.raises(errors.DuplicateName, match="“name” is registered twice"):
        Registry.of("thing", [field, field])


def test_every_operator_of_every_kind_is_read() -> None:
    values = {Kind.TEXT: "a", Kind.NUMBER: 1, Kind.MONEY: {"minor": 1, "currency": "EUR"}, Kind.BOOLEAN: True}
    values |= {Kind.INSTANT: "2026-01-01", Kind.TEXT_SET: "a"}
    names = {field.kind: name for name, field in REGISTRY.fields.items()}
    for kind, operators in OPERATORS.items():
        for operator in operators:
            leaf = {"field": names[kind], "op": operator, **_value(operator, values[kind])}
            assert dump(parse({"v": 1, **leaf}, REGISTRY), REGISTRY)["op"] == operator


def _value(operator: str, value: Any) -> dict[str, Any]:
    match operator:
        case "exists":
            return {}
        case "within_last" | "longer_ago":
            return {"value": "P1D"}
        case "between":
            return {"value": {"from": value, "to": value}}
        case "in" | "none_of" | "unknown_or_none_of":
            return {"value": [value]}
        case _:
            return {"value": value}
