"""What stands in the log: `NewEvent` before it has a position, `Event` when it is read."""

import builtins
from typing import Any, TypeVar

import msgspec

from core import clock, ids
from core.clock import Instant

PUBLIC = "public"
SERVER = "server"
IMPORT = "server"  # a file comes from the shop itself, as a call with the API key does
FACT = "fact"

DEEPEST_FACT = 16
HISTORICAL_AFTER = clock.DAY

Body = TypeVar("Body")
_encode = msgspec.json.Encoder(order="sorted").encode


class LoopTooDeep(Exception):
    """A fact has more causes above it than any real chain has."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The fact “{name}” stands {DEEPEST_FACT} causes deep: two reactions seem to answer each other."
        )


class UnreadableBody(Exception):
    """An event's body does not have the shape its reader needs."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The body of “{name}” cannot be read: {reason}")


def is_trusted(source: str) -> bool:
    """Whether rows of this source may act on points, mail and addresses: everything but the browser's write key."""
    return source != PUBLIC


class NewEvent(msgspec.Struct, frozen=True, gc=False):
    """A row to be appended; the fields are the log's columns in their order."""

    store_id: int
    source: str
    key: bytes
    type: str
    name: str
    occurred_at: Instant
    received_at: Instant
    anonymous_id: str | None
    user_id: str | None
    consent: str
    proof: str | None
    cause: int | None
    depth: int
    body: bytes
    flags: str

    @classmethod
    def fact(
        cls,
        *,
        cause: "Event",
        name: str,
        body: Any,
        key: tuple[str | int, ...],
        occurred_at: Instant | None = None,
    ) -> "NewEvent":
        """A conclusion drawn from `cause`; it exists once per store and `key`. Raises LoopTooDeep."""
        if cause.depth >= DEEPEST_FACT:
            raise LoopTooDeep(name)
        return cls(
            store_id=cause.store_id,
            source=FACT,
            key=ids.key("fact", *key),
            type="fact",
            name=name,
            occurred_at=cause.occurred_at if occurred_at is None else occurred_at,
            received_at=cause.received_at,
            anonymous_id=cause.anonymous_id,
            user_id=cause.user_id,
            consent=cause.consent,
            proof=None,
            cause=cause.position,
            depth=cause.depth + 1,
            body=_encode(body),
            flags="",
        )

    @classmethod
    def decided(
        cls,
        *,
        store_id: int,
        name: str,
        body: Any,
        key: tuple[str | int, ...],
        at: Instant,
        received_at: Instant | None = None,
    ) -> "NewEvent":
        """A conclusion of a sweep or of a person at the console, without a cause in the log."""
        return cls(
            store_id=store_id,
            source=FACT,
            key=ids.key("fact", *key),
            type="fact",
            name=name,
            occurred_at=at,
            received_at=at if received_at is None else received_at,
            anonymous_id=None,
            user_id=None,
            consent="",
            proof=None,
            cause=None,
            depth=0,
            body=_encode(body),
            flags="",
        )

    @classmethod
    def imported(
        cls,
        *,
        store_id: int,
        name: str,
        body: Any,
        key: tuple[str | int, ...],
        occurred_at: Instant,
        received_at: Instant,
        anonymous_id: str | None = None,
        user_id: str | None = None,
    ) -> "NewEvent":
        """A row of a file: source server, its key made from the row's business key."""
        return cls(
            store_id=store_id,
            source=IMPORT,
            key=ids.key("import", name, *key),
            type="import",
            name=name,
            occurred_at=min(occurred_at, received_at),
            received_at=received_at,
            anonymous_id=anonymous_id,
            user_id=user_id,
            consent="",
            proof=None,
            cause=None,
            depth=0,
            body=_encode(body),
            flags="",
        )


class Event(msgspec.Struct, frozen=True, gc=False):
    """A row of the log as reactions and readers get it; the fields are the columns that are read, in their order."""

    position: int
    store_id: int
    source: str
    type: str
    name: str
    occurred_at: Instant
    received_at: Instant
    anonymous_id: str | None
    user_id: str | None
    consent: str
    proof: str | None
    cause: int | None
    depth: int
    body: bytes
    flags: str

    @property
    def historical(self) -> bool:
        """It occurred more than a day before it was received: full effect on projections and points, no messages."""
        return self.received_at - self.occurred_at > HISTORICAL_AFTER

    @property
    def trusted(self) -> bool:
        """Whether it came from the shop or from ourselves, not from a browser."""
        return is_trusted(self.source)

    def read(self, schema: builtins.type[Body]) -> Body:
        """The body as `schema`; raises UnreadableBody."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=schema, strict=False)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnreadableBody(self.name, str(error)) from error
