"""What was set aside: events that a reaction could not handle and that wait for a person."""

from dataclasses import dataclass

from sqlalchemy import func, select

from core.clock import Instant
from core.db import Session
from core.log.models import EventRow, SetAside

_ROW = SetAside.__table__
_EVENT = EventRow.__table__


@dataclass(frozen=True, kw_only=True)
class SetAsideEvent:
    """An event that waits: which reaction could not handle it, why, since when, and how often it was tried."""

    reaction: str
    position: int
    name: str
    error: str
    at: Instant
    attempts: int


def waiting(
    session: Session, store_id: int, *, reaction: str | None = None, after: int = 0, limit: int = 100
) -> list[SetAsideEvent]:
    """What was set aside and not replayed, in the order of the log, above the position `after`."""
    statement = (
        select(_ROW.c.reaction, _ROW.c.position, _EVENT.c.name, _ROW.c.error, _ROW.c.at, _ROW.c.attempts)
        .join(_EVENT, _EVENT.c.position == _ROW.c.position)
        .where(_ROW.c.store_id == store_id, _ROW.c.replayed_at.is_(None), _ROW.c.position > after)
        .order_by(_ROW.c.position, _ROW.c.reaction)
        .limit(limit)
    )
    if reaction is not None:
        statement = statement.where(_ROW.c.reaction == reaction)
    return [SetAsideEvent(**row._mapping) for row in session.execute(statement)]


def count(session: Session, store_id: int) -> dict[str, int]:
    """How many events wait, by reaction; a reaction without one is missing."""
    statement = (
        select(_ROW.c.reaction, func.count())
        .where(_ROW.c.store_id == store_id, _ROW.c.replayed_at.is_(None))
        .group_by(_ROW.c.reaction)
        .order_by(_ROW.c.reaction)
    )
    return {reaction: int(number) for reaction, number in session.execute(statement)}
