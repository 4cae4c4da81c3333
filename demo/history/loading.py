"""The whole history from the first file to the last conclusion, in the order in which a shop would move in."""

import asyncio
from collections.abc import Mapping

import httpx2

from demo.history.commands import run
from demo.history.importing import import_file
from demo.history.preparation import Prepared, PreparedFile
from demo.history.progress import Counter
from demo.history.reactions import wait_until_level
from demo.history.sending import Doors, send_batches, send_deliveries


class Loading:
    """Tells a prepared history to Regulars. Telling it twice changes nothing: every id follows from what it names."""

    def __init__(
        self, http: httpx2.AsyncClient, doors: Doors, environment: Mapping[str, str], counter: Counter
    ) -> None:
        self._http = http
        self._doors = doors
        self._environment = environment
        self._counter = counter

    async def load(self, prepared: Prepared) -> None:
        """Send everything and wait for the conclusions; raises HistoryError, grouped or not."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._import_books(prepared))
            group.create_task(send_batches(self._http, self._doors, prepared.batches, self._counter.add))
        self._counter.stage("the last day")
        await send_deliveries(self._http, self._doors, prepared.deliveries, self._counter.add)
        self._counter.stage("conclusions")
        await wait_until_level(self._http)

    async def train(self) -> None:
        """Let the recommenders learn from it, as an operator would who does not want to wait for the schedule."""
        self._counter.stage("training")
        await run("train", "--store", str(self._doors.store_id), environment=self._environment)

    async def _import_books(self, prepared: Prepared) -> None:
        """One after the other: what others refer to comes first."""
        for file in prepared.files:
            await self._import(file)

    async def _import(self, file: PreparedFile) -> None:
        if file.rows:
            self._counter.stage(file.table.kind)
            await import_file(file, store_id=self._doors.store_id, environment=self._environment)
            self._counter.add(file.rows)
