"""`regulars import events`: a file of Segment calls, one JSON object a line (also .gz), into the log.

Times are taken as they stand, without correction for a clock; a call without a message id is known by its line's content.
"""

import gzip
import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from core import ids
from core.db import Database
from core.log import NewEvent
from tracking.collect import protocol, service
from tracking.collect.errors import CollectError
from tracking.collect.files.errors import RefusedRow, UnreadableFile
from tracking.collect.files.run import ImportRun, ImportSummary, Progress
from tracking.stores.schemas import Key, Store

_NO_MESSAGE_ID = "no message id"


def import_events(
    database: Database, store: Store, path: Path, *, progress: Progress, reject_path: Path
) -> ImportSummary:
    """Append the calls of the file with the source of a server; raises UnreadableFile. A second run changes nothing."""
    size = path.stat().st_size
    with (
        path.open("rb") as raw,
        ImportRun(database, store.store_id, reject_path=reject_path, progress=progress) as run,
    ):
        sender = service.Sender(
            Key(store_id=store.store_id, kind="api", scopes=frozenset({"collect"})),
            run.received_at,
            corrects_clock=False,
        )
        for number, line in _lines(path, raw):
            run.read(os.lseek(raw.fileno(), 0, os.SEEK_CUR), size)
            try:
                run.event(_event(line, sender))
            except RefusedRow as error:
                run.refuse(number, str(error), [line.decode(errors="replace")])
    progress(size, size)
    return run.summary()


def _lines(path: Path, raw: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Every line that is not blank, with its number."""
    number = 0
    lines: Any = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
    try:
        for number, line in enumerate(lines, 1):
            if line := line.strip():
                yield number, line
    except (EOFError, OSError) as error:
        raise UnreadableFile(path.name, number + 1, str(error)) from error


def _event(line: bytes, sender: service.Sender) -> NewEvent:
    try:
        protocol.check_text(line)
        item = protocol.read_item(line)
    except CollectError as error:
        raise RefusedRow(str(error)) from error
    taken = service.take_single(line, item, item.type if isinstance(item.type, str) else "", sender)
    if not taken.rows:
        raise RefusedRow(str(taken.refused[0]["reason"]))
    return _with_key(taken.rows[0], line)


def _with_key(row: NewEvent, line: bytes) -> NewEvent:
    flags = row.flags.split(",")
    if _NO_MESSAGE_ID not in flags:
        return row
    flags.remove(_NO_MESSAGE_ID)
    key = ids.key("import", "event", blake2b(line, digest_size=32).hexdigest())
    return msgspec.structs.replace(row, key=key, flags=",".join(flags))
