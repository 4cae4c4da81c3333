"""Invariants of a live database, as data: each part lists its own, `regulars check` runs them all."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from core.db import Session
from core.log.models import EventRow, ReactionCursor


@dataclass(frozen=True, kw_only=True)
class Check:
    """A sentence that must be true; `run` gives back what contradicts it, one sentence each."""

    name: str
    promise: str
    run: Callable[[Session], list[str]]


def _cursors(session: Session) -> list[str]:
    newest = session.execute(select(func.coalesce(func.max(EventRow.position), 0))).scalar_one()
    rows = session.execute(
        select(ReactionCursor.reaction, ReactionCursor.position).where(ReactionCursor.position > newest)
    )
    return [f"{reaction} stands at {position}, the log ends at {newest}." for reaction, position in rows]


def _causes(session: Session) -> list[str]:
    rows = session.execute(
        select(EventRow.position, EventRow.cause).where(EventRow.cause >= EventRow.position).limit(20)
    )
    return [f"The fact at {position} names a cause at {cause}, which is not before it." for position, cause in rows]


CHECKS = (
    Check(name="log.cursors", promise="No reaction stands beyond the end of the log.", run=_cursors),
    Check(name="log.causes", promise="A fact's cause stands before it.", run=_causes),
)
