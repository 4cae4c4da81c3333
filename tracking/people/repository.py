"""Queries over identities, links, people and traits; each is scoped by store."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import BindParameter, Row, Select, and_, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from core.clock import Instant
from core.db import Base, Session, upsert
from tracking.people.graph import LinkKey, Mentioned
from tracking.people.identifier import Identifier, own_person
from tracking.people.mentions import Rank
from tracking.people.models import (
    ConsentRow,
    IdentityLinkRow,
    IdentityRow,
    IdentityTraitRow,
    PersonEventRow,
    PersonMergeRow,
    PersonRow,
    PersonTraitRow,
    TraitRow,
)
from tracking.people.profile import Told

_CHUNK = 10_000  # SQLite takes 32,766 parameters in a statement


@dataclass(slots=True)
class Known:
    """An identity as its row says."""

    identifier: Identifier
    person_id: int
    proved: bool = False
    shared: bool = False
    first_seen_at: Instant | None = None
    last_seen_at: Instant | None = None

    @property
    def row(self) -> dict[str, Any]:
        """The row to write."""
        return {
            "store_id": self.identifier.store_id,
            "identity_id": own_person(self.identifier),
            "kind": self.identifier.kind,
            "value": self.identifier.value,
            "person_id": self.person_id,
            "proved": self.proved,
            "shared": self.shared,
            "first_seen_at": self.first_seen_at,
            "last_seen_at": self.last_seen_at,
        }


_KNOWN = tuple(
    getattr(IdentityRow, name)
    for name in ("store_id", "kind", "value", "person_id", "proved", "shared", "first_seen_at", "last_seen_at")
)


# Built once: making a statement costs more than running it, and a batch of events needs several.
_ONES: BindParameter[Any] = bindparam("ones", expanding=True)
_STORE: BindParameter[int] = bindparam("store_id")
_IDENTITIES = select(*_KNOWN).where(IdentityRow.store_id == _STORE, IdentityRow.identity_id.in_(_ONES))
_IDENTITIES_OF = select(*_KNOWN).where(IdentityRow.store_id == _STORE, IdentityRow.person_id.in_(_ONES))
_left, _right, _link = aliased(IdentityRow), aliased(IdentityRow), IdentityLinkRow
_LINKS = (
    select(_left.kind, _left.value, _right.kind, _right.value, _link.proved, _link.at, _link.position)
    .join(_left, and_(_left.store_id == _link.store_id, _left.identity_id == _link.left_id))
    .join(_right, and_(_right.store_id == _link.store_id, _right.identity_id == _link.right_id))
    .where(_link.store_id == _STORE, _link.left_id.in_(_ONES))
)
_LEANING = (
    select(_left.kind, _left.value)
    .join(_link, and_(_left.store_id == _link.store_id, _left.identity_id == _link.left_id))
    .where(_link.store_id == _STORE, _link.right_id.in_(_ONES))
)


def identities(session: Session, store_id: int, wanted: Collection[Identifier]) -> dict[Identifier, Known]:
    """The rows of these identities, where they exist."""
    found = _each(session, _IDENTITIES, store_id, [own_person(one) for one in wanted])
    return {known.identifier: known for known in map(_known, found)}


def identities_of(session: Session, store_id: int, people: Collection[int]) -> list[Known]:
    """Every identity that belongs to one of these people."""
    return [_known(row) for row in _each(session, _IDENTITIES_OF, store_id, list(people))]


def links(session: Session, store_id: int, lefts: Collection[Identifier]) -> dict[LinkKey, Mentioned]:
    """Every link of these identities to the users and addresses they may belong to."""
    found = _each(session, _LINKS, store_id, [own_person(one) for one in lefts])
    return {
        LinkKey(Identifier(store_id, *row[:2]), Identifier(store_id, *row[2:4]), bool(row[4])): Mentioned(
            row[5], row[6]
        )
        for row in found
    }


def leaning_on(session: Session, store_id: int, rights: Collection[Identifier]) -> set[Identifier]:
    """The identities that have a link to one of these."""
    found = _each(session, _LEANING, store_id, [own_person(one) for one in rights])
    return {Identifier(store_id, kind, value) for kind, value in found}


def write_identities(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    update = ("person_id", "proved", "shared", "first_seen_at", "last_seen_at")
    upsert(session, IdentityRow, rows, key=("store_id", "identity_id"), update=update)


def write_links(session: Session, changed: Iterable[tuple[LinkKey, Mentioned]]) -> None:
    rows = [
        {
            "store_id": key.left.store_id,
            "left_id": own_person(key.left),
            "right_id": own_person(key.right),
            "proved": key.proved,
            "at": mentioned.at,
            "position": mentioned.position,
        }
        for key, mentioned in changed
    ]
    key_columns = ("store_id", "left_id", "right_id", "proved")
    upsert(session, IdentityLinkRow, rows, key=key_columns, update=("at", "position"))


def write_merges(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    upsert(session, PersonMergeRow, rows, key=("store_id", "person_from", "position"), update=("person_to",))


def write_person_events(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    upsert(session, PersonEventRow, rows, key=("store_id", "identity_id", "position"))


def merge_of(session: Session, store_id: int, person_id: int) -> int | None:
    """The person that this id means now, where it has ever meant another one."""
    statement = (
        select(PersonMergeRow.person_to)
        .where(PersonMergeRow.store_id == store_id, PersonMergeRow.person_from == person_id)
        .order_by(PersonMergeRow.position.desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


_MERGES = (
    select(PersonMergeRow.person_from, PersonMergeRow.person_to)
    .where(PersonMergeRow.store_id == _STORE, PersonMergeRow.person_from.in_(_ONES))
    .order_by(PersonMergeRow.position)
)


def merges(session: Session, store_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """What each id that has ever meant another person means now."""
    found: dict[int, int] = {}
    found.update((of, to) for of, to in _each(session, _MERGES, store_id, list(person_ids)))
    return found


_TOLD = select(
    IdentityTraitRow.identity_id,
    IdentityTraitRow.name,
    IdentityTraitRow.rank,
    IdentityTraitRow.at,
    IdentityTraitRow.value,
).where(IdentityTraitRow.store_id == _STORE, IdentityTraitRow.identity_id.in_(_ONES))


def told(session: Session, store_id: int, identity_ids: Collection[int]) -> dict[tuple[int, str], Told]:
    """What these identities were told, by identity and trait."""
    found = _each(session, _TOLD, store_id, list(identity_ids))
    return {(of, name): Told(Rank(rank), at, value) for of, name, rank, at, value in found}


def write_told(session: Session, store_id: int, changed: dict[tuple[int, str], Told]) -> None:
    rows = [
        {"store_id": store_id, "identity_id": of, "name": name, "rank": one.rank, "at": one.at, "value": one.value}
        for (of, name), one in changed.items()
    ]
    upsert(session, IdentityTraitRow, rows, key=("store_id", "identity_id", "name"), update=("rank", "at", "value"))


def write_trait_versions(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    upsert(session, PersonTraitRow, rows, key=("store_id", "person_id", "name", "position"))


_newest = (
    select(PersonTraitRow.person_id, PersonTraitRow.name, func.max(PersonTraitRow.position).label("position"))
    .where(
        PersonTraitRow.store_id == _STORE,
        PersonTraitRow.person_id.in_(_ONES),
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
    .where(PersonTraitRow.store_id == _STORE)
)
_END = 2**63 - 1


def trait_versions(
    session: Session, store_id: int, people: Collection[int], upto: int = _END
) -> list[tuple[int, str, int, str]]:
    """(person, trait, position, JSON value): the newest version of each trait set for these ids, up to a position."""
    found = _each(session, _TRAIT_VERSIONS, store_id, list(people), upto=upto)
    return [(of, name, position, value) for of, name, position, value in found]


def traits_as_of(session: Session, store_id: int, people: Collection[int], position: int) -> dict[int, dict[str, Any]]:
    """The values of `trait set` facts as of a position, by person and trait."""
    found: dict[int, dict[str, Any]] = {}
    for of, name, _, value in trait_versions(session, store_id, people, position):
        found.setdefault(of, {})[name] = msgspec.json.decode(value)
    return found


def bump_people(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Make these people, or widen the time in which they were seen."""
    if not rows:
        return
    insert = (sqlite if session.is_sqlite else postgresql).insert(PersonRow)
    least, greatest = (func.min, func.max) if session.is_sqlite else (func.least, func.greatest)
    seen = {
        "first_seen_at": least(PersonRow.first_seen_at, insert.excluded.first_seen_at),
        "last_seen_at": greatest(PersonRow.last_seen_at, insert.excluded.last_seen_at),
    }
    statement = insert.on_conflict_do_update(index_elements=("store_id", "person_id"), set_=seen)
    session.execute(statement, list(rows))


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


def write_consent(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the newest yes and the newest no."""
    if not rows:
        return
    insert = (sqlite if session.is_sqlite else postgresql).insert(ConsentRow)
    statement = insert.on_conflict_do_update(
        index_elements=("store_id", "identity_id", "purpose", "granted"),
        set_={"at": insert.excluded.at, "said_by": insert.excluded.said_by},
        where=insert.excluded.at > ConsentRow.at,
    )
    session.execute(statement, list(rows))


def consent(session: Session, store_id: int, person_id: int) -> list[tuple[str, bool, Instant]]:
    """(purpose, granted, at) of every identity of the person."""
    row = ConsentRow
    statement = (
        select(row.purpose, row.granted, row.at)
        .join(IdentityRow, and_(IdentityRow.store_id == row.store_id, IdentityRow.identity_id == row.identity_id))
        .where(IdentityRow.store_id == store_id, IdentityRow.person_id == person_id)
    )
    return [(purpose, bool(granted), at) for purpose, granted, at in session.execute(statement)]


PERSON_ROW = PersonRow.__table__
PERSON = PERSON_ROW.c


def rows(session: Session, statement: Select[Any]) -> Sequence[Row[Any]]:
    """The rows of a statement that the service has built over `PERSON`."""
    return session.execute(statement).all()


def count(session: Session, store_id: int, *, known_only: bool) -> int:
    statement = select(func.count()).select_from(PersonRow).where(PersonRow.store_id == store_id)
    return int(session.execute(statement.where(PersonRow.known.is_(True)) if known_only else statement).scalar_one())


def person(session: Session, store_id: int, person_id: int) -> Row[Any] | None:
    statement = select(PERSON_ROW).where(PERSON.store_id == store_id, PERSON.person_id == person_id)
    return session.execute(statement).one_or_none()


def consent_of_people(
    session: Session, store_id: int, people: Collection[int], purpose: str
) -> dict[int, list[tuple[str, bool, Instant]]]:
    """(purpose, granted, at) by person, of those who said something about the purpose."""
    row = ConsentRow
    same = and_(IdentityRow.store_id == row.store_id, IdentityRow.identity_id == row.identity_id)
    statement = (
        select(IdentityRow.person_id, row.granted, row.at)
        .join(IdentityRow, same)
        .where(IdentityRow.store_id == store_id, IdentityRow.person_id.in_(list(people)), row.purpose == purpose)
    )
    found: dict[int, list[tuple[str, bool, Instant]]] = {}
    for of, granted, at in session.execute(statement):
        found.setdefault(of, []).append((purpose, bool(granted), at))
    return found


def positions(session: Session, store_id: int, person_id: int, before: int | None, limit: int) -> list[int]:
    """The newest positions of everything the person's identities own."""
    row = PersonEventRow
    statement = (
        select(row.position)
        .join(IdentityRow, and_(IdentityRow.store_id == row.store_id, IdentityRow.identity_id == row.identity_id))
        .where(IdentityRow.store_id == store_id, IdentityRow.person_id == person_id)
        .order_by(row.position.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(row.position < before)
    return list(session.execute(statement).scalars())


def latest(session: Session, store_id: int, person_id: int, before: Instant | None, limit: int) -> list[int]:
    """The positions of what the person did last, by when it occurred."""
    row = PersonEventRow
    statement = (
        select(row.position)
        .join(IdentityRow, and_(IdentityRow.store_id == row.store_id, IdentityRow.identity_id == row.identity_id))
        .where(IdentityRow.store_id == store_id, IdentityRow.person_id == person_id)
        .order_by(row.at.desc(), row.position.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(row.at < before)
    return list(session.execute(statement).scalars())


def _delete(session: Session, model: type[Base], store_id: int, people: Sequence[int]) -> None:
    columns = model.__table__.c
    for chunk in _chunks(people):
        session.execute(delete(model).where(columns.store_id == store_id, columns.person_id.in_(chunk)))


def _known(row: Row[*tuple[Any, ...]]) -> Known:
    store_id, kind, value, person_id, proved, shared, first_seen_at, last_seen_at = row
    one = Identifier(store_id, kind, value)
    return Known(one, person_id, bool(proved), bool(shared), first_seen_at, last_seen_at)


def _each(
    session: Session, statement: Select[*tuple[Any, ...]], store_id: int, ones: Sequence[int], **more: int
) -> Iterable[Row[*tuple[Any, ...]]]:
    """The rows of a statement over `_STORE` and `_ONES`, asked in as many pieces as the database needs."""
    for chunk in _chunks(ones):
        yield from session.execute(statement, {"store_id": store_id, "ones": chunk, **more})


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[at : at + _CHUNK] for at in range(0, len(numbers), _CHUNK))
