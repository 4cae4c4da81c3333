"""From JSON to nodes. Everything a compiler could stumble over is refused here, with the place in the tree.

{"v": 1, "all": [
  {"field": "person.country", "op": "in", "value": ["DE", "AT"]},
  {"agg": "sum", "of": "orders", "field": "total", "window": {"last": "P90D"},
   "where": {"field": "status", "op": "=", "value": "paid"},
   "op": ">=", "value": {"minor": 5000, "currency": "EUR"}},
  {"none": [{"field": "trait.tier", "op": "in", "value": ["gold"]}]}]}
"""

from collections.abc import Mapping
from typing import Any as AnyType

from core.conditions import nodes
from core.conditions.asking import KindOfAnswer, read_ask
from core.conditions.duration import UnreadableDuration, milliseconds
from core.conditions.errors import SelectsEverybody, TooLarge, UnknownNode, WrongValue
from core.conditions.nodes import Aggregate, FieldOperand, Leaf, Money, Node
from core.conditions.registry import EQUALITY, ORDER, ChildSet, Kind, Registry
from core.conditions.values import read_currency

MOST_NODES = 200
MOST_LEVELS = 12

_FUNCTIONS: Mapping[str, nodes.Function] = {
    "count": "count",
    "sum": "sum",
    "max": "max",
    "min": "min",
    "days_since": "days_since",
}
_GROUPS = ("all", "any", "none")
_TOTALS = EQUALITY | ORDER
_EXTREMES = _TOTALS | {"exists", "within_last", "longer_ago"}


def parse(document: object, registry: Registry) -> Node:
    """The condition of a decoded JSON document; raises ConditionError for anything the compilers do not know."""
    if not isinstance(document, dict) or document.get("v") != nodes.VERSION or isinstance(document.get("v"), bool):
        raise UnknownNode("$", f"A condition is an object with “v”: {nodes.VERSION}.")
    tree = {key: value for key, value in document.items() if key != "v"}
    return _Reader().node(tree, registry, "$", 1)


class _Reader:
    """Reads one document and counts its nodes."""

    def __init__(self) -> None:
        self.count = 0

    def node(self, raw: object, registry: Registry, place: str, level: int) -> Node:
        self.count += 1
        if self.count > MOST_NODES or level > MOST_LEVELS:
            raise TooLarge(place, f"A condition has at most {MOST_NODES} nodes and {MOST_LEVELS} levels.")
        if not isinstance(raw, dict):
            raise UnknownNode(place, "A node is an object: a group, a field or an aggregate.")
        for name in _GROUPS:
            if name in raw:
                return self.group(raw, name, registry, place, level)
        if "agg" in raw:
            return self.aggregate(raw, registry, place, level)
        if "field" in raw:
            return self.field(raw, registry, place)
        raise UnknownNode(place, "A node has one of the keys all, any, none, field, agg.")

    def group(self, raw: dict[str, AnyType], name: str, registry: Registry, place: str, level: int) -> Node:
        _only(raw, {name}, place)
        if not isinstance(raw[name], list):
            raise UnknownNode(f"{place}.{name}", "A group holds a list of nodes.")
        children = tuple(
            self.node(child, registry, f"{place}.{name}[{at}]", level + 1) for at, child in enumerate(raw[name])
        )
        if name == "any":
            return nodes.Any(children)
        if not children:
            raise SelectsEverybody(f"{place}.{name}", f"“{name}” of nothing would be true of everybody.")
        return nodes.All(children) if name == "all" else nodes.Nothing(children)

    def field(self, raw: dict[str, AnyType], registry: Registry, place: str) -> Leaf:
        _only(raw, {"field", "op", "value"}, place)
        field = registry.field(_name(raw["field"], f"{place}.field"), f"{place}.field")
        return Leaf(FieldOperand(field.name), read_ask(raw, KindOfAnswer(field.kind, field.allowed), registry, place))

    def aggregate(self, raw: dict[str, AnyType], registry: Registry, place: str, level: int) -> Leaf:
        _only(raw, {"agg", "of", "field", "window", "where", "currency", "op", "value"}, place)
        function = _FUNCTIONS.get(_name(raw["agg"], f"{place}.agg"))
        if function is None:
            raise UnknownNode(f"{place}.agg", f"An aggregate is one of {', '.join(_FUNCTIONS)}.")
        child_set = registry.child_set(_name(raw.get("of"), f"{place}.of"), f"{place}.of")
        answer = _answer(function, raw, child_set, place)
        ask = read_ask(raw, answer, registry, place)
        operand = Aggregate(
            function=function,
            of=child_set.name,
            field=raw.get("field"),
            window=_window(raw, child_set, place),
            where=self.where(raw, child_set, place, level),
            currency=_currency(raw, answer, ask, place),
        )
        return Leaf(operand, ask)

    def where(self, raw: dict[str, AnyType], child_set: ChildSet, place: str, level: int) -> Node | None:
        if "where" not in raw:
            return None
        return self.node(raw["where"], child_set.registry, f"{place}.where", level + 1)


def _answer(function: nodes.Function, raw: dict[str, AnyType], child_set: ChildSet, place: str) -> KindOfAnswer:
    """What kind of value the aggregate gives, and which operators suit it."""
    if function in ("count", "days_since"):
        if "field" in raw:
            raise UnknownNode(f"{place}.field", f"“{function}” looks at rows, not at a field.")
        if function == "days_since":
            _needs_instant(child_set, place)
        return KindOfAnswer(Kind.NUMBER, _TOTALS, whole_days=function == "days_since")
    field = child_set.registry.field(_name(raw.get("field"), f"{place}.field"), f"{place}.field")
    summable = {Kind.NUMBER, Kind.MONEY}
    if field.kind not in (summable if function == "sum" else summable | {Kind.INSTANT}):
        raise UnknownNode(f"{place}.agg", f"There is no {function} of a {field.kind}.")
    return KindOfAnswer(field.kind, _TOTALS if function == "sum" else _EXTREMES)


def _window(raw: dict[str, AnyType], child_set: ChildSet, place: str) -> str | None:
    if "window" not in raw:
        return None
    window, place = raw["window"], f"{place}.window"
    if not isinstance(window, dict) or set(window) != {"last"}:
        raise UnknownNode(place, 'A window is written {"last": "P90D"}.')
    _needs_instant(child_set, place)
    try:
        milliseconds(window["last"])
    except UnreadableDuration as error:
        raise WrongValue(f"{place}.last", str(error)) from error
    return str(window["last"])


def _needs_instant(child_set: ChildSet, place: str) -> None:
    if child_set.at is None or child_set.read_at is None:
        raise UnknownNode(place, f"“{child_set.name}” carry no time that could be looked at.")


def _currency(raw: dict[str, AnyType], answer: KindOfAnswer, ask: nodes.Ask, place: str) -> str | None:
    """Amounts are gathered in one currency: the one said, else that of the value they are compared with."""
    if answer.kind is not Kind.MONEY:
        if "currency" in raw:
            raise UnknownNode(f"{place}.currency", "Only amounts of money have a currency.")
        return None
    said = read_currency(raw["currency"], f"{place}.currency") if "currency" in raw else None
    found = {value.currency for value in _amounts(ask)} | ({said} if said else set())
    if len(found) != 1:
        raise WrongValue(f"{place}.currency", "An aggregate of money needs exactly one currency.")
    return found.pop()


def _amounts(ask: nodes.Ask) -> list[Money]:
    values: tuple[object, ...] = ()
    if isinstance(ask, nodes.Compares):
        values = (ask.value,)
    elif isinstance(ask, nodes.Between):
        values = (ask.start, ask.end)
    return [value for value in values if isinstance(value, Money)]


def _name(raw: object, place: str) -> str:
    if not isinstance(raw, str):
        raise UnknownNode(place, "A name is needed here.")
    return raw


def _only(raw: dict[str, AnyType], known: set[str], place: str) -> None:
    for key in raw:
        if key not in known:
            raise UnknownNode(f"{place}.{key}", f"“{key}” means nothing here.")
