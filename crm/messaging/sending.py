"""The sweep that sends what is due: claim, render, keep the bytes, hand over, record. Each step is its own short transaction.

Rendering and the network stay outside the write lane. A worker that dies before handing over loses its lease and the message is
taken up again; one that dies while handing over leaves a message of unknown result, which a person decides about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog

from core import clock, ids
from core.clock import Instant
from core.db import Database, Session
from core.log import NewEvent
from core.settings import Settings
from crm.messaging import mime, repository, service
from crm.messaging.schemas import Message, MessageSent, Rendered, Renderer
from crm.messaging.transports import Refused, Transport, UnknownResult

LEASE = 30 * clock.SECOND  # renewed when a message is handed over, which takes twenty seconds at most
MOST_ATTEMPTS = 8
_FIRST_WAIT = 30 * clock.SECOND
_CLAIMED_AT_ONCE = 20
_logger = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A worker that sends: its renderers by step, its transport, and its name on the leases."""

    database: Database
    settings: Settings
    renderers: Mapping[str, Renderer]
    transport: Transport
    owner: str

    def send_due(self, *, most: int = 200) -> int:
        """Send what is due, at most so many; how many were dealt with."""
        self._take_up_abandoned()
        done = 0
        while done < most:
            claimed = self._claim()
            if not claimed:
                break
            for message in claimed:
                self._deal_with(message)
            done += len(claimed)
        return done

    def _claim(self) -> list[Message]:
        now = clock.now()
        with self.database.read() as session:
            if not repository.is_any_due(session, now):
                return []
        with self.database.write() as session:
            rows = repository.due(session, now, _CLAIMED_AT_ONCE)
            found = [(service.to_message(row), row.rank) for row in rows]
            return [message for message, rank in found if self._claim_one(session, message, rank, now)]

    def _claim_one(self, session: Session, message: Message, rank: int, now: Instant) -> bool:
        """Check, in the claiming transaction, that the message may still go; skip it with a reason if not."""
        reason = _reason_to_skip(session, message, rank)
        if reason:
            repository.change(session, message.store_id, message.message_id, state="skipped", reason=reason)
            return False
        repository.change(
            session,
            message.store_id,
            message.message_id,
            state="claimed",
            lease_owner=self.owner,
            lease_until=now + LEASE,
            attempts=message.attempts + 1,
        )
        return True

    def _deal_with(self, message: Message) -> None:
        try:
            with self.database.read() as session:
                row = repository.one(session, message.store_id, message.message_id)
                body = bytes(row.mime) if row.mime else None
                rendered = None if body else self.renderers[message.step](session, message)
            if rendered is not None:
                body = self._compose(message, rendered)
        except Exception as error:
            _logger.error("message not rendered", step=message.step, error=type(error).__name__, exc_info=error)
            self._record(message, state="failed", reason=f"could not be rendered: {type(error).__name__}")
            return
        assert body is not None
        if self._hand_over(message, body, rendered):
            self._transmit(message, body)

    def _compose(self, message: Message, rendered: Rendered) -> bytes:
        host = urlsplit(self.settings.base_url).hostname or "localhost"
        return mime.compose(message, rendered, sender_address=self.settings.mail_from, host=host, at=message.queued_at)

    def _hand_over(self, message: Message, body: bytes, rendered: Rendered | None) -> bool:
        """Keep the bytes before the first attempt, so that every attempt sends the same mail; False if the lease is lost."""
        kept = (
            {"subject_line": rendered.subject_line, "body_text": rendered.text, "body_html": rendered.html}
            if rendered
            else {}
        )
        lease_until = clock.now() + LEASE
        with self.database.write() as session:
            return repository.change_if_owned(
                session,
                message.store_id,
                message.message_id,
                self.owner,
                state="handed over",
                lease_until=lease_until,
                mime=body,
                **kept,
            )

    def _transmit(self, message: Message, body: bytes) -> None:
        key = ids.public("m", message.message_id)
        try:
            self.transport.send(key=key, sender=self.settings.mail_from, recipient=message.recipient, mime=body)
        except UnknownResult as error:
            self._record(message, state="unknown", reason=str(error))
        except Refused as error:
            self._refused(message, error)
        except Exception as error:
            # A fault of ours, perhaps after the mail was taken: a person decides, and the messages behind it go on.
            _logger.error("mail not handed over", step=message.step, error=type(error).__name__, exc_info=error)
            self._record(message, state="unknown", reason=f"the transport failed: {type(error).__name__}")
        else:
            self._sent(message)

    def _refused(self, message: Message, error: Refused) -> None:
        attempts = message.attempts + 1
        if error.is_final or attempts >= MOST_ATTEMPTS:
            self._record(message, state="failed", reason=str(error))
            return
        due_at = clock.now() + _FIRST_WAIT * 2 ** min(attempts - 1, 10)
        self._record(message, state="queued", reason=str(error), due_at=due_at)

    def _sent(self, message: Message) -> None:
        now = clock.now()
        fact = MessageSent(
            message_id=message.message_id, person_id=message.person_id, step=message.step, subject=message.subject
        )
        with self.database.write() as session:
            repository.change(
                session, message.store_id, message.message_id, state="sent", reason="", sent_at=now, lease_until=None
            )
            session.append(
                NewEvent.decided(
                    store_id=message.store_id,
                    name="message sent",
                    body=fact,
                    key=("message sent", message.message_id),
                    at=now,
                )
            )

    def _record(self, message: Message, *, state: str, reason: str, due_at: Instant | None = None) -> None:
        values: dict[str, object] = {"state": state, "reason": reason[:300], "lease_until": None}
        if due_at is not None:
            values["due_at"] = due_at
        with self.database.write() as session:
            repository.change(session, message.store_id, message.message_id, **values)

    def _take_up_abandoned(self) -> None:
        now = clock.now()
        with self.database.read() as session:
            rows = repository.abandoned(session, now)
        if not rows:
            return
        with self.database.write() as session:
            for row in repository.abandoned(session, now):
                may_repeat = row.state == "claimed" or self.transport.is_repeatable
                values: dict[str, object] = (
                    {"state": "queued", "due_at": now}
                    if may_repeat
                    else {"state": "unknown", "reason": "the worker was lost while handing the mail over"}
                )
                repository.change(session, row.store_id, row.message_id, lease_until=None, **values)


def _reason_to_skip(session: Session, message: Message, rank: int) -> str:
    suppressed = repository.suppression(session, message.store_id, service.hash_address(message.recipient))
    if suppressed:
        return f"the address is suppressed: {suppressed}"
    later = repository.higher_ranked(session, message.store_id, message.subject, rank)
    return f"“{later}” came first" if later else ""
