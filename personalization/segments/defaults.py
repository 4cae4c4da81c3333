"""The segments a store begins with: recency, frequency and monetary value (RFM), as a marketer says them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Default:
    """A segment as it comes with a store. `key` is the part of its id that never changes."""

    key: str
    name: str
    description: str
    document: dict[str, Any]


def _all(*children: dict[str, Any]) -> dict[str, Any]:
    return {"v": 1, "all": list(children)}


def _field(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": name, "op": operator, "value": value}


DEFAULTS = (
    Default(
        "new",
        "New",
        "First order within the last 30 days, and no other yet.",
        _all(_field("orders.count", "=", 1), _field("orders.first_at", "within_last", "P30D")),
    ),
    Default(
        "loyal",
        "Loyal",
        "Three orders or more, the last one within 90 days.",
        _all(_field("orders.count", ">=", 3), _field("orders.last_at", "within_last", "P90D")),
    ),
    Default(
        "at-risk",
        "At risk",
        "Two orders or more, but none for 90 to 180 days.",
        _all(
            _field("orders.count", ">=", 2),
            _field("orders.last_at", "longer_ago", "P90D"),
            _field("orders.last_at", "within_last", "P180D"),
        ),
    ),
    Default(
        "lapsed",
        "Lapsed",
        "The last order is more than 180 days ago.",
        _all(_field("orders.last_at", "longer_ago", "P180D")),
    ),
    Default(
        "big-spenders",
        "Big spenders",
        "Spent more than four in five buyers.",
        _all(_field("orders.spent", ">", {"threshold": "spent.top_fifth"})),
    ),
)
