"""Answers for one process: memory-mapped models, the shelf, the live view, and no query on the way.

A background step (`poll`, every 20 ms once `start` was called) reads the tail of the log, takes in changed products, and looks once a
second whether another model version has become current; the old one answers until the new one is loaded.
"""

import random
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from core import clock
from core.clock import Instant
from core.db import Database
from core.settings import Settings
from personalization.recommendations import history
from personalization.recommendations.answering import Policy, answer_bytes_from, answer_from
from personalization.recommendations.asking import read_request
from personalization.recommendations.live import READS, LiveView, LogRow
from personalization.recommendations.schemas import Answer, RecommendationRequest
from personalization.recommendations.state import StoreState, load_state
from personalization.recommendations.storage import current_version
from tracking.collect import consent
from tracking.stores.directory import Directory

POLL_SECONDS = 0.02
_POINTER_AGE = clock.SECOND
# Products reach the catalog by a reaction, a little after their event: look for them this long after the event was seen.
_CATALOG_SETTLES = 5 * clock.SECOND
_PRODUCT_EVENTS = ("product received", "order placed", "order cancelled")

_logger = structlog.get_logger(__name__)


class Recommender:
    """The recommendations of one process, for every store."""

    def __init__(
        self, database: Database, settings: Settings, directory: Directory, *, chance: random.Random | None = None
    ) -> None:
        self.live = LiveView(history.Recall(database), self._allows)
        self._directory = directory
        self._database = database
        self._models = Path(settings.models)
        self._policy = Policy(settings.secret_key.encode(), settings.exploration, chance or random.Random())
        self._states: dict[int, StoreState] = {}
        self._guard = threading.Lock()
        self._position = -1
        self._pointers_read_at: Instant = 0
        self._catalog_until: Instant = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def answer(self, request: RecommendationRequest) -> Answer:
        """What the slot shows to this visitor now."""
        return answer_from(self._state(request.store_id), self.live, request, self._policy)

    def answer_bytes(
        self,
        store_id: int,
        query: Mapping[str, str],
        *,
        proved_user_id: str | None = None,
        session_only: bool = False,
    ) -> bytes:
        """The answer to query parameters as JSON; raises UnknownSlot or UnreadableRequest."""
        request = read_request(store_id, query, proved_user_id=proved_user_id, session_only=session_only)
        return answer_bytes_from(self._state(store_id), self.live, request, self._policy)

    def feed(self, rows: Sequence[LogRow]) -> None:
        """Take in rows that this process has just committed (`database.listeners`, collect); returns at once."""
        self.live.feed(rows)
        if any(row.name in _PRODUCT_EVENTS for row in rows):
            self._catalog_until = clock.now() + _CATALOG_SETTLES

    def poll(self) -> None:
        """One background step."""
        self._read_tail()
        now = clock.now()
        look = now - self._pointers_read_at >= _POINTER_AGE
        if look:
            self._pointers_read_at = now
            self._look_for_versions()
        if look or now < self._catalog_until:
            for store_id, state in list(self._states.items()):
                state.take_in_products(self._database, store_id)

    def start(self) -> None:
        """Poll in a thread from now on."""
        self._thread = threading.Thread(target=self._run, name="recommendations", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            try:
                # Loaded here, a store's models keep no visitor waiting.
                for store in self._directory.stores():
                    self._state(store.store_id)
                self.poll()
            except Exception as error:
                # The next step reads from the same position; a database that is away for a moment must not end the thread.
                _logger.warning("recommendations could not read the log", error=str(error))
                self._stopped.wait(clock.SECOND / 1000)

    def _read_tail(self) -> None:
        with self._database.read() as session:
            if self._position < 0:
                self._position = history.head(session)
                return
            events = history.tail(session, self._position, (*READS, *_PRODUCT_EVENTS))
        if events:
            self.feed(events)
            self._position = events[-1].position

    def _look_for_versions(self) -> None:
        for store_id, state in list(self._states.items()):
            if (current_version(self._root(store_id)) or "") != state.version:
                self._states[store_id] = self._loaded(store_id)

    def _state(self, store_id: int) -> StoreState:
        return self._states.get(store_id) or self._load(store_id)

    def _load(self, store_id: int) -> StoreState:
        with self._guard:
            if store_id not in self._states:
                if self._position < 0:
                    self._read_tail()
                self._states[store_id] = self._loaded(store_id)
            return self._states[store_id]

    def _loaded(self, store_id: int) -> StoreState:
        state = load_state(self._database, self._root(store_id), store_id)
        if self._thread:  # a server says what it holds; a command's output is for its answer
            sizes = {"megabytes": state.megabytes, "products": len(state.shelf)}
            _logger.info("recommendations loaded", store_id=store_id, version=state.version, **sizes)
        return state

    def _allows(self, store_id: int, stamp: str) -> bool:
        return consent.allows(stamp, "personalization", self._directory.store(store_id).asks_consent_first)

    def _root(self, store_id: int) -> Path:
        return self._models / str(store_id)
