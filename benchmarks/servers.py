"""Servers to be measured: the service itself, and twins of it without storage or with a synced file in its place.

Started as `python -m benchmarks.servers KIND PORT`, pinned to one core by its parent.
"""

import os
import sys
from typing import Any

import uvicorn

from core import settings
from core.db import Database
from core.log import NewEvent
from regulars.app import create_app
from regulars.services import Services, open_services
from tracking.collect.endpoints import PATHS, Collect
from tracking.collect.intake import Intake, Refused


class Nowhere(Intake):
    """Takes rows and keeps nothing: what HTTP, parsing and checking cost."""

    async def append(self, rows: Any, refused: Any = ()) -> None:
        return None


class SyncedFile(Intake):
    """Appends each group to a file and syncs it: the physical ceiling of durable."""

    def __init__(self, database: Database, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        super().__init__(database)

    def _write(self, rows: list[NewEvent], refused: list[Refused]) -> None:
        os.write(self._file, b"\n".join(row.body for row in rows))
        os.fdatasync(self._file)


def app_of(kind: str) -> Any:
    """The ASGI application of a kind: `service`, `paused` (no reactions), `nowhere`, `file`."""
    loaded = settings.load()
    if kind in ("service", "paused"):
        return create_app(loaded)
    services: Services = open_services(loaded)
    services.database.listeners.clear()
    intake = (
        Nowhere(services.database) if kind == "nowhere" else SyncedFile(services.database, str(loaded.home / "twin"))
    )
    door = Collect(intake, services.directory)

    async def only_collect(scope: Any, receive: Any, send: Any) -> None:
        assert scope["path"] in PATHS
        await door(scope, receive, send)

    return only_collect


def main() -> None:
    kind, port = sys.argv[1], int(sys.argv[2])
    # Without the lifespan neither worker nor beat start, so nothing drains.
    lifespan = "on" if kind == "service" else "off"
    uvicorn.run(app_of(kind), port=port, log_level="warning", access_log=False, lifespan=lifespan)


if __name__ == "__main__":
    main()
