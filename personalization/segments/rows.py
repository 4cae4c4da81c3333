"""People as conditions read them in process: a mapping from field name to value for each, by a few statements for all."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, literal, select

from core.conditions import Field, Money, Registry, Usage
from core.db import Session
from personalization.segments.population import PERSON, Traits, base, registry

People: TypeAlias = dict[int, dict[str, Any]]

_CHUNK = 500  # people in one statement


def rows(session: Session, store_id: int, read: Usage, traits: Traits, person_ids: Collection[int]) -> People:
    """What is read of these people; an id that means nobody is missing."""
    known, kinds = registry(traits), tuple(sorted(traits.items()))
    plain = tuple(name for name in sorted(read.fields) if known.field(name).members is None)
    found: People = {}
    fields = [known.field(name) for name in plain]
    for row in _read(session, store_id, _fields_statement(plain, kinds), person_ids):
        found[row[0]] = _values(fields, row[1:])
    for name in sorted(read.fields - set(plain)):
        _add_members(session, store_id, name, _members_statement(name, kinds), found)
    for name in sorted(read.child_sets):
        _add_children(session, store_id, name, known, found)
    return found


def _add_members(session: Session, store_id: int, name: str, statement: Select[Any], found: People) -> None:
    for row in _read(session, store_id, statement, found):
        found[row[0]].setdefault(name, set()).add(row[1])


def _add_children(session: Session, store_id: int, name: str, known: Registry, found: People) -> None:
    fields = list(known.child_set(name).registry.fields.values())
    for row in _read(session, store_id, _children_statement(name), found):
        found[row[0]].setdefault(name, []).append(_values(fields, row[1:]))


def _read(
    session: Session, store_id: int, statement: Select[Any], person_ids: Collection[int]
) -> Iterator[Sequence[Any]]:
    ordered = sorted(person_ids)
    for at in range(0, len(ordered), _CHUNK):
        yield from session.execute(statement, {"store": store_id, "people": ordered[at : at + _CHUNK]})


# The statements are built once: building costs more than running them.


@lru_cache(maxsize=256)
def _fields_statement(names: tuple[str, ...], traits: tuple[tuple[str, str], ...]) -> Select[Any]:
    fields = [registry(dict(traits)).field(name) for name in names]
    return _of_people(select(PERSON.c.person_id, *_columns(fields)).select_from(base()))


@lru_cache(maxsize=256)
def _members_statement(name: str, traits: tuple[tuple[str, str], ...]) -> Select[Any]:
    field = registry(dict(traits)).field(name)
    assert field.members is not None
    joined = PERSON.join(field.members.source, field.members.link)
    return _of_people(select(PERSON.c.person_id, field.column).select_from(joined))


@lru_cache(maxsize=256)
def _children_statement(name: str) -> Select[Any]:
    child_set = registry({}).child_set(name)
    columns = _columns(list(child_set.registry.fields.values()))
    joined = PERSON.join(child_set.source, child_set.link)
    return _of_people(select(PERSON.c.person_id, *columns).select_from(joined))


def _of_people(statement: Select[Any]) -> Select[Any]:
    return statement.where(
        PERSON.c.store_id == bindparam("store"), PERSON.c.person_id.in_(bindparam("people", expanding=True))
    )


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
