"""The stores and keys of a process, kept in memory and read anew when they may have changed.

The hot paths look keys up here, without a query. A key unknown here is looked for in the database at most once a second, so
a new key works at once and a flood of wrong ones costs nothing.
"""

import threading

import structlog
from sqlalchemy.exc import OperationalError, TimeoutError

from core import clock, security
from core.db import Database
from tracking.stores import service
from tracking.stores.errors import UnknownStore
from tracking.stores.schemas import Key, Store

_logger = structlog.get_logger(__name__)
_AGE = 5 * clock.SECOND
_RETRY = 1 * clock.SECOND


class Directory:
    """Stores by id and keys by their text."""

    def __init__(self, database: Database, *, master: str) -> None:
        self._database = database
        self._master = master
        self._guard = threading.Lock()
        self._read_at = -_AGE
        self._stores: dict[int, Store] = {}
        self._hashes: dict[str, Key] = {}
        self._seen: dict[str, Key] = {}

    def key(self, text: str) -> Key | None:
        """What a presented key opens, or None."""
        known = self._seen.get(text)
        if known is not None and clock.now() - self._read_at < _AGE:
            return known
        hashed = security.hash_key(text)
        if self._is_older_than(_AGE) or (hashed not in self._hashes and self._is_older_than(_RETRY)):
            self._refresh()
        found = self._hashes.get(hashed)
        if found is not None:
            self._seen[text] = found
        return found

    def store(self, store_id: int) -> Store:
        """The store; raises UnknownStore."""
        if store_id not in self._stores and self._is_older_than(_RETRY):
            self._refresh()
        if store_id not in self._stores:
            raise UnknownStore(store_id)
        return self._stores[store_id]

    def stores(self) -> list[Store]:
        """Every store, in the order they were made."""
        if self._is_older_than(_RETRY):
            self._refresh()
        return [self._stores[store_id] for store_id in sorted(self._stores)]

    def _is_older_than(self, age: int) -> bool:
        return abs(clock.now() - self._read_at) >= age

    def _refresh(self) -> None:
        """Read anew; while the database does not answer, what was known still holds. Raises where nothing was known."""
        with self._guard:
            try:
                with self._database.read() as session:
                    stores = {store.store_id: store for store in service.stores(session, master=self._master)}
                    hashes = service.keys(session)
            except (OperationalError, TimeoutError) as error:
                if not self._hashes:
                    raise
                _logger.warning("stores not read anew", error=type(error).__name__)
            else:
                self._stores, self._hashes, self._seen = stores, hashes, {}
            self._read_at = clock.now()
