"""Regulars and the shop in one web process, and the demo's second process beside it."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from demo.home import Home, Keys
from demo.shop.application import create_shop
from demo.shop.settings import ShopSettings
from regulars.app import create_app

STOP_SECONDS = 10
EVERYWHERE = ("0.0.0.0", "::", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the demo listens, and `base_url`, the address that browsers and mail use."""

    host: str
    port: int
    base_url: str

    @property
    def local_url(self) -> str:
        """Where a process on this machine reaches it."""
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


class _Server(uvicorn.Server):
    """Says when it has begun to answer, or that it will not."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.begun.set()


async def serve(home: Home, keys: Keys, place: Place, *, is_quiet: bool, opened: Callable[[], None]) -> None:
    """Serve until stopped; `opened` is called once the pages answer."""
    shop = create_shop(shop_settings(home, keys, place.base_url))
    application = create_app(mounts=lambda _services: mounts(shop))
    server = _Server(
        uvicorn.Config(application, host=place.host, port=place.port, log_level="warning", access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    await server.begun.wait()
    if server.started:
        opened()
        await asyncio.to_thread(shop.state.shop.worker.start)
        with _background(home, place, is_quiet=is_quiet):
            await serving
        await asyncio.to_thread(shop.state.shop.worker.stop)
    await serving


def shop_settings(home: Home, keys: Keys, base_url: str) -> ShopSettings:
    """What the shop is told: the keys it was given, and where Regulars is."""
    return ShopSettings(
        base_url=base_url,
        write_key=keys.write_key,
        secret_key=keys.secret_key,
        store_id=keys.store_id,
        home=home.folder,
        console_url=f"{base_url}/console",
    )


def mounts(shop: Starlette) -> list[BaseRoute]:
    """The shop's place in front of Regulars' own routes."""
    return [Mount("/shop", shop)]


@contextmanager
def _background(home: Home, place: Place, *, is_quiet: bool) -> Iterator[None]:
    """The second process and whatever it started; they end with the shop, whatever they are doing.

    They are a session of their own, so that Ctrl-C reaches only the shop, which then ends them in order.
    """
    words = ["--home", str(home.folder), "--base-url", place.base_url, "--regulars-url", place.local_url]
    process = subprocess.Popen(
        [sys.executable, "-m", "demo.background", *words, *(["--quiet"] if is_quiet else [])],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
                break
