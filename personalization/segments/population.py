"""The people conditions speak about: their fields as the parts below offer them, and the statement those fields stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sqlalchemy import ColumnElement, Table, and_
from sqlalchemy.sql.selectable import FromClause

from core.conditions import Kind, Money, Node, Parameter, Registry, usage
from core.db import Session
from personalization.segments import repository
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
    whole = Registry.of(
        "a person",
        (*people.FIELDS, *orders.PERSON_FIELDS, *people.trait_fields({name: Kind(kind) for name, kind in traits})),
        orders.PERSON_CHILD_SETS,
        (Parameter(TOP_FIFTH, Kind.MONEY, "what four in five buyers have spent"),),
    )
    _require_flat(whole)
    return whole


def _require_flat(whole: Registry) -> None:
    """`rows.rows` reads a person's child rows, not what belongs to those."""
    for child_set in whole.child_sets.values():
        if child_set.registry.child_sets or any(field.members for field in child_set.registry.fields.values()):
            raise ValueError(f"Rows of “{child_set.name}” cannot be read with sets of their own.")


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


def _other_tables() -> list[FromClause]:
    """The tables beside PERSON, in the order of the fields; each has store_id and person_id as its key."""
    tables: dict[str, FromClause] = {}
    for field in REGISTRY.fields.values():
        table = getattr(field.column, "table", None)
        if field.members is None and isinstance(table, Table) and table is not PERSON:
            tables.setdefault(table.name, table)
    return list(tables.values())
