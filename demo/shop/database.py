"""The shop's SQLite file: one connection per transaction, nothing shared between threads."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.shop.schema import SCHEMA

_PATIENCE = 10.0  # seconds to wait for another writer


class ShopDatabase:
    """Opens transactions on `home/kettle-lane.sqlite`, which is made when it is not there."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._path = home / "kettle-lane.sqlite"
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(SCHEMA)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose changes are committed together, or not at all when the block raises."""
        with self._connection() as connection, connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that cannot write."""
        with self._connection() as connection:
            connection.execute("PRAGMA query_only = ON")
            yield connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        # IMMEDIATE: a transaction that reads before it writes must not lose the race for the write lock halfway.
        connection = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level="IMMEDIATE")
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
        finally:
            connection.close()
