"""What a condition reads."""

from core.conditions import parse, usage
from tests.core.conditions.test_semantics import euro, field, visits
from tests.core.conditions.things import REGISTRY


def test_fields_child_sets_thresholds_and_time_are_named() -> None:
    tree = {
        "v": 1,
        "any": [
            field("size", "between", {"from": {"threshold": "large"}, "to": 9}),
            {"none": [visits("sum", ">", euro(1), field="paid", where=field("place", "=", "x"))]},
        ],
    }
    read = usage(parse(tree, REGISTRY))
    assert read.fields == {"size"}
    assert read.thresholds == {"large"}
    assert read.child_sets["visits"].fields == {"paid", "place"}
    assert not read.timed


def test_windows_days_and_relative_instants_are_timed() -> None:
    for leaf in (
        field("seen_at", "within_last", "P1D"),
        visits("count", "=", 1, window={"last": "P1D"}),
        visits("days_since", "=", 1),
        visits("count", "=", 1, where=field("at", "longer_ago", "P1D")),
    ):
        assert usage(parse({"v": 1, **leaf}, REGISTRY)).timed


def test_several_conditions_are_read_together() -> None:
    one, two = (parse({"v": 1, **field(name, "exists")}, REGISTRY) for name in ("name", "size"))
    assert usage(one, two).fields == {"name", "size"}
