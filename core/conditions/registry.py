"""What can be asked: the fields, child sets and thresholds that the parts of the product offer.

A field belongs to a subject (a base row such as a person, or a row of a child set such as an order). Its Python getter
reads one row of that subject, by default a mapping from field name to value; its SQL column belongs to the statement
the caller builds around the predicate.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.sql.selectable import FromClause

from core.conditions.errors import DuplicateName, UnknownField


class Kind(StrEnum):
    """The type of a field's value, and how both sides hold it.

    text      str; SQL column already casefolded (`fold`), because no database folds as Python does
    number    int within ±2**53, or finite float
    money     nodes.Money; two SQL columns: minor units and currency
    instant   int, milliseconds since 1970 UTC
    boolean   bool
    text_set  collection of str; SQL: a child table with one casefolded row per member; an empty set is unknown
    """

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    INSTANT = "instant"
    BOOLEAN = "boolean"
    TEXT_SET = "text_set"


EQUALITY = frozenset({"=", "!="})
ORDER = frozenset({"<", "<=", ">", ">=", "between"})
LISTS = frozenset({"in", "none_of", "unknown_or_none_of"})

OPERATORS: Mapping[Kind, frozenset[str]] = {
    Kind.TEXT: EQUALITY | LISTS | {"contains", "exists"},
    Kind.NUMBER: EQUALITY | ORDER | LISTS | {"exists"},
    Kind.MONEY: EQUALITY | ORDER | {"exists"},
    Kind.INSTANT: EQUALITY | ORDER | {"exists", "within_last", "longer_ago"},
    Kind.BOOLEAN: frozenset({"=", "!=", "exists"}),
    Kind.TEXT_SET: LISTS | {"contains", "exists"},
}


def fold(text: str) -> str:
    """The form in which text is compared, on both sides; also what a casefolded column holds."""
    return text.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Where the members of a text set stand in SQL: a casefolded column of a table, linked to the subject's row."""

    source: FromClause
    link: ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value that conditions may ask about.

    `label` reads on in a sentence (“last order”); `unit` follows a number (“orders”). `column` is the SQL expression
    (the minor units of money, the members' column of a text set). `operators` may narrow what the kind allows.
    """

    name: str
    kind: Kind
    label: str
    column: ColumnElement[Any]
    currency_column: ColumnElement[Any] | None = None
    members: Members | None = None
    getter: Callable[[Any], Any] | None = None
    unit: str = ""
    operators: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.kind is Kind.MONEY and self.currency_column is None:
            raise ValueError(f"The money field “{self.name}” needs a currency column.")
        if self.kind is Kind.TEXT_SET and self.members is None:
            raise ValueError(f"The text set “{self.name}” needs to say where its members stand.")
        if not self.operators <= OPERATORS[self.kind]:
            raise ValueError(f"The field “{self.name}” allows an operator that {self.kind} does not have.")

    @property
    def allowed(self) -> frozenset[str]:
        """The operators this field can be asked with."""
        return self.operators or OPERATORS[self.kind]

    def read(self) -> Callable[[Any], Any]:
        """The Python getter: the given one, or the value under the field's name in a mapping."""
        if self.getter is not None:
            return self.getter
        name = self.name
        return lambda row: row.get(name)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A registered threshold: a figure a sweep computes, such as “what four in five spend less than”."""

    name: str
    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class Registry:
    """The fields of one subject, with its child sets and the thresholds its conditions may name."""

    subject: str
    fields: Mapping[str, Field]
    child_sets: Mapping[str, "ChildSet"] = field(default_factory=dict)
    thresholds: Mapping[str, Parameter] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        subject: str,
        fields: Iterable[Field],
        child_sets: Iterable["ChildSet"] = (),
        thresholds: Iterable[Parameter] = (),
    ) -> "Registry":
        """Gather what several parts offer about one subject; raises DuplicateName."""
        return cls(subject, _named(fields), _named(child_sets), _named(thresholds))

    def field(self, name: str, place: str = "$") -> Field:
        """The field of that name; raises UnknownField."""
        if name not in self.fields:
            raise UnknownField(place, f"There is no field “{name}” of {self.subject}.")
        return self.fields[name]

    def child_set(self, name: str, place: str = "$") -> "ChildSet":
        """The child set of that name; raises UnknownField."""
        if name not in self.child_sets:
            raise UnknownField(place, f"There is no child set “{name}” of {self.subject}.")
        return self.child_sets[name]

    def threshold(self, name: str, place: str = "$") -> Parameter:
        """The threshold of that name; raises UnknownField."""
        if name not in self.thresholds:
            raise UnknownField(place, f"There is no threshold “{name}” of {self.subject}.")
        return self.thresholds[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSet:
    """Rows that belong to the subject's row, such as a person's orders.

    `registry` holds the fields of one child row; `source` is its table (or join), `link` the SQL predicate that ties a
    child row to the subject's row, `at` its instant (what windows and days_since look at) in SQL, `read_at` in Python;
    `rows` gives the child rows of a subject's row, by default what stands under the set's name in a mapping.
    """

    name: str
    label: str
    registry: Registry
    source: FromClause
    link: ColumnElement[bool]
    at: ColumnElement[int] | None = None
    read_at: Callable[[Any], int | None] | None = None
    rows: Callable[[Any], Iterable[Any]] | None = None

    def read(self) -> Callable[[Any], Iterable[Any]]:
        """The Python reader of the child rows; nobody's rows are an empty set."""
        if self.rows is not None:
            return self.rows
        name = self.name
        return lambda row: row.get(name) or ()


def _named(things: Iterable[Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    for thing in things:
        if thing.name in named:
            raise DuplicateName(thing.name)
        named[thing.name] = thing
    return named
