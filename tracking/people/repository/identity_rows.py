"""Identities, their links, what ids mean now, and the way from a person to positions."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import aliased

from core.clock import Instant
from core.db import Session, upsert
from tracking.people.graph import LinkKey, Mentioned
from tracking.people.identifier import Identifier, own_person
from tracking.people.models import (
    IdentityLinkRow,
    IdentityRow,
    PersonEventRow,
    PersonMergeRow,
)
from tracking.people.repository.asking import ONES, STORE, each


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
_IDENTITIES = select(*_KNOWN).where(IdentityRow.store_id == STORE, IdentityRow.identity_id.in_(ONES))
_IDENTITIES_OF = select(*_KNOWN).where(IdentityRow.store_id == STORE, IdentityRow.person_id.in_(ONES))
_left, _right, _link = aliased(IdentityRow), aliased(IdentityRow), IdentityLinkRow
_LINKS = (
    select(_left.kind, _left.value, _right.kind, _right.value, _link.proved, _link.at, _link.position)
    .join(_left, and_(_left.store_id == _link.store_id, _left.identity_id == _link.left_id))
    .join(_right, and_(_right.store_id == _link.store_id, _right.identity_id == _link.right_id))
    .where(_link.store_id == STORE, _link.left_id.in_(ONES))
)
_LEANING = (
    select(_left.kind, _left.value)
    .join(_link, and_(_left.store_id == _link.store_id, _left.identity_id == _link.left_id))
    .where(_link.store_id == STORE, _link.right_id.in_(ONES))
)
_MERGES = (
    select(PersonMergeRow.person_from, PersonMergeRow.person_to)
    .where(PersonMergeRow.store_id == STORE, PersonMergeRow.person_from.in_(ONES))
    .order_by(PersonMergeRow.position)
)


def identities(session: Session, store_id: int, wanted: Collection[Identifier]) -> dict[Identifier, Known]:
    """The rows of these identities, where they exist."""
    found = each(session, _IDENTITIES, store_id, [own_person(one) for one in wanted])
    return {known.identifier: known for known in map(_known, found)}


def identities_of(session: Session, store_id: int, people: Collection[int]) -> list[Known]:
    """Every identity that belongs to one of these people."""
    return [_known(row) for row in each(session, _IDENTITIES_OF, store_id, list(people))]


def links(session: Session, store_id: int, lefts: Collection[Identifier]) -> dict[LinkKey, Mentioned]:
    """Every link of these identities to the users and addresses they may belong to."""
    found = each(session, _LINKS, store_id, [own_person(one) for one in lefts])
    return {
        LinkKey(Identifier(store_id, *row[:2]), Identifier(store_id, *row[2:4]), bool(row[4])): Mentioned(
            row[5], row[6]
        )
        for row in found
    }


def leaning_on(session: Session, store_id: int, rights: Collection[Identifier]) -> set[Identifier]:
    """The identities that have a link to one of these."""
    found = each(session, _LEANING, store_id, [own_person(one) for one in rights])
    return {Identifier(store_id, kind, value) for kind, value in found}


def merges(session: Session, store_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """What each id that has ever meant another person means now."""
    found: dict[int, int] = {}
    found.update((of, to) for of, to in each(session, _MERGES, store_id, list(person_ids)))
    return found


def merge_of(session: Session, store_id: int, person_id: int) -> int | None:
    """The person that this id means now, where it has ever meant another one."""
    statement = (
        select(PersonMergeRow.person_to)
        .where(PersonMergeRow.store_id == store_id, PersonMergeRow.person_from == person_id)
        .order_by(PersonMergeRow.position.desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def positions(session: Session, store_id: int, person_id: int, before: int | None, limit: int) -> list[int]:
    """The newest positions of everything the person's identities own."""
    row = PersonEventRow
    statement = (
        select(row.position)
        .where(row.store_id == store_id, row.identity_id.in_(_identities_of(store_id, person_id)))
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
        .where(row.store_id == store_id, row.identity_id.in_(_identities_of(store_id, person_id)))
        .order_by(row.at.desc(), row.position.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(row.at < before)
    return list(session.execute(statement).scalars())


def _identities_of(store_id: int, person_id: int) -> Select[int]:
    """As a list, not a join: without statistics SQLite begins a join at the store's events, all of them."""
    return select(IdentityRow.identity_id).where(IdentityRow.store_id == store_id, IdentityRow.person_id == person_id)


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


def _known(row: Row[*tuple[Any, ...]]) -> Known:
    store_id, kind, value, person_id, proved, shared, first_seen_at, last_seen_at = row
    one = Identifier(store_id, kind, value)
    return Known(one, person_id, bool(proved), bool(shared), first_seen_at, last_seen_at)
