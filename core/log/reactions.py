"""Reactions: named functions that read the log in order and write their own tables, exactly once.

A batch of events, what it did and the moved cursor are one transaction, so whatever is killed when, an event has its effect
once. The transaction is also the lease: on PostgreSQL the cursor's row is locked, on SQLite the write lane is held, and a
worker whose cursor has meanwhile moved rolls back.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import structlog
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from core import clock
from core.db import Database, Session, upsert
from core.log import reading
from core.log.events import Event
from core.log.models import EventRow, ReactionCursor, SetAside

Handle: TypeAlias = Callable[[Session, Sequence[Event]], None]
EVERYTHING: tuple[str, ...] = ()

LARGEST_BATCH = 200
_SMALLEST_BATCH = 25  # below it, what a batch costs by itself outweighs its events
_TARGET_HOLD = 0.010  # seconds in the write lane
_READ_AHEAD = 3 * LARGEST_BATCH  # events read at once; they are handled in several transactions
_FRESH = 1.0  # seconds for which events that were read ahead may still be handled
_logger = structlog.get_logger(__name__)

# Built once: building a statement costs more than running it.
_CURSOR = ReactionCursor.__table__
_PLACE = select(_CURSOR.c.position).where(_CURSOR.c.reaction == bindparam("name"), _CURSOR.c.lane == 0)
_MOVE = (
    update(ReactionCursor)
    .where(_CURSOR.c.reaction == bindparam("name"), _CURSOR.c.lane == 0, _CURSOR.c.position == bindparam("before"))
    .values(position=bindparam("after"))
)


@dataclass(frozen=True, kw_only=True)
class Reaction:
    """What a domain does with events of some names (`EVERYTHING`: all of them).

    `after` names the reactions that must have passed an event before this one gets it. A "projection" is re-run in a
    rebuild; a "book" or a "decision" is not: its own entries or facts are the record.
    """

    name: str
    reads: tuple[str, ...]
    handle: Handle
    after: tuple[str, ...] = ()
    kind: Literal["projection", "book", "decision"] = "projection"


class _Overtaken(Exception):
    """Another worker moved the cursor; nothing is lost, it did the work."""


@dataclass(slots=True)
class _Turn:
    """Which thread of this process runs a reaction; `is_wanted`: somebody asked since its thread last began."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    is_wanted: bool = False
    _cursor: int = 0
    _events: Sequence[Event] = ()
    _read_at: float = 0.0

    def keep(self, cursor: int, events: Sequence[Event]) -> None:
        """Remember what stands behind the cursor."""
        self._cursor, self._events, self._read_at = cursor, events, time.monotonic()

    def left_over(self) -> tuple[int, Sequence[Event]] | None:
        """What was kept a moment ago, once; None when there is nothing, or the log may say it otherwise by now."""
        events, self._events = self._events, ()
        return (self._cursor, events) if events and time.monotonic() - self._read_at < _FRESH else None


@dataclass
class Runner:
    """Runs reactions over one database; any number of runners may run beside each other.

    `in_bulk`: nobody waits for the write lane, so batches stay large (imports, rebuilds).
    """

    database: Database
    reactions: Sequence[Reaction]
    in_bulk: bool = False
    _sizes: dict[str, int] = field(default_factory=dict)
    _level_at: int = -1  # the head at which nothing waited, so that an idle sweep costs one query

    def __post_init__(self) -> None:
        self._by_name: Mapping[str, Reaction] = {reaction.name: reaction for reaction in self.reactions}
        self._turns = {name: _Turn() for name in self._by_name}

    def prepare(self) -> None:
        """Create the cursors that do not exist yet."""
        rows = [{"reaction": reaction.name, "lane": 0, "position": 0} for reaction in self.reactions]
        with self.database.write() as session:
            upsert(session, ReactionCursor, rows, key=("reaction", "lane"))

    def run(self, name: str, *, seconds: float = 1.0) -> int:
        """Handle what waits for one reaction, for about `seconds` at most; how many events it was.

        A thread that finds another one at it leaves it to that one: two would do the same work, and one of them for nothing.
        """
        handled, until = 0, time.monotonic() + seconds
        turn = self._turns[name]
        turn.is_wanted = True
        while turn.is_wanted and turn.lock.acquire(blocking=False):
            try:
                turn.is_wanted = False
                handled += self._run(self._by_name[name], until)
            finally:
                turn.lock.release()
            if time.monotonic() >= until:
                break
        return handled

    def _run(self, reaction: Reaction, until: float) -> int:
        handled, turn = 0, self._turns[reaction.name]
        while time.monotonic() < until:
            cursor, events = turn.left_over() or self._ahead(reaction)
            if not events:
                break
            done = self._through(reaction, cursor, events, until)
            # What was read and not reached waits for the next turn; whoever moved the cursor meanwhile made it worthless.
            turn.keep(events[done - 1].position if done else cursor, events[done:] if done else ())
            handled += done
        return handled

    def drain(self) -> int:
        """Handle everything that waits, facts of facts included; how many events it was."""
        whole = 0
        while handled := sum(self.run(reaction.name, seconds=3600) for reaction in self.reactions):
            whole += handled
        return whole

    def waiting(self) -> list[str]:
        """The reactions that something waits for."""
        with self.database.read() as session:
            newest = reading.head(session)
            if newest == self._level_at:
                return []
            found = [reaction.name for reaction in self.reactions if self._passed(session, reaction) is not None]
        if not found:
            self._level_at = newest
        return found

    def lag(self) -> dict[str, int]:
        """For each reaction the age in milliseconds of the oldest event it has not handled; 0 when it is level."""
        with self.database.read() as session:
            return {reaction.name: self._age(session, reaction) for reaction in self.reactions}

    def replay(self, session: Session, store_id: int, name: str, position: int) -> None:
        """Hand a set-aside event to its reaction again, in the caller's transaction; one that no longer waits is left alone."""
        row = SetAside.__table__
        # The row is taken first, so that two who ask at once have one effect.
        taken = session.execute(
            update(SetAside)
            .where(
                row.c.store_id == store_id,
                row.c.reaction == name,
                row.c.position == position,
                row.c.replayed_at.is_(None),
            )
            .values(replayed_at=clock.now(), attempts=row.c.attempts + 1)
        )
        if taken.rowcount == 1:
            events = reading.read(session, reading.Filter(store_id=store_id, positions=[position], limit=1))
            self._by_name[name].handle(session, events)

    def _ahead(self, reaction: Reaction) -> tuple[int, Sequence[Event]]:
        """Where the reaction stands, and the next events it may have."""
        with self.database.read() as session:
            cursor = self._cursor(session, reaction)
            upto = self._limit(session, reaction)
            return cursor, reading.after_position(session, cursor, reaction.reads, upto=upto, limit=_READ_AHEAD)

    def _through(self, reaction: Reaction, cursor: int, events: Sequence[Event], until: float) -> int:
        """Handle events in batches, until the time is over or somebody else did it; how many events it was."""
        done = 0
        while done < len(events) and (not done or time.monotonic() < until):
            batch = events[done : done + self._sizes.get(reaction.name, LARGEST_BATCH)]
            try:
                self._handle_or_set_aside(reaction, cursor, batch)
            except _Overtaken:
                return done
            cursor = batch[-1].position
            done += len(batch)
        return done

    def _handle_or_set_aside(self, reaction: Reaction, cursor: int, events: Sequence[Event]) -> None:
        """Handle a batch; one that fails is tried again event by event. Raises _Overtaken, and what will pass by waiting."""
        try:
            self._handle(reaction, cursor, events)
        except Exception as error:
            if not _is_of_an_event(error):
                raise
            self._one_by_one(reaction, cursor, events)

    def _handle(self, reaction: Reaction, cursor: int, events: Sequence[Event]) -> None:
        with self.database.write() as session:
            # The thread's own time: on a busy machine the clock on the wall would shrink the batches for nothing.
            begun = time.thread_time()
            self._move(session, reaction, cursor, events[-1].position)
            reaction.handle(session, events)
        self._adapt(reaction, len(events), time.thread_time() - begun)

    def _move(self, session: Session, reaction: Reaction, cursor: int, position: int) -> None:
        moved = session.execute(_MOVE, {"name": reaction.name, "before": cursor, "after": position})
        if moved.rowcount != 1:
            raise _Overtaken

    def _one_by_one(self, reaction: Reaction, cursor: int, events: Sequence[Event]) -> None:
        for event in events:
            try:
                self._handle(reaction, cursor, [event])
            except Exception as error:
                if not _is_of_an_event(error):
                    raise
                self._set_aside(reaction, cursor, event, error)
            cursor = event.position

    def _set_aside(self, reaction: Reaction, cursor: int, event: Event, error: Exception) -> None:
        _logger.warning("event set aside", reaction=reaction.name, position=event.position, error=type(error).__name__)
        with self.database.write() as session:
            self._move(session, reaction, cursor, event.position)
            session.execute(
                insert(SetAside),
                {
                    "store_id": event.store_id,
                    "reaction": reaction.name,
                    "position": event.position,
                    "error": _told(error),
                    "at": clock.now(),
                },
            )

    def _adapt(self, reaction: Reaction, size: int, seconds: float) -> None:
        """Keep the time in the write lane near its target: a smaller batch after a long one, a larger one after a short one."""
        if self.in_bulk:
            return
        current = self._sizes.get(reaction.name, LARGEST_BATCH)
        if seconds > 1.2 * _TARGET_HOLD:
            self._sizes[reaction.name] = max(_SMALLEST_BATCH, int(size * _TARGET_HOLD / seconds))
        elif seconds < 0.6 * _TARGET_HOLD and current < LARGEST_BATCH:
            self._sizes[reaction.name] = min(LARGEST_BATCH, current * 2)

    def _limit(self, session: Session, reaction: Reaction) -> int | None:
        """The highest position that every reaction named in `after` has passed; None when it waits for nobody."""
        limits = [self._passed(session, self._by_name[name]) for name in reaction.after]
        return min((limit for limit in limits if limit is not None), default=None)

    def _passed(self, session: Session, reaction: Reaction) -> int | None:
        pending = reading.first_pending(session, self._cursor(session, reaction), reaction.reads)
        return None if pending is None else pending - 1

    def _cursor(self, session: Session, reaction: Reaction) -> int:
        return int(session.execute(_PLACE, {"name": reaction.name}).scalar() or 0)

    def _age(self, session: Session, reaction: Reaction) -> int:
        pending = reading.first_pending(session, self._cursor(session, reaction), reaction.reads)
        if pending is None:
            return 0
        row = EventRow.__table__
        received = session.execute(select(row.c.received_at).where(row.c.position == pending)).scalar_one()
        return max(0, clock.now() - int(received))


def _told(error: Exception) -> str:
    """The error as both databases can keep it: a text out of an event may hold NUL or half a character."""
    text = f"{type(error).__name__}: {error}".replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode(errors="replace").decode()[:2000]


def _is_of_an_event(error: Exception) -> bool:
    """Whether the fault lies with an event. Where the database is at fault the batch waits and nothing is set aside."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return False
    return not isinstance(error, _Overtaken | OperationalError) or _is_of_the_statement(error)


def _is_of_the_statement(error: Exception) -> bool:
    """SQLITE_ERROR stands for the statement itself, such as one with too many values: waiting does not help."""
    cause = error.orig if isinstance(error, OperationalError) else None
    return getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
