"""A small year made ready to be told, and a stand-in for Regulars that remembers what it was sent."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx2
import msgspec
import pytest

from demo.catalogue import products
from demo.history.calls import CallWriter
from demo.history.preparation import Prepared, prepare
from demo.history.sending import Doors
from demo.simulator.simulation import Simulation
from tests.demo.years import SMALL

BASE_URL = "http://shop.example"
DOORS = Doors(base_url="http://regulars.example", store_id=7, write_key="wk", api_key="ak", secret_key="secret")


@dataclass
class Listener:
    """Answers 200 to everything, or what `answers` says, and keeps the requests."""

    answers: list[httpx2.Response] = field(default_factory=list)
    requests: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else httpx2.Response(200, json={"success": True})

    def bodies(self, path: str) -> list[Any]:
        return [msgspec.json.decode(request.content) for request in self.requests if request.url.path == path]


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits: the seconds that would have been waited are written down."""
    waited: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    writer = CallWriter(products(), base_url=BASE_URL)
    return prepare(Simulation(SMALL, products()), writer, folder=tmp_path_factory.mktemp("history"))


@pytest.fixture
def with_http(listener: Listener) -> Callable[[Callable[[httpx2.AsyncClient], Coroutine[Any, Any, None]]], None]:
    """Run a coroutine function with a client whose other end is the listener."""

    def run(work: Callable[[httpx2.AsyncClient], Coroutine[Any, Any, None]]) -> None:
        async def inside() -> None:
            transport = httpx2.MockTransport(listener)
            async with httpx2.AsyncClient(base_url=DOORS.base_url, transport=transport) as http:
                await work(http)

        asyncio.run(inside())

    return run
