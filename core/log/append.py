"""Putting rows into the log: the last statement before every commit."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from core.db import Session, before_commit
from core.log.events import NewEvent
from core.log.models import EventRow

COLUMNS = tuple(NewEvent.__struct_fields__)
_NAMES = ", ".join(COLUMNS)
_SQLITE = (
    f"INSERT INTO event ({_NAMES}) VALUES ({', '.join('?' * len(COLUMNS))}) ON CONFLICT (store_id, key) DO NOTHING"
)

_POSTGRESQL_TYPES = {
    "store_id": "smallint",
    "key": "bytea",
    "body": "bytea",
    "occurred_at": "bigint",
    "received_at": "bigint",
    "cause": "bigint",
    "depth": "smallint",
}
# Binary arrays in unnest: 57–67k rows a second where text arrays reach 21–23k.
_POSTGRESQL = (
    f"INSERT INTO event ({_NAMES}) SELECT * FROM unnest("
    + ", ".join(f"%b::{_POSTGRESQL_TYPES.get(name, 'text')}[]" for name in COLUMNS)
    + ") ON CONFLICT (store_id, key) DO NOTHING"
)
# One number, taken as the last lock of a transaction, so that positions become visible in their own order.
_APPEND_LOCK = 7_235_101


def insert_rows(connection: Connection, rows: Sequence[NewEvent], *, is_sqlite: bool) -> None:
    """Append rows in this transaction; a row whose key the store already has is left out."""
    if is_sqlite:
        connection.exec_driver_sql(_SQLITE, [msgspec.structs.astuple(row) for row in rows])
        return
    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_APPEND_LOCK,))
    columns = [list(column) for column in zip(*(msgspec.structs.astuple(row) for row in rows), strict=True)]
    connection.exec_driver_sql(_POSTGRESQL, tuple(columns))


@before_commit
def insert_appended(session: Session) -> None:
    """Write what the transaction has appended; in a rebuild, compare instead."""
    rows: list[Any] = session.appended
    if not rows:
        return
    if session.database.rebuilding:
        _compare(session, rows)
    else:
        insert_rows(session.connection, rows, is_sqlite=session.is_sqlite)


def _compare(session: Session, rows: Sequence[NewEvent]) -> None:
    wanted = {(row.store_id, row.key): row for row in rows}
    found = session.execute(select(EventRow.store_id, EventRow.key).where(EventRow.key.in_([key for _, key in wanted])))
    present = {(store_id, bytes(key)) for store_id, key in found}
    for (store_id, key), row in wanted.items():
        if (store_id, key) not in present:
            session.database.differences.append(
                f"store {store_id}: the rebuild concludes “{row.name}” (cause {row.cause}), the log does not."
            )
