"""Group commit: requests that arrive while a transaction commits share the next one.

One thread writes. A group forms by itself, without a linger timer: whatever has come while the last one was committed. Callers
are answered after the commit. A group that the database refuses is halved until the row at fault stands alone.
"""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.db import Database
from core.log import NewEvent
from tracking.collect.errors import QueueFull, StorageDown
from tracking.collect.metrics import COMMITTED, GROUPS
from tracking.collect.models import RefusedEvent

LARGEST_QUEUE = 50_000  # rows; above it senders are told to come back
LARGEST_GROUP = 2_000  # rows in one transaction, so that the write lane is free again soon
_logger = structlog.get_logger(__name__)

Refused = dict[str, Any]


class _Parcel:
    """What one request brings, and the future that its answer waits for."""

    __slots__ = ("future", "loop", "refused", "rows")

    def __init__(self, rows: Sequence[NewEvent], refused: Sequence[Refused], loop: asyncio.AbstractEventLoop) -> None:
        self.rows = rows
        self.refused = refused
        self.loop = loop
        self.future: asyncio.Future[None] = loop.create_future()

    @property
    def size(self) -> int:
        """How many rows it becomes."""
        return len(self.rows) + len(self.refused)


class Intake:
    """The one writer of events in a process. `append` returns when its rows are durable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Parcel] = []
        self._count = 0
        self._condition = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    async def append(self, rows: Sequence[NewEvent], refused: Sequence[Refused] = ()) -> None:
        """Store the rows; raises QueueFull or StorageDown, and then nothing was stored."""
        parcel = _Parcel(rows, refused, asyncio.get_running_loop())
        with self._condition:
            if self._stopped or self._count > LARGEST_QUEUE:
                raise QueueFull
            self._waiting.append(parcel)
            self._count += parcel.size
            self._condition.notify()
        await parcel.future

    def stop(self) -> None:
        """Write what was accepted, then end the thread."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        self._thread.join()

    @property
    def waiting(self) -> int:
        """How many rows wait for their commit."""
        return self._count

    def _run(self) -> None:
        while True:
            with self._condition:
                while not self._waiting and not self._stopped:
                    self._condition.wait()
                if not self._waiting:
                    return
                group = self._take()
            self._commit(group)

    def _take(self) -> list[_Parcel]:
        size, taken = 0, 0
        for parcel in self._waiting:
            size += parcel.size
            taken += 1
            if size >= LARGEST_GROUP:
                break
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        self._count -= size
        return group

    def _commit(self, group: list[_Parcel]) -> None:
        try:
            self._write(
                [row for parcel in group for row in parcel.rows], [row for parcel in group for row in parcel.refused]
            )
        except Exception as error:
            if _is_storage_fault(error):
                _logger.error("storage refused a group", error=type(error).__name__)
                _answer(group, StorageDown())
            elif len(group) > 1:
                middle = len(group) // 2
                self._commit(group[:middle])
                self._commit(group[middle:])
            else:
                self._commit_rows(group[0])
        else:
            _answer(group, None)

    def _commit_rows(self, parcel: _Parcel) -> None:
        """Store what can be stored of one request; what cannot goes to the refused ones."""
        try:
            for row in parcel.rows:
                try:
                    self._write([row], [])
                except DBAPIError as error:
                    if _is_storage_fault(error):
                        raise
                    self._write([], [_refusal(row, "the database cannot hold it")])
                except UnicodeEncodeError:
                    self._write([], [_refusal(row, "a text is not valid Unicode")])
            self._write([], list(parcel.refused))
        except Exception:
            _answer([parcel], StorageDown())
        else:
            _answer([parcel], None)

    def _write(self, rows: list[NewEvent], refused: list[Refused]) -> None:
        if not rows and not refused:
            return
        with self._database.write() as session:
            session.append(*rows)
            if refused:
                session.execute(insert(RefusedEvent), refused)
        GROUPS.observe(len(rows))
        COMMITTED.inc(len(rows))


def _answer(group: list[_Parcel], error: Exception | None) -> None:
    # One wake-up of the loop for the whole group.
    with suppress(RuntimeError):  # the loop is closed: nobody waits any more, and the rows are stored all the same
        group[0].loop.call_soon_threadsafe(_resolve, group, error)


def _resolve(group: list[_Parcel], error: Exception | None) -> None:
    for parcel in group:
        if parcel.future.done():
            continue  # the client went away; the rows are stored all the same
        if error is None:
            parcel.future.set_result(None)
        else:
            parcel.future.set_exception(error)


def _refusal(row: NewEvent, reason: str) -> Refused:
    return {"store_id": row.store_id, "source": row.source, "at": row.received_at, "reason": reason, "body": row.body}


def _is_storage_fault(error: Exception) -> bool:
    return isinstance(error, OperationalError | InterfaceError) or not isinstance(
        error, DBAPIError | UnicodeEncodeError
    )
