"""What identities agreed to."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import Instant
from core.db import Session
from tracking.people.models import (
    ConsentRow,
    IdentityRow,
)


def consent(session: Session, store_id: int, person_id: int) -> list[tuple[str, bool, Instant]]:
    """(purpose, granted, at) of every identity of the person."""
    row = ConsentRow
    statement = (
        select(row.purpose, row.granted, row.at)
        .join(IdentityRow, and_(IdentityRow.store_id == row.store_id, IdentityRow.identity_id == row.identity_id))
        .where(IdentityRow.store_id == store_id, IdentityRow.person_id == person_id)
    )
    return [(purpose, bool(granted), at) for purpose, granted, at in session.execute(statement)]


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


def consent_for(session: Session, store_id: int, purpose: str) -> dict[int, list[tuple[str, bool, Instant]]]:
    """(purpose, granted, at) by person, of everybody who ever said no to the purpose."""
    row = ConsentRow
    same = and_(IdentityRow.store_id == row.store_id, IdentityRow.identity_id == row.identity_id)
    refused = (
        select(IdentityRow.person_id)
        .join(ConsentRow, same)
        .where(IdentityRow.store_id == store_id, row.purpose == purpose, row.granted.is_(False))
    )
    people = [person for (person,) in session.execute(refused.distinct())]
    return consent_of_people(session, store_id, people, purpose) if people else {}


def write_consent(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the newest yes and the newest no."""
    if not rows:
        return
    session.execute(_newest(session.is_sqlite), list(rows))


@cache
def _newest(is_sqlite: bool) -> Any:
    insert = (sqlite if is_sqlite else postgresql).insert(ConsentRow)
    return insert.on_conflict_do_update(
        index_elements=("store_id", "identity_id", "purpose", "granted"),
        set_={"at": insert.excluded.at, "said_by": insert.excluded.said_by},
        where=insert.excluded.at > ConsentRow.at,
    )
