"""The outbox's invariants on a live database."""

from sqlalchemy import select

from core.db import Session
from core.log.checks import Check
from crm.messaging import repository
from crm.messaging.models import MessageRow


def _once(session: Session) -> list[str]:
    rows = repository.sent_twice(session)
    return [f"Store {row.store_id}: {row.subject} has “{row.step}” more than once." for row in rows]


def _bytes(session: Session) -> list[str]:
    statement = select(MessageRow.store_id, MessageRow.subject, MessageRow.step).where(
        MessageRow.state == "sent", MessageRow.mime.is_(None)
    )
    return [
        f"Store {store}: “{step}” of {subject} was sent without its bytes being kept."
        for store, subject, step in session.execute(statement.limit(20))
    ]


CHECKS = (
    Check(name="messages.once", promise="At most one message per milestone and channel.", run=_once),
    Check(name="messages.bytes", promise="What was sent is kept as it was sent.", run=_bytes),
)
