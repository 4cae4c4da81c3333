"""One import on its way: slices into the log, counts, and the reject file."""

import csv
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, TextIO, TypeAlias

import msgspec

from core import clock, ids
from core.clock import Instant
from core.db import Database
from core.log import NewEvent
from core.log.keys import Present, present

Progress: TypeAlias = Callable[[int, int | None], None]
"""Told how many bytes of the file were read, and of how many."""

_SMALLEST_SLICE, _LARGEST_SLICE = 50, 500
_LONGEST_HOLD = 0.008  # seconds in the write lane; a slice that held it longer is followed by a smaller one
_REPORT_EVERY = 2_000  # rows
ERASED = "erased"
_CELL = re.compile("(?<!column )“[^”]*”")  # what a cell said; a column's name stays in the summary


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """What an import did. `rows` and `refused` count rows of the file, the others what they became in the log.

    `changed` was in the log under its key with another content and was added once more, as the newer word. `names` splits
    `taken`, `notes` counts what was decided on the way.
    """

    rows: int
    taken: int
    changed: int
    already_there: int
    refused: int
    seconds: float
    names: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    reject_path: Path | None = None


@dataclass(slots=True)
class _Waiting:
    event: NewEvent
    revised_key: bytes | None


class ImportRun:
    """Gathers what a file says and appends it in slices; a context manager that writes the last one."""

    def __init__(self, database: Database, store_id: int, *, reject_path: Path, progress: Progress) -> None:
        self.received_at = clock.now()
        self.store_id = store_id
        self._database = database
        self._progress = progress
        self._reject_path = reject_path
        self._rejects: TextIO | None = None
        self._columns: tuple[str, ...] = ()
        self._began = time.perf_counter()
        self._waiting: list[_Waiting] = []
        self._slice = _SMALLEST_SLICE * 2
        self._rows = self._taken = self._changed = self._already_there = self._refused = 0
        self._names: Counter[str] = Counter()
        self._notes: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()

    def __enter__(self) -> "ImportRun":
        self._reject_path.unlink(missing_ok=True)
        return self

    def __exit__(self, failure: object, *_: object) -> None:
        if failure is None:
            self._write()
        if self._rejects is not None:
            self._rejects.close()

    def read(self, position: int, size: int | None) -> None:
        """Count a row of the file and show how far it is."""
        self._rows += 1
        if self._rows % _REPORT_EVERY == 0:
            self._progress(position, size)

    def document(
        self,
        name: str,
        body: Any,
        *,
        key: tuple[str | int, ...],
        occurred_at: Instant,
        user_id: str | None = None,
        anonymous_id: str | None = None,
    ) -> None:
        """Append a document; under the same key only what differs is appended again."""
        event = NewEvent.imported(
            store_id=self.store_id,
            name=name,
            body=body,
            key=key,
            occurred_at=occurred_at,
            received_at=self.received_at,
            user_id=user_id,
            anonymous_id=anonymous_id,
        )
        digest = blake2b(event.body, digest_size=16).hexdigest()
        self._add(_Waiting(event, ids.key("import", name, *key, "content", digest)))

    def event(self, event: NewEvent) -> None:
        """Append an event under its own key."""
        self._add(_Waiting(event, None))

    def note(self, text: str, count: int = 1) -> None:
        """Count a decision for the summary."""
        self._notes[text] += count

    def refuse(self, line: int, reason: str, cells: Sequence[str] = ()) -> None:
        """Write a row into the reject file."""
        self._refused += 1
        self._reasons[_CELL.sub("…", reason)] += 1
        if self._rejects is None:
            self._rejects = self._reject_path.open("w", newline="", encoding="utf-8")
            csv.writer(self._rejects).writerow(["line", "reason", *self._columns])
        csv.writer(self._rejects).writerow([line, reason, *cells])

    def columns(self, columns: Sequence[str]) -> None:
        """The file's own columns, for the head of the reject file."""
        self._columns = tuple(columns)

    def has(self, name: str, keys: Sequence[tuple[str | int, ...]]) -> list[bool]:
        """Whether documents of these keys are in the log already."""
        wanted = [ids.key("import", name, *key) for key in keys]
        found: set[bytes] = set()
        for start in range(0, len(wanted), _LARGEST_SLICE):
            with self._database.read() as session:
                found |= present(session, self.store_id, wanted[start : start + _LARGEST_SLICE]).keys()
        return [key in found for key in wanted]

    def summary(self) -> ImportSummary:
        """What was done so far."""
        return ImportSummary(
            rows=self._rows,
            taken=self._taken,
            changed=self._changed,
            already_there=self._already_there,
            refused=self._refused,
            seconds=time.perf_counter() - self._began,
            names=dict(self._names),
            reasons=dict(self._reasons),
            notes=dict(self._notes),
            reject_path=self._reject_path if self._refused else None,
        )

    def _add(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        if len(self._waiting) >= self._slice:
            self._write()

    def _write(self) -> None:
        slice_, self._waiting = self._waiting, []
        events = self._new(slice_)
        if not events:
            return
        with self._database.write() as session:
            begun = time.perf_counter()
            session.append(*events)
        held = time.perf_counter() - begun
        if held > _LONGEST_HOLD:
            self._slice = max(_SMALLEST_SLICE, self._slice * 2 // 3)
        elif held < _LONGEST_HOLD / 2:
            self._slice = min(_LARGEST_SLICE, self._slice * 3 // 2)

    def _new(self, waiting: Sequence[_Waiting]) -> list[NewEvent]:
        """What of a slice the log does not have: new keys, and known keys that say something else now."""
        there = self._present(waiting)
        events: list[NewEvent] = []
        for one in waiting:
            event = one.event
            known = there.get(event.key)
            if known is None:
                self._taken += 1
                self._names[event.name] += 1
            elif one.revised_key is None or _says_the_same(known, event) or one.revised_key in there:
                self._already_there += 1
                continue
            else:
                self._changed += 1
                event = msgspec.structs.replace(event, key=one.revised_key)
            there[event.key] = Present(event.body, event.flags)
            events.append(event)
        return events

    def _present(self, waiting: Sequence[_Waiting]) -> dict[bytes, Present]:
        keys = [one.event.key for one in waiting]
        with self._database.read() as session:
            there = present(session, self.store_id, keys)
            revised = [one.revised_key for one in waiting if one.revised_key and one.event.key in there]
            return there | present(session, self.store_id, revised)


def _says_the_same(known: Present, event: NewEvent) -> bool:
    # What was erased stays erased, however often its file is imported.
    return known.body == event.body or ERASED in known.flags.split(",")
