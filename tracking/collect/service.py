"""From a request to rows of the log: who sends, what it is about, when it happened, what may be done with it."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from core import clock, ids
from core.clock import Instant
from core.log import PUBLIC, SERVER, NewEvent
from core.texts import storable
from tracking.collect import consent, protocol, reserved
from tracking.collect.errors import Unreadable
from tracking.collect.intake import Refused
from tracking.collect.metrics import REFUSED
from tracking.stores.schemas import Key

_LONGEST_ID = 255
_LONGEST_NAME = 170  # the column holds 200; a reserved name gets longer
_BOT_MARKS = (b"bot", b"crawler", b"spider", b"headlesschrome-prerender")


@dataclass(frozen=True, slots=True)
class Sender:
    """What a request as a whole says: its key, its proof, its privacy signal, when it came."""

    key: Key
    received_at: Instant
    gpc: bool = False
    is_bot: bool = False
    proof: str | None = None
    corrects_clock: bool = True

    @property
    def source(self) -> str:
        return PUBLIC if self.key.kind == "write" else SERVER


@dataclass(slots=True)
class Taken:
    """What a request becomes."""

    rows: list[NewEvent] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


class _Unusable(Exception):
    """An item of a readable request cannot stand in the log. `kind` counts it: few, whatever senders write."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind


def take_single(body: bytes, item: protocol.Item, kind: str, sender: Sender) -> Taken:
    """One call of the given type."""
    taken = Taken()
    stored = _without_secrets(body) if b'"writeKey"' in body or b'"identityToken"' in body else body
    _take(taken, stored, item, kind, item.sentAt, sender)
    return taken


def take_batch(batch: protocol.Batch, sender: Sender) -> Taken:
    """Many calls; an unusable one is refused by itself."""
    taken = Taken()
    shared = _shared_context(batch)
    for raw in batch.batch:
        body = bytes(raw)
        if shared:
            body = _with_context(body, shared)
        if b'"writeKey"' in body or b'"identityToken"' in body:
            body = _without_secrets(body)
        try:
            item = protocol.read_item(body)
        except Unreadable as error:
            _refuse(taken, body, sender, str(error), "unreadable")
            continue
        kind = item.type if isinstance(item.type, str) else ""
        _take(taken, body, item, kind, item.sentAt or batch.sentAt, sender)
    return taken


@lru_cache(maxsize=4096)
def is_bot(user_agent: bytes) -> bool:
    """Whether a client says itself that it is a robot."""
    lowered = user_agent.lower()
    return any(mark in lowered for mark in _BOT_MARKS)


def _take(taken: Taken, body: bytes, item: protocol.Item, kind: str, sent_at: protocol.Text, sender: Sender) -> None:
    try:
        taken.rows.append(_row(body, item, kind, sent_at, sender))
    except _Unusable as error:
        _refuse(taken, body, sender, str(error), error.kind)


def _row(body: bytes, item: protocol.Item, kind: str, sent_at: protocol.Text, sender: Sender) -> NewEvent:
    if len(body) > protocol.LARGEST_ITEM:
        raise _Unusable("it is larger than 32 KiB", "too large")
    if kind not in protocol.TYPES:
        raise _Unusable(f"“{kind[:40]}” is not a type of call", "unknown type")
    if protocol.depth(body) > protocol.DEEPEST:
        raise _Unusable("it nests too deep", "too deep")
    flags: list[str] = []
    anonymous_id, user_id = _identity(item.anonymousId), _identity(item.userId)
    if anonymous_id is None and user_id is None:
        raise _Unusable("it has neither userId nor anonymousId", "nobody")
    name = _name(item, kind, flags)
    message_id = _text(item.messageId, _LONGEST_ID, "messageId")
    if not message_id:
        message_id = ids.new()
        flags.append("no message id")
    stamp = ""
    if item.context:
        body, stamp = _context(body, bytes(item.context), sender)
    elif sender.gpc:
        stamp = consent.stamp(None, gpc=True)
    occurred_at = _occurred(item, sent_at, sender, flags)
    if sender.is_bot:
        flags.append("bot")
    source = sender.source
    return NewEvent(
        sender.key.store_id,
        source,
        ids.key(source, message_id),
        kind,
        name,
        occurred_at,
        sender.received_at,
        anonymous_id,
        user_id,
        stamp,
        sender.proof,
        None,
        0,
        body,
        ",".join(flags),
    )


def _name(item: protocol.Item, kind: str, flags: list[str]) -> str:
    if kind != "track":
        return kind
    name = _text(item.event, _LONGEST_NAME, "event")
    if not name:
        raise _Unusable("a track call needs an event", "no event")
    if reserved.is_reserved(name):
        flags.append("reserved name")
        return reserved.harmless(name)
    return name


def _identity(value: protocol.Text) -> str | None:
    return _text(value, _LONGEST_ID, "an id") or None


def _text(value: protocol.Text, longest: int, what: str) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else str(value)
    if len(text) > longest:
        raise _Unusable(f"{what} is longer than {longest} characters", "too long")
    if not text.isascii():
        _check_unicode(text, what)
    if "\x00" in text:
        raise _Unusable(f"{what} holds a NUL character", "bad text")
    return text


def _check_unicode(text: str, what: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _Unusable(f"{what} is not valid Unicode", "bad text") from error


def _occurred(item: protocol.Item, sent_at: protocol.Text, sender: Sender, flags: list[str]) -> Instant:
    """receivedAt − (sentAt − timestamp), Segment's rule; only the future is clamped."""
    given = item.timestamp or item.originalTimestamp
    received = sender.received_at
    if given is None:
        return received
    try:
        occurred = clock.parse(str(given))
        if sent_at is not None and sender.corrects_clock:
            occurred += received - clock.parse(str(sent_at))
    except clock.UnreadableTime:
        flags.append("unreadable time")
        return received
    if occurred > received:
        flags.append("clock ahead")
        return received
    return max(occurred, 0)


def _context(body: bytes, context: bytes, sender: Sender) -> tuple[bytes, str]:
    """The body without a full address, and the consent stamp."""
    if b'"consent"' not in context and b'"ip"' not in context:
        return body, consent.stamp(None, gpc=True) if sender.gpc else ""
    said = _said(context)
    if said.ip is not None:
        body = _rewrite(body, {"context": _object(context) | {"ip": _shortened(said.ip)}})
    return body, _stamp(bytes(said.consent), sender.gpc)


class _Said(msgspec.Struct, gc=False):
    """The two things of a context that matter at receipt; the rest stays bytes."""

    consent: msgspec.Raw = msgspec.Raw()
    ip: Any = None


def _said(context: bytes) -> _Said:
    try:
        return _decode_said(context)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _Said()


_decode_said = msgspec.json.Decoder(_Said).decode


@lru_cache(maxsize=4096)
def _stamp(said: bytes, gpc: bool) -> str:
    """Most requests say one of a few things about consent, in the same bytes."""
    preferences = _preferences({"consent": _object(said)}) if said else None
    if preferences is None and not gpc:
        return ""
    return consent.stamp(preferences, gpc=gpc)


def _preferences(context: dict[str, Any]) -> dict[str, Any] | None:
    said = context.get("consent")
    found = said.get("categoryPreferences") if isinstance(said, dict) else None
    return found if isinstance(found, dict) else None


def _shortened(address: object) -> str:
    """An IP address without its last part: a browser's word for it is not trusted, and nobody needs the whole."""
    text = str(address)
    return text.rpartition(".")[0] + ".0" if "." in text else ":".join(text.split(":")[:3]) + "::"


def _shared_context(batch: protocol.Batch) -> dict[str, Any]:
    return _object(bytes(batch.context)) if batch.context else {}


def _with_context(body: bytes, shared: dict[str, Any]) -> bytes:
    decoded = _object(body)
    own = decoded.get("context")
    return _rewrite(body, {"context": shared | (own if isinstance(own, dict) else {})})


def _without_secrets(body: bytes) -> bytes:
    decoded = _object(body)
    decoded.pop("writeKey", None)
    decoded.pop("identityToken", None)
    return msgspec.json.encode(decoded) if decoded else body


def _rewrite(body: bytes, changes: dict[str, Any]) -> bytes:
    return msgspec.json.encode(_object(body) | changes)


def _object(body: bytes) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _refuse(taken: Taken, body: bytes, sender: Sender, reason: str, kind: str) -> None:
    REFUSED.labels(reason=kind).inc()
    taken.refused.append(
        {
            "store_id": sender.key.store_id,
            "source": sender.source,
            "at": sender.received_at,
            "reason": storable(reason, 200),
            "body": body[: protocol.LARGEST_ITEM],
        }
    )
