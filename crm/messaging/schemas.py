"""Messages as others queue, render and read them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from core.clock import Instant
from core.db import Session

State: TypeAlias = Literal["queued", "claimed", "handed over", "sent", "skipped", "failed", "unknown"]
EMAIL = "email"


@dataclass(frozen=True, kw_only=True)
class NewMessage:
    """What is to be sent. `rank` orders the steps of one subject: a higher one makes a lower one pointless."""

    store_id: int
    subject: str
    step: str
    rank: int
    person_id: int
    recipient: str
    data: dict[str, Any]
    queued_at: Instant
    cause: int | None
    channel: str = EMAIL
    template_version: int = 1


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as it is now."""

    store_id: int
    message_id: int
    subject: str
    step: str
    channel: str
    person_id: int
    recipient: str
    data: dict[str, Any]
    state: State
    reason: str
    attempts: int
    queued_at: Instant
    sent_at: Instant | None
    subject_line: str | None
    body_text: str | None
    body_html: str | None
    cause: int | None


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What the recipient gets: both bodies say the same."""

    subject_line: str
    text: str
    html: str
    sender: str
    thread: str | None = None  # the subject whose first message this one answers


Renderer: TypeAlias = Callable[[Session, Message], Rendered]


class MessageSent(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `message sent`, key ("message sent", message id)."""

    v: int = 1
    message_id: int
    person_id: int
    step: str
    subject: str
