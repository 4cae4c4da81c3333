"""The wire: bodies of the Segment protocol, whatever their Content-Type says.

Properties, traits and context stay as the bytes that came (`msgspec.Raw`): parsing them costs twice as much as the rest, and
the log keeps the body as it was received.
"""

import base64
import binascii
import zlib
from functools import lru_cache
from typing import TypeAlias

import msgspec

from tracking.collect.errors import TooLarge, Unreadable

LARGEST_REQUEST = 512 * 1024
LARGEST_ITEM = 32 * 1024
MOST_ITEMS = 2_500
DEEPEST = 64

TYPES = {"track", "identify", "page", "screen", "group", "alias"}
SHORT = {"t": "track", "i": "identify", "p": "page", "g": "group", "a": "alias"}

Text: TypeAlias = str | int | float | None
_NOTHING = msgspec.Raw()


class Item(msgspec.Struct, gc=False):
    """One call of the protocol; unknown keys are let through into the body."""

    type: Text = None
    event: Text = None
    userId: Text = None
    anonymousId: Text = None
    previousId: Text = None
    groupId: Text = None
    messageId: Text = None
    timestamp: Text = None
    originalTimestamp: Text = None
    sentAt: Text = None
    context: msgspec.Raw = _NOTHING
    writeKey: Text = None
    identityToken: Text = None


class Batch(msgspec.Struct, gc=False):
    """Many calls in one request."""

    batch: list[msgspec.Raw]
    sentAt: Text = None
    timestamp: Text = None
    context: msgspec.Raw = _NOTHING
    writeKey: Text = None
    identityToken: Text = None


_decode_item = msgspec.json.Decoder(Item).decode
_decode_batch = msgspec.json.Decoder(Batch).decode


def inflate(body: bytes, *, is_gzip: bool) -> bytes:
    """The body itself, inflated when it says or shows that it is gzip; raises TooLarge or Unreadable."""
    if len(body) > LARGEST_REQUEST:
        raise TooLarge
    if not is_gzip and body[:2] != b"\x1f\x8b":
        return body
    inflater = zlib.decompressobj(wbits=31)
    try:
        whole = inflater.decompress(body, LARGEST_REQUEST + 1)
    except zlib.error as error:
        raise Unreadable("it is not gzip") from error
    if len(whole) > LARGEST_REQUEST or inflater.unconsumed_tail:
        raise TooLarge
    if not inflater.eof:
        raise Unreadable("the gzip stream ends too early")
    return whole


def check_text(body: bytes) -> None:
    """Raise Unreadable unless the bytes are UTF-8; it hides inside raw fields otherwise."""
    if body.isascii():
        return
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8") from error


def read_item(body: bytes | msgspec.Raw) -> Item:
    """One call; raises Unreadable."""
    try:
        return _decode_item(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(_reason(error)) from error


def read_batch(body: bytes) -> Batch:
    """Many calls; raises Unreadable or TooLarge."""
    try:
        batch = _decode_batch(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(_reason(error)) from error
    if len(batch.batch) > MOST_ITEMS:
        raise TooLarge
    return batch


def depth(body: bytes) -> int:
    """How deep brackets nest in a JSON text."""
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return 0  # cannot be deeper than there are brackets: the walk below is spared
    deepest = level = 0
    inside = escaped = False
    for byte in body:
        if inside:
            inside = escaped or byte != 0x22
            escaped = not escaped and byte == 0x5C
        elif byte == 0x22:
            inside = True
        elif byte in b"{[":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"}]":
            level -= 1
    return deepest


@lru_cache(maxsize=4096)
def key_of_authorization(value: bytes) -> tuple[str, ...]:
    """The keys an Authorization header may hold: Basic `key:`, with or without colon; Bearer; or the bare key."""
    text = value.decode("latin-1").strip()
    scheme, _, rest = text.partition(" ")
    rest = rest.strip()
    if scheme.lower() == "bearer":
        return (rest,)
    if scheme.lower() == "basic":
        return tuple(key for key in (_basic(rest), rest, text) if key)
    return (text,)


def _basic(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def _reason(error: Exception) -> str:
    return "it nests too deep" if isinstance(error, RecursionError) else str(error)[:200]
