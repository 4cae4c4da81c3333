"""People as they are now, and the traits behind them."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Delete, Row, Select, and_, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.db import Base, Session, upsert
from tracking.people.mentions import Rank
from tracking.people.models import (
    IdentityTraitRow,
    PersonRow,
    PersonTraitRow,
    TraitRow,
)
from tracking.people.profile import Told
from tracking.people.repository.asking import ONES, STORE, chunks, each

PERSON_ROW = PersonRow.__table__
PERSON = PERSON_ROW.c

_TOLD = select(
    IdentityTraitRow.identity_id,
    IdentityTraitRow.name,
    IdentityTraitRow.rank,
    IdentityTraitRow.at,
    IdentityTraitRow.value,
).where(IdentityTraitRow.store_id == STORE, IdentityTraitRow.identity_id.in_(ONES))
_newest = (
    select(PersonTraitRow.person_id, PersonTraitRow.name, func.max(PersonTraitRow.position).label("position"))
    .where(
        PersonTraitRow.store_id == STORE,
        PersonTraitRow.person_id.in_(ONES),
        PersonTraitRow.position <= bindparam("upto"),
    )
    .group_by(PersonTraitRow.person_id, PersonTraitRow.name)
    .subquery()
)
_TRAIT_VERSIONS = (
    select(PersonTraitRow.person_id, PersonTraitRow.name, PersonTraitRow.position, PersonTraitRow.value)
    .join(
        _newest,
        and_(
            PersonTraitRow.person_id == _newest.c.person_id,
            PersonTraitRow.name == _newest.c.name,
            PersonTraitRow.position == _newest.c.position,
        ),
    )
    .where(PersonTraitRow.store_id == STORE)
)
_WITH_TRAITS = select(PersonTraitRow.person_id).where(
    PersonTraitRow.store_id == STORE, PersonTraitRow.person_id.in_(ONES)
)
_GONE: dict[type[Base], Delete] = {
    model: delete(model).where(model.__table__.c.store_id == STORE, model.__table__.c.person_id.in_(ONES))
    for model in (PersonRow, TraitRow)
}
_END = 2**63 - 1
_RANKS = {int(rank): rank for rank in Rank}


def rows(session: Session, statement: Select[Any]) -> Sequence[Row[Any]]:
    """The rows of a statement that the service has built over `PERSON`."""
    return session.execute(statement).all()


def count(session: Session, store_id: int, *, known_only: bool) -> int:
    statement = select(func.count()).select_from(PersonRow).where(PersonRow.store_id == store_id)
    return int(session.execute(statement.where(PersonRow.known.is_(True)) if known_only else statement).scalar_one())


def person(session: Session, store_id: int, person_id: int) -> Row[Any] | None:
    statement = select(PERSON_ROW).where(PERSON.store_id == store_id, PERSON.person_id == person_id)
    return session.execute(statement).one_or_none()


def told(session: Session, store_id: int, identity_ids: Collection[int]) -> dict[tuple[int, str], Told]:
    """What these identities were told, by identity and trait."""
    found = each(session, _TOLD, store_id, list(identity_ids))
    return {(of, name): Told(_RANKS[rank], at, value) for of, name, rank, at, value in found}


def trait_versions(
    session: Session, store_id: int, people: Collection[int], upto: int = _END
) -> list[tuple[int, str, int, str]]:
    """(person, trait, position, JSON value): the newest version of each trait set for these ids, up to a position."""
    found = each(session, _TRAIT_VERSIONS, store_id, list(people), upto=upto)
    return [(of, name, position, value) for of, name, position, value in found]


def with_traits(session: Session, store_id: int, people: Collection[int]) -> set[int]:
    """Those of these ids for which some trait was set."""
    return {of for (of,) in each(session, _WITH_TRAITS, store_id, list(people))}


def traits_as_of(session: Session, store_id: int, people: Collection[int], position: int) -> dict[int, dict[str, Any]]:
    """The values of `trait set` facts as of a position, by person and trait."""
    found: dict[int, dict[str, Any]] = {}
    for of, name, _, value in trait_versions(session, store_id, people, position):
        found.setdefault(of, {})[name] = msgspec.json.decode(value)
    return found


def write_told(session: Session, store_id: int, changed: dict[tuple[int, str], Told]) -> None:
    rows = [
        {"store_id": store_id, "identity_id": of, "name": name, "rank": one.rank, "at": one.at, "value": one.value}
        for (of, name), one in changed.items()
    ]
    upsert(session, IdentityTraitRow, rows, key=("store_id", "identity_id", "name"), update=("rank", "at", "value"))


def write_trait_versions(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    upsert(session, PersonTraitRow, rows, key=("store_id", "person_id", "name", "position"))


def bump_people(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Make these people, or widen the time in which they were seen."""
    if not rows:
        return
    session.execute(_bump(session.is_sqlite), list(rows))


@cache
def _bump(is_sqlite: bool) -> Any:
    insert = (sqlite if is_sqlite else postgresql).insert(PersonRow)
    least, greatest = (func.min, func.max) if is_sqlite else (func.least, func.greatest)
    seen = {
        "first_seen_at": least(PersonRow.first_seen_at, insert.excluded.first_seen_at),
        "last_seen_at": greatest(PersonRow.last_seen_at, insert.excluded.last_seen_at),
    }
    return insert.on_conflict_do_update(index_elements=("store_id", "person_id"), set_=seen)


def replace_people(session: Session, store_id: int, people: Collection[int], rows: Sequence[dict[str, Any]]) -> None:
    """Write these people anew; one without a row is gone."""
    written = {row["person_id"] for row in rows}
    _delete(session, PersonRow, store_id, [one for one in people if one not in written])
    columns = tuple(column.name for column in PersonRow.__table__.columns if not column.primary_key)
    upsert(session, PersonRow, rows, key=("store_id", "person_id"), update=columns)


def replace_traits(session: Session, store_id: int, people: Collection[int], rows: Sequence[dict[str, Any]]) -> None:
    """Write the current traits of these people anew."""
    _delete(session, TraitRow, store_id, list(people))
    upsert(session, TraitRow, rows, key=("store_id", "person_id", "name"))


def _delete(session: Session, model: type[Base], store_id: int, people: Sequence[int]) -> None:
    for chunk in chunks(people):
        session.execute(_GONE[model], {"store_id": store_id, "ones": chunk})
