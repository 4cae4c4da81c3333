"""Queueing messages and reading the outbox."""

from collections.abc import Sequence
from typing import Any

from core import clock, ids, security
from core.clock import Instant
from core.db import Session
from crm.messaging import repository
from crm.messaging.schemas import Message, NewMessage, State
from tracking.people.schemas import Leaf, Moment, Why

_STATES = {
    "queued": "waits to be sent",
    "claimed": "is being prepared",
    "handed over": "is being handed over",
    "sent": "sent",
    "skipped": "not sent",
    "failed": "could not be sent",
    "unknown": "perhaps sent: the connection broke",
}


def queue(session: Session, messages: Sequence[NewMessage]) -> None:
    """Put messages into the outbox; one that stands there already for its subject, step and channel stays as it is."""
    rows = [
        {
            "store_id": message.store_id,
            "message_id": ids.derived("message", message.store_id, message.subject, message.step, message.channel),
            "subject": message.subject,
            "step": message.step,
            "channel": message.channel,
            "rank": message.rank,
            "person_id": message.person_id,
            "recipient": message.recipient,
            "data": message.data,
            "template_version": message.template_version,
            "state": "queued",
            "reason": "",
            "attempts": 0,
            "queued_at": message.queued_at,
            "due_at": message.queued_at,
            "cause": message.cause,
        }
        for message in messages
    ]
    repository.insert_new(session, rows)
    if rows:
        session.enqueue("send_messages")


def message(session: Session, store_id: int, message_id: int) -> Message | None:
    """One message, or None."""
    row = repository.one(session, store_id, message_id)
    return None if row is None else to_message(row)


def messages(
    session: Session,
    store_id: int,
    *,
    person_ids: Sequence[int] | None = None,
    search: str = "",
    cursor: str | None = None,
    limit: int = 50,
    states: Sequence[State] | None = None,
) -> list[Message]:
    """Messages, newest first, after the one whose `cursor_after` is given; `states` narrows them to some states."""
    before, after_id = _read_cursor(cursor)
    rows = repository.page(
        session,
        store_id,
        person_ids=person_ids,
        search=search,
        before=before,
        after_id=after_id,
        limit=limit,
        states=states,
    )
    return [to_message(row) for row in rows]


def cursor_after(last: Message) -> str:
    """Where the page after this message begins; many messages may be queued at one instant."""
    return f"{last.queued_at}-{ids.public('m', last.message_id)}"


def counts(session: Session, store_id: int) -> dict[str, int]:
    """How many messages stand in each state."""
    return repository.counts(session, store_id)


def count_in(session: Session, store_id: int, states: Sequence[State]) -> int:
    """How many messages stand in these states; cheap where they are few."""
    return repository.count_in(session, store_id, states)


def suppress(session: Session, store_id: int, email: str, reason: str) -> None:
    """Never write to this address again."""
    row = {"store_id": store_id, "hashed": hash_address(email), "reason": reason, "at": clock.now()}
    repository.insert_suppression(session, row)


def hash_address(email: str) -> str:
    """The form in which a suppressed address is kept."""
    return security.hash_key(email.strip().lower())


def send_again(session: Session, store_id: int, message_id: int) -> bool:
    """A person decides that a failed or unknown message is to be sent again; whether it was one."""
    row = repository.one(session, store_id, message_id)
    if row is None or row.state not in ("failed", "unknown"):
        return False
    repository.change(session, store_id, message_id, state="queued", reason="sent again by hand", due_at=clock.now())
    session.enqueue("send_messages")
    return True


def timeline(
    session: Session, store_id: int, person_ids: Sequence[int], before: Instant | None, limit: int
) -> list[Moment]:
    """What was written to a person, newest first."""
    rows = repository.page(session, store_id, person_ids=person_ids, search="", before=before, limit=limit)
    return [_moment(to_message(row)) for row in rows]


def to_message(row: Any) -> Message:
    """A row of the outbox as a message."""
    names = Message.__dataclass_fields__
    return Message(**{name: getattr(row, name) for name in names})


def _read_cursor(cursor: str | None) -> tuple[Instant | None, int | None]:
    """A text that no page has given begins at the newest message."""
    at, _, named = (cursor or "").partition("-")
    try:
        return ids.whole(at), ids.number(named)
    except ids.UnknownIdentifier:
        return None, None


def _moment(found: Message) -> Moment:
    title = found.subject_line or found.step.capitalize()
    detail = _STATES[found.state] + (f": {found.reason}" if found.reason else "")
    return Moment(
        at=found.sent_at or found.queued_at,
        kind="mail",
        icon="mail",
        text=f"Mail: “{title}”",
        detail=detail,
        link=f"/console/order-news/{ids.public('m', found.message_id)}",
        why=_why(found),
        position=found.cause or 0,
    )


def _why(found: Message) -> Why:
    kind, _, name = found.subject.partition(":")
    leaves = (
        Leaf(holds=True, text="Order news runs on the order itself", seen="no consent needed"),
        Leaf(holds=found.state == "sent", text="Sent once", seen=_STATES[found.state], needed="one per milestone"),
    )
    return Why(sentence=f"Because {kind} {name} reached “{found.step}”.", leaves=leaves, footer=found.reason)
