"""The people conditions speak about: their fields as the parts below offer them, and the statement those fields stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, Table, and_, literal, select
from sqlalchemy.sql.selectable import FromClause

from core.conditions import ChildSet, Field, Kind, Members, Money, Node, Parameter, Registry, usage
from core.db import Session
from personalization.segments import repository
from personalization.segments.schemas import Segment
from tracking.orders import fields as orders
from tracking.people import fields as people

TOP_FIFTH = "spent.top_fifth"

PERSON = people.PERSON
_TRAIT = "trait."

# What any event of a person may change. Too many to decide about each: `sweeps.refresh_seen` follows the people who were seen.
SILENT = frozenset({"person.known_since", "person.last_seen", "person.known", "person.marketing"})

Traits: TypeAlias = Mapping[str, str]  # the name of a trait → the kind of its values


def registry(traits: Traits) -> Registry:
    """What can be asked about a person who may have these traits."""
    return _registry(tuple(sorted(traits.items())))


@lru_cache(maxsize=256)
def _registry(traits: tuple[tuple[str, str], ...]) -> Registry:
    return Registry.of(
        "a person",
        (*people.FIELDS, *orders.PERSON_FIELDS, *people.trait_fields({name: Kind(kind) for name, kind in traits})),
        orders.PERSON_CHILD_SETS,
        (Parameter(TOP_FIFTH, Kind.MONEY, "what four in five buyers have spent"),),
    )


REGISTRY = registry({})


def store_traits(session: Session, store_id: int) -> dict[str, str]:
    """The traits the store's people have now, with their kinds."""
    return {name: kind.value for name, kind in people.trait_kinds(session, store_id).items()}


def used_traits(condition: Node, traits: Traits) -> dict[str, str]:
    """Those of the traits that the condition reads."""
    read = {name.removeprefix(_TRAIT) for name in usage(condition).fields if name.startswith(_TRAIT)}
    return {name: kind for name, kind in traits.items() if name in read}


@dataclass(frozen=True, slots=True)
class Spent:
    """The columns of what buyers have spent: one row per buyer of a store."""

    store: ColumnElement[int]
    minor: ColumnElement[int]
    currency: ColumnElement[str]


def _spent() -> Spent:
    field = REGISTRY.field("orders.spent")
    table = getattr(field.column, "table", None)
    assert isinstance(table, Table)
    assert field.currency_column is not None
    return Spent(table.c.store_id, field.column, field.currency_column)


SPENT = _spent()


def thresholds(session: Session, store_id: int) -> dict[str, Money]:
    """The figures conditions may name, as they were computed last."""
    return {row.name: Money(row.minor, row.currency) for row in repository.thresholds(session, store_id)}


def base() -> FromClause:
    """Every person, with one row at most of each other table that fields of a person stand in."""
    whole: FromClause = PERSON
    for table in _other_tables():
        same = and_(table.c.store_id == PERSON.c.store_id, table.c.person_id == PERSON.c.person_id)
        whole = whole.outerjoin(table, same)
    return whole


def row(session: Session, segment: Segment, person_id: int) -> dict[str, Any] | None:
    """One person's values under the names of what the segment reads, for explanations; None when there is no such person."""
    read, store_id = usage(segment.condition), segment.store_id
    fields = [segment.registry.field(name) for name in sorted(read.fields)]
    plain = [field for field in fields if field.members is None]
    statement = select(PERSON.c.person_id, *_columns(plain)).select_from(base())
    found = _of_person(session, statement, store_id, person_id)
    if not found:
        return None
    values = _values(plain, found[0][1:])
    for field in fields:
        if field.members is not None:
            values[field.name] = _members(session, field, field.members, store_id, person_id)
    for name in read.child_sets:
        values[name] = _children(session, segment.registry.child_set(name), store_id, person_id)
    return values


def _other_tables() -> list[FromClause]:
    """The tables beside PERSON, in the order of the fields; each has store_id and person_id as its key."""
    tables: dict[str, FromClause] = {}
    for field in REGISTRY.fields.values():
        table = getattr(field.column, "table", None)
        if field.members is None and isinstance(table, Table) and table is not PERSON:
            tables.setdefault(table.name, table)
    return list(tables.values())


def _of_person(session: Session, statement: Select[Any], store_id: int, person_id: int) -> Sequence[Row[Any]]:
    return session.execute(statement.where(PERSON.c.store_id == store_id, PERSON.c.person_id == person_id)).all()


def _columns(fields: Sequence[Field]) -> list[ColumnElement[Any]]:
    """Two columns for each field: its value, and its currency or NULL."""
    return [
        column
        for field in fields
        for column in (field.column, literal(None) if field.currency_column is None else field.currency_column)
    ]


def _values(fields: Sequence[Field], columns: Sequence[Any]) -> dict[str, Any]:
    return {
        field.name: value if currency is None or value is None else Money(int(value), currency)
        for field, value, currency in zip(fields, columns[::2], columns[1::2], strict=True)
    }


def _members(session: Session, field: Field, members: Members, store_id: int, person_id: int) -> set[str]:
    statement = select(field.column).select_from(PERSON.join(members.source, members.link))
    return {row[0] for row in _of_person(session, statement, store_id, person_id)}


def _children(session: Session, child_set: ChildSet, store_id: int, person_id: int) -> list[dict[str, Any]]:
    """The rows of a child set under their fields' names."""
    fields = [field for field in child_set.registry.fields.values() if field.members is None]
    statement = select(*_columns(fields)).select_from(PERSON.join(child_set.source, child_set.link))
    return [_values(fields, row) for row in _of_person(session, statement, store_id, person_id)]
