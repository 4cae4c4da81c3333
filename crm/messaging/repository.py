"""Queries and statements over the outbox."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, false, func, or_, select, update
from sqlalchemy.orm import aliased

from core.clock import Instant
from core.db import Session, upsert
from crm.messaging.models import MessageRow, SuppressionRow

_row = MessageRow.__table__


def insert_new(session: Session, rows: list[dict[str, Any]]) -> None:
    upsert(session, MessageRow, rows, key=("store_id", "subject", "step", "channel"))


def is_any_due(session: Session, now: Instant) -> bool:
    """Whether some message's time has come."""
    statement = select(_row.c.message_id).where(_row.c.state == "queued", _row.c.due_at <= now).limit(1)
    return session.execute(statement).scalar() is not None


def due(session: Session, now: Instant, limit: int) -> list[Any]:
    """Messages whose time has come; on PostgreSQL those that no other worker is claiming."""
    statement = select(_row).where(_row.c.state == "queued", _row.c.due_at <= now).order_by(_row.c.due_at).limit(limit)
    if not session.is_sqlite:
        statement = statement.with_for_update(skip_locked=True)
    return list(session.execute(statement))


def abandoned(session: Session, now: Instant) -> list[Any]:
    """Messages whose worker has not been heard of."""
    statement = select(_row).where(_row.c.state.in_(("claimed", "handed over")), _row.c.lease_until < now)
    return list(session.execute(statement.limit(200)))


def change(session: Session, store_id: int, message_id: int, **values: Any) -> None:
    session.execute(
        update(MessageRow).where(_row.c.store_id == store_id, _row.c.message_id == message_id).values(**values)
    )


def change_if_owned(session: Session, store_id: int, message_id: int, owner: str, **values: Any) -> bool:
    """Change a message only while the lease is ours."""
    changed = session.execute(
        update(MessageRow)
        .where(_row.c.store_id == store_id, _row.c.message_id == message_id, _row.c.lease_owner == owner)
        .values(**values)
    )
    return changed.rowcount == 1


def higher_ranked(session: Session, store_id: int, subject: str, rank: int) -> str | None:
    """The step of a later message about the same subject, if there is one."""
    statement = (
        select(_row.c.step)
        .where(_row.c.store_id == store_id, _row.c.subject == subject, _row.c.rank > rank)
        .order_by(_row.c.rank.desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def suppression(session: Session, store_id: int, hashed: str) -> str | None:
    statement = select(SuppressionRow.reason).where(
        SuppressionRow.store_id == store_id, SuppressionRow.hashed == hashed
    )
    return session.execute(statement).scalar()


def insert_suppression(session: Session, row: dict[str, Any]) -> None:
    upsert(session, SuppressionRow, [row], key=("store_id", "hashed"))


def one(session: Session, store_id: int, message_id: int) -> Any:
    return session.execute(
        select(_row).where(_row.c.store_id == store_id, _row.c.message_id == message_id)
    ).one_or_none()


def page(
    session: Session,
    store_id: int,
    *,
    person_ids: Sequence[int] | None,
    search: str,
    before: Instant | None,
    after_id: int | None = None,
    limit: int,
    states: Sequence[str] | None = None,
) -> list[Any]:
    """Messages, newest first; those queued before an instant, or at it with an id above `after_id`."""
    statement = select(_row).where(_row.c.store_id == store_id)
    if states is not None:
        statement = statement.where(_row.c.state.in_(states))
    if person_ids is not None:
        statement = statement.where(_row.c.person_id.in_(person_ids))
    if search:
        pattern = f"%{search}%"
        statement = statement.where(
            or_(_row.c.recipient.ilike(pattern), _row.c.subject.ilike(pattern), _row.c.step.ilike(pattern))
        )
    if before is not None:
        earlier = _row.c.queued_at < before
        same = (_row.c.queued_at == before) & (_row.c.message_id > after_id) if after_id is not None else false()
        statement = statement.where(or_(earlier, same))
    return list(session.execute(statement.order_by(_row.c.queued_at.desc(), _row.c.message_id).limit(limit)))


def counts(session: Session, store_id: int) -> dict[str, int]:
    """How many messages stand in each state."""
    statement = select(_row.c.state, func.count()).where(_row.c.store_id == store_id).group_by(_row.c.state)
    return {state: int(count) for state, count in session.execute(statement)}


def count_in(session: Session, store_id: int, states: Sequence[str]) -> int:
    """How many messages stand in these states; reads those alone."""
    statement = select(func.count()).where(_row.c.store_id == store_id, _row.c.state.in_(states))
    return int(session.execute(statement).scalar_one())


def sent_twice(session: Session) -> list[Any]:
    """Messages that stand twice for one subject, step and channel (there must be none)."""
    other = aliased(MessageRow)
    statement = select(MessageRow.store_id, MessageRow.subject, MessageRow.step).where(
        exists().where(
            other.store_id == MessageRow.store_id,
            other.subject == MessageRow.subject,
            other.step == MessageRow.step,
            other.channel == MessageRow.channel,
            other.message_id != MessageRow.message_id,
        )
    )
    return list(session.execute(statement.limit(20)))
