"""The shop's only background thread: it moves parcels whose time has come and sends what stands in the outbox."""

import logging
from threading import Event, Thread

from demo import carrier
from demo.shop import reports
from demo.shop.database import ShopDatabase
from demo.shop.settings import ShopSettings
from demo.shop.webhooks import Sender

log = logging.getLogger(__name__)

_REST = 1.0  # seconds between two looks when nobody nudges


class Worker:
    """Starts with the shop and stops with it; `nudge` makes it look at once."""

    def __init__(self, settings: ShopSettings, database: ShopDatabase, sender: Sender) -> None:
        self._settings = settings
        self._database = database
        self._sender = sender
        self._wanted = Event()
        self._stopped = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Report the catalogue and begin to work; a second start does nothing."""
        if self._thread:
            return
        with self._database.write() as connection:
            reports.catalogue(connection, self._settings)
        self._thread = Thread(target=self._run, name="kettle-lane", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the delivery in hand and end; what is left waits in the outbox for the next start."""
        self._stopped.set()
        self._wanted.set()
        if self._thread:
            self._thread.join(timeout=15)
        self._sender.close()

    def nudge(self) -> None:
        """Say that something was put into the outbox."""
        self._wanted.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._wanted.clear()
            try:
                self._work()
            except Exception:
                # A thread that dies would silence the shop; what failed stays in the outbox and is tried again.
                log.exception("the shop's background work failed and goes on")
            self._wanted.wait(_REST)

    def _work(self) -> None:
        with self._database.write() as connection:
            carrier.move_due(connection, now=self._settings.clock(), step_seconds=self._settings.carrier_step_seconds)
        self._sender.sweep(self._stopped.is_set)
