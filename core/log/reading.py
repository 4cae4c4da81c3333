"""Reading the log: by position, by name, by what a page asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, bindparam, func, select, union_all

from core.clock import Instant
from core.db import Session
from core.log.events import PUBLIC, Event
from core.log.models import EventRow

_FURTHEST = 2**63 - 1
_COLUMNS = tuple(EventRow.__table__.c[name] for name in Event.__struct_fields__)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a page of the log shows; newest first unless `after` is given. `floor` bounds how far back it is looked."""

    store_id: int
    name: str | None = None
    source: str | None = None
    key: bytes | None = None
    before: int | None = None
    after: int | None = None
    floor: int | None = None
    positions: Sequence[int] | None = None
    limit: int = 50


def head(session: Session) -> int:
    """The newest position, 0 for an empty log."""
    return int(session.execute(select(func.coalesce(func.max(EventRow.position), 0))).scalar_one())


def read(session: Session, wanted: Filter) -> list[Event]:
    """One page of one store's log."""
    of_store = _of_store(wanted.store_id) if wanted.key is None else EventRow.store_id == wanted.store_id
    statement = select(*_COLUMNS).where(of_store).limit(wanted.limit)
    if wanted.name is not None:
        statement = statement.where(EventRow.name == wanted.name)
    if wanted.source is not None:
        statement = statement.where(EventRow.source == wanted.source)
    if wanted.key is not None:
        statement = statement.where(EventRow.key == wanted.key)
    if wanted.before is not None:
        statement = statement.where(EventRow.position < wanted.before)
    if wanted.floor is not None:
        statement = statement.where(EventRow.position > wanted.floor)
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


def newest(session: Session, store_id: int, names: Sequence[str], *, limit: int, within: int = 20_000) -> list[Event]:
    """The newest rows of these names, at most `limit` of each, newest first; only the log's last `within` rows are looked at."""
    floor = head(session) - within
    parts = [
        select(
            select(*_COLUMNS)
            .where(EventRow.name == name, EventRow.position > floor, EventRow.store_id == store_id)
            .order_by(EventRow.position.desc())
            .limit(limit)
            .subquery()
        )
        for name in names
    ]
    merged = union_all(*parts).subquery()
    return to_events(session, select(merged).order_by(merged.c.position.desc()))


def recent_visitors(session: Session, store_id: int, since: Instant, *, most: int = 5_000) -> int:
    """How many browsers were heard of since an instant, within the newest `most` rows of the store."""
    newest = (
        select(EventRow.anonymous_id, EventRow.received_at, EventRow.source)
        .where(_of_store(store_id))
        .order_by(EventRow.position.desc())
        .limit(most)
        .subquery()
    )
    statement = select(func.count(newest.c.anonymous_id.distinct())).where(
        newest.c.received_at >= since, newest.c.source == PUBLIC
    )
    return int(session.execute(statement).scalar_one())


def after_position(
    session: Session, position: int, names: Sequence[str], *, upto: int | None, limit: int
) -> list[Event]:
    """The next rows of these names (empty: every name) above a position, in order, of all stores."""
    bound = {"above": position, "upto": _FURTHEST if upto is None else upto, "most": limit}
    return [Event(*row) for row in session.execute(_after(tuple(names)), bound).all()]


def first_pending(session: Session, position: int, names: Sequence[str]) -> int | None:
    """The lowest position above `position` that carries one of the names."""
    found = [session.execute(_first(name), {"above": position}).scalar_one() for name in names or (None,)]
    return min((int(at) for at in found if at is not None), default=None)


@lru_cache(maxsize=256)
def _after(names: tuple[str, ...]) -> Select[Any]:
    """Built once for each set of names: building it costs more than running it."""
    if not names:
        return _bounded(select(*_COLUMNS))
    # One bounded range per name, then a merge: `name IN (…) ORDER BY position` would sort the whole backlog each time.
    parts = [select(_bounded(select(*_COLUMNS).where(EventRow.name == name)).subquery()) for name in names]
    merged = union_all(*parts).subquery()
    return select(merged).order_by(merged.c.position).limit(bindparam("most", type_=Integer))


@lru_cache(maxsize=256)
def _first(name: str | None) -> Select[Any]:
    statement = select(func.min(EventRow.position)).where(EventRow.position > bindparam("above", type_=BigInteger))
    return statement if name is None else statement.where(EventRow.name == name)


def to_events(session: Session, statement: Select[Any]) -> list[Event]:
    """The rows of a statement over all columns as events."""
    return [Event(*row) for row in session.execute(statement)]


def _of_store(store_id: int) -> ColumnElement[bool]:
    """Rows of a store that are reached by position: a sum has no index.

    Without statistics SQLite takes the first column of the unique key for the narrowest way, reads the whole store and sorts it.
    """
    return EventRow.store_id + 0 == store_id


def _bounded(statement: Select[Any]) -> Select[Any]:
    return (
        statement.where(
            EventRow.position > bindparam("above", type_=BigInteger),
            EventRow.position <= bindparam("upto", type_=BigInteger),
        )
        .order_by(EventRow.position)
        .limit(bindparam("most", type_=Integer))
    )
