"""Celery's own worker and beat inside the web process, over memory."""

import threading
from typing import Any

from celery.beat import Service
from celery.worker import WorkController

from tasks.celery import app
from tasks.schedule import LeasedScheduler

THREADS = 3


class Embedded:
    """Starts worker and beat as threads; `stop` takes a few seconds, so the web port is closed first."""

    def __init__(self) -> None:
        self._worker: Any = WorkController(
            app=app,
            pool_cls="threads",
            concurrency=THREADS,
            loglevel="WARNING",
            without_mingle=True,
            without_gossip=True,
            without_heartbeat=True,
        )
        self._beat: Any = Service(app, max_interval=1, scheduler_cls=LeasedScheduler)
        self._threads = [
            threading.Thread(target=self._worker.start, name="worker", daemon=True),
            threading.Thread(target=self._beat.start, kwargs={"embedded_process": False}, name="beat", daemon=True),
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let running tasks end, then stop."""
        self._beat.stop(wait=False)
        self._worker.stop()
