"""Random trees and rows that meet often: small pools of values, with NULLs, mixed case, non-ASCII and boundary instants."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st

from core import clock
from core.clock import DAY, HOUR, Instant
from core.conditions import Moment, Money

# Around the end of summer time in Europe (2026-10-25T01:00Z) and its beginning (2026-03-29T01:00Z).
NOWS = [
    clock.parse("2026-10-25T22:59:59.999Z"),
    clock.parse("2026-10-25T23:00:00Z"),
    clock.parse("2026-03-29T01:00:00Z"),
    clock.parse("2026-03-30T12:34:56.789Z"),
]
ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]
TEXTS = ["", "Ann", "ann", "ANN", "Straße", "STRASSE", "É", "é", "İstanbul", "50%", "a_b", "a\\b", "日本", "nn"]
NUMBERS = [-1, 0, 1, 2, 3, 5, 9, 50, 2**53]
SCORES = [-0.5, 0.0, 0.1, 0.3, 1.0, 2.5, 50.0]
AMOUNTS = [Money(minor, currency) for minor in (-100, 0, 1, 4999, 5000) for currency in ("EUR", "JPY")]
DURATIONS = {"PT1S": 1_000, "PT12H": 12 * HOUR, "P1D": DAY, "P2D": 2 * DAY, "P30D": 30 * DAY}
Asked: TypeAlias = dict[str, list[st.SearchStrategy[dict[str, Any]]]]
DAY_COUNTS = [0, 1, 2, 3, 30, 31]


@dataclass(frozen=True)
class Scenario:
    """Rows, conditions over them, and the moment around which their instants lie."""

    moment: Moment
    rows: list[dict[str, Any]]
    documents: list[dict[str, Any]]


@st.composite
def scenarios(draw: st.DrawFn, most_rows: int = 6, most_documents: int = 5) -> Scenario:
    """Everything drawn around one now, so that instants meet the bounds that the conditions draw."""
    now = draw(st.sampled_from(NOWS))
    return Scenario(
        draw(moments(now)),
        draw(st.lists(_ROWS[now], min_size=1, max_size=most_rows)),
        draw(st.lists(_DOCUMENTS[now], min_size=1, max_size=most_documents)),
    )


def moments(now: Instant) -> st.SearchStrategy[Moment]:
    """The instant in several zones, with thresholds that may not be known yet."""
    return st.builds(
        Moment,
        st.just(now),
        st.sampled_from(ZONES),
        st.sampled_from([{}, {"dear": Money(4999, "EUR"), "large": 3}, {"dear": Money(1, "JPY"), "large": 2.5}]),
    )


def instants(now: Instant) -> st.SearchStrategy[Instant]:
    """Instants a millisecond around every bound a condition can draw, and local midnights."""
    offsets = [0, *DURATIONS.values(), 3 * DAY, 23 * HOUR, 25 * HOUR, 31 * DAY + HOUR, -DAY]
    return st.builds(
        lambda offset, nudge: now - offset + nudge, st.sampled_from(offsets), st.sampled_from([-1, 0, 0, 1, HOUR])
    )


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The value, or none at all."""
    return st.one_of(st.none(), values)


def rows(now: Instant) -> st.SearchStrategy[dict[str, Any]]:
    """One thing with its tags and visits."""
    line = st.fixed_dictionaries(
        {"sku": maybe(st.sampled_from(TEXTS)), "quantity": maybe(st.sampled_from(NUMBERS[:6]))}
    )
    visit = st.fixed_dictionaries(
        {
            "at": maybe(instants(now)),
            "place": maybe(st.sampled_from(TEXTS)),
            "paid": maybe(st.sampled_from(AMOUNTS)),
            "lines": st.lists(line, max_size=2),
        }
    )
    return st.fixed_dictionaries(
        {
            "name": maybe(st.sampled_from(TEXTS)),
            "size": maybe(st.sampled_from(NUMBERS)),
            "score": maybe(st.sampled_from(SCORES)),
            "price": maybe(st.sampled_from(AMOUNTS)),
            "seen_at": maybe(instants(now)),
            "active": maybe(st.booleans()),
            "tags": st.lists(st.sampled_from(TEXTS), max_size=3),
            "visits": st.lists(visit, max_size=3),
        }
    )


def documents(now: Instant) -> st.SearchStrategy[dict[str, Any]]:
    """A condition over things, as JSON; often a single leaf, because groups hide what their children answer."""
    leaves = st.one_of(_thing_fields(now), _visits(now))
    return st.one_of(leaves, leaves, trees(leaves)).map(lambda tree: {"v": 1, **tree})


def trees(leaves: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Groups of groups of leaves."""
    return st.recursive(
        leaves,
        lambda children: st.one_of(
            st.builds(lambda nodes: {"any": nodes}, st.lists(children, max_size=3)),
            st.builds(lambda nodes: {"all": nodes}, st.lists(children, min_size=1, max_size=3)),
            st.builds(lambda nodes: {"none": nodes}, st.lists(children, min_size=1, max_size=3)),
        ),
        max_leaves=5,
    )


def asks(kind: str, values: st.SearchStrategy[Any]) -> list[st.SearchStrategy[dict[str, Any]]]:
    """Every operator of a kind with values of it."""
    operators = {
        "text": "= != in none_of unknown_or_none_of contains exists",
        "number": "= != < <= > >= between in none_of unknown_or_none_of exists",
        "money": "= != < <= > >= between exists",
        "instant": "= != < <= > >= between exists within_last longer_ago",
        "boolean": "= != exists",
        "text_set": "in none_of unknown_or_none_of contains exists",
        "total": "= != < <= > >= between",
    }
    return [_ask(operator, values) for operator in operators[kind].split()]


def _ask(operator: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    if operator == "exists":
        return st.just({"op": operator})
    if operator in ("within_last", "longer_ago"):
        values = st.sampled_from(sorted(DURATIONS))
    elif operator == "between":
        values = st.tuples(values, values).filter(_of_one_currency).map(lambda pair: {"from": pair[0], "to": pair[1]})
    elif operator in ("in", "none_of", "unknown_or_none_of"):
        values = st.lists(values, min_size=0 if operator == "in" else 1, max_size=3)
    elif operator == "contains":
        values = values.filter(bool)
    return values.map(lambda value: {"op": operator, "value": value})


def _of_one_currency(pair: tuple[Any, Any]) -> bool:
    return len({value["currency"] for value in pair if isinstance(value, dict) and "currency" in value}) < 2


_texts = st.sampled_from(TEXTS)
_numbers = st.sampled_from([*NUMBERS, *SCORES])
_amounts = st.sampled_from([{"minor": amount.minor, "currency": amount.currency} for amount in AMOUNTS])
_WITH_THRESHOLD = [
    st.just({"field": "price", "op": ">", "value": {"threshold": "dear"}}),
    st.just({"field": "size", "op": "between", "value": {"from": {"threshold": "large"}, "to": 50}}),
    st.just(
        {"agg": "sum", "of": "visits", "field": "paid", "currency": "EUR", "op": ">=", "value": {"threshold": "dear"}}
    ),
]


def _thing_fields(now: Instant) -> st.SearchStrategy[dict[str, Any]]:
    asked = {
        "name": asks("text", _texts),
        "size": asks("number", _numbers),
        "score": asks("number", _numbers),
        "price": asks("money", _amounts),
        "seen_at": asks("instant", instants(now).map(clock.iso)),
        "active": asks("boolean", st.booleans()),
        "tags": asks("text_set", _texts),
    }
    return st.one_of(_fields(asked), *_WITH_THRESHOLD)


def _fields(of: Asked) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        *(ask.map(lambda asked, name=name: {"field": name, **asked}) for name, ways in of.items() for ask in ways)
    )


def _visits(now: Instant) -> st.SearchStrategy[dict[str, Any]]:
    """A leaf about the visits, some of them about the lines of the visits."""
    of_lines = st.builds(
        _over("lines"),
        st.one_of(_counts(), _figures({"quantity": asks("total", _numbers)})),
        _where(_fields({"sku": asks("text", _texts), "quantity": asks("number", _numbers)})),
        st.just({}),
    )
    times = instants(now).map(clock.iso)
    fields = _fields({"place": asks("text", _texts), "at": asks("instant", times), "paid": asks("money", _amounts)})
    days = st.one_of(*asks("total", st.sampled_from(DAY_COUNTS))).map(lambda asked: {"agg": "days_since", **asked})
    latest = st.one_of(*asks("instant", times)).map(lambda asked: {"agg": "max", "field": "at", **asked})
    windows = st.sampled_from(sorted(DURATIONS)).map(lambda duration: {"window": {"last": duration}})
    return st.builds(
        _over("visits"),
        st.one_of(_counts(), days, _figures({"paid": asks("total", _amounts)}), latest),
        _where(trees(st.one_of(fields, of_lines))),
        st.one_of(st.just({}), windows),
    )


def _over(name: str) -> Callable[..., dict[str, Any]]:
    return lambda leaf, condition, window: {"of": name, **leaf, **condition, **window}


def _counts() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(*asks("total", st.sampled_from([0, 1, 2, 3]))).map(lambda asked: {"agg": "count", **asked})


def _figures(of: Asked) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        *(
            st.builds(
                lambda function, asked, field=field: {"agg": function, "field": field, **asked},
                st.sampled_from(["sum", "max", "min"]),
                st.one_of(*ways),
            )
            for field, ways in of.items()
        )
    )


def _where(nodes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(st.just({}), st.just({}), nodes.map(lambda node: {"where": node}))


_ROWS = {now: rows(now) for now in NOWS}
_DOCUMENTS = {now: documents(now) for now in NOWS}
