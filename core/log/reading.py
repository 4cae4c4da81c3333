"""Reading the log: by position, by name, by what a page asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select, union_all

from core.db import Session
from core.log.events import Event
from core.log.models import EventRow

_COLUMNS = tuple(EventRow.__table__.c[name] for name in Event.__dataclass_fields__)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a page of the log shows; newest first unless `after` is given."""

    store_id: int
    name: str | None = None
    source: str | None = None
    key: bytes | None = None
    before: int | None = None
    after: int | None = None
    positions: Sequence[int] | None = None
    limit: int = 50


def head(session: Session) -> int:
    """The newest position, 0 for an empty log."""
    return int(session.execute(select(func.coalesce(func.max(EventRow.position), 0))).scalar_one())


def read(session: Session, wanted: Filter) -> list[Event]:
    """One page of one store's log."""
    statement = select(*_COLUMNS).where(EventRow.store_id == wanted.store_id).limit(wanted.limit)
    if wanted.name is not None:
        statement = statement.where(EventRow.name == wanted.name)
    if wanted.source is not None:
        statement = statement.where(EventRow.source == wanted.source)
    if wanted.key is not None:
        statement = statement.where(EventRow.key == wanted.key)
    if wanted.before is not None:
        statement = statement.where(EventRow.position < wanted.before)
    if wanted.positions is not None:
        statement = statement.where(EventRow.position.in_(wanted.positions))
    if wanted.after is not None:
        statement = statement.where(EventRow.position > wanted.after).order_by(EventRow.position)
    else:
        statement = statement.order_by(EventRow.position.desc())
    return to_events(session, statement)


def count_by_name(session: Session, store_id: int) -> dict[str, int]:
    """How many rows each name has, most frequent first."""
    statement = (
        select(EventRow.name, func.count())
        .where(EventRow.store_id == store_id)
        .group_by(EventRow.name)
        .order_by(func.count().desc())
    )
    return {name: int(count) for name, count in session.execute(statement)}


def after_position(
    session: Session, position: int, names: Sequence[str], *, upto: int | None, limit: int
) -> list[Event]:
    """The next rows of these names (empty: every name) above a position, in order, of all stores."""
    if not names:
        return to_events(session, _bounded(select(*_COLUMNS), position, upto, limit))
    # One bounded range per name, then a merge: `name IN (…) ORDER BY position` would sort the whole backlog each time.
    parts = [
        select(_bounded(select(*_COLUMNS).where(EventRow.name == name), position, upto, limit).subquery())
        for name in names
    ]
    merged = union_all(*parts).subquery()
    return to_events(session, select(merged).order_by(merged.c.position).limit(limit))


def first_pending(session: Session, position: int, names: Sequence[str]) -> int | None:
    """The lowest position above `position` that carries one of the names."""
    statement = select(func.min(EventRow.position)).where(EventRow.position > position)
    if not names:
        return _whole(session.execute(statement).scalar_one())
    found = [session.execute(statement.where(EventRow.name == name)).scalar_one() for name in names]
    return min((at for at in found if at is not None), default=None)


def to_events(session: Session, statement: Select[Any]) -> list[Event]:
    """The rows of a statement over all columns as events."""
    return [Event(*row) for row in session.execute(statement)]


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _bounded(statement: Select[Any], position: int, upto: int | None, limit: int) -> Select[Any]:
    statement = statement.where(EventRow.position > position).order_by(EventRow.position).limit(limit)
    return statement if upto is None else statement.where(EventRow.position <= upto)
