"""Recommendations over HTTP: `python -m benchmarks.recommend_http [--json]`.

The real endpoint (write key, origin, stock filter, exclusions, reasons) under uvicorn in a process of its own, 16 clients beside it. `live`:
before every second question the visitor has looked at something new; `cached`: nothing has changed; `twin`: the same server answering
with bytes it has ready, which is the ceiling. Rates are per CPU-second of the server, so that other load counts little.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import uvicorn
from starlette.types import Receive, Scope, Send

from benchmarks.recommend import made_up_shop
from core import clock
from core.db import Database
from core.log import PUBLIC, NewEvent, Runner
from core.settings import Settings, load
from personalization.recommendations import training
from personalization.recommendations.recommenders.base import Recommender as Method
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.serving import Recommender
from regulars import schema
from storefront_plugin.recommending import Recommendations
from tracking.catalog import service as catalog
from tracking.stores import service as stores
from tracking.stores.directory import Directory

VISITS = 40_000
PRODUCTS = 2_000
CLIENTS = 16
SECONDS = 4.0
VISITORS = 300
_KEY = "write_key.txt"
_FIRST_PORT = 18_437


def prepare(home: Path) -> Settings:
    """A store with a catalog in its database and trained models in its home."""
    settings = _settings(home)
    database = Database(settings.database_url)
    schema.migrate(database)
    with database.write() as session:
        made = stores.create_store(
            session, name="Benchmark", currency="EUR", time_zone="UTC", master=settings.secret_key
        )
    (home / _KEY).write_text(made.write_key)
    _fill_catalog(database, made.store.store_id)
    # The factors are of no interest to speed: a product has a row of 34 numbers, however well fitted.
    small: tuple[Method, ...] = tuple(
        LightFMHybrid(epochs=1) if one.name == "lightfm_hybrid" else one for one in training.recommenders()
    )
    training.recommenders = lambda: small
    training.train_on(made_up_shop(VISITS, PRODUCTS), settings.models / str(made.store.store_id), made.store.store_id)
    database.close()
    return settings


def _settings(home: Path) -> Settings:
    return load({"REGULARS_HOME": str(home), "REGULARS_SECRET_KEY": "a key of the benchmark, thirty-two or more"})


def _fill_catalog(database: Database, store_id: int) -> None:
    now = clock.now()
    rows = [
        NewEvent.imported(
            store_id=store_id,
            name="product received",
            body={
                "product_id": f"p{number}",
                "name": f"Product {number} of its kind",
                "url": f"https://shop.example/p/{number}",
                "image_url": f"https://shop.example/i/{number}.jpg",
                "price": "12.50",
                "stock": number % 20,
                "categories": [f"group {number // 10}"],
            },
            key=(number,),
            occurred_at=now,
            received_at=now,
        )
        for number in range(PRODUCTS)
    ]
    with database.write() as session:
        session.append(*rows)
    runner = Runner(database, catalog.REACTIONS)
    runner.prepare()
    runner.drain()


class Server:
    """The endpoint, a twin with an answer at hand, a path that tells the CPU time, and one that lets a visitor look at something."""

    def __init__(self, home: Path) -> None:
        settings = _settings(home)
        database = Database(settings.database_url)
        directory = Directory(database, master=settings.secret_key)
        self._recommender = Recommender(database, settings, directory)
        self._recommender.start()
        self._endpoint = Recommendations(self._recommender, directory)
        self._chance = random.Random(3)
        self._asked = 0
        self._ready = self._recommender.answer_bytes(1, {"slot": "home"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path == "/twin":
            await _reply(send, self._ready)
        elif path == "/cpu":
            await _reply(send, json.dumps(time.process_time()).encode())
        else:
            if path == "/live":
                self._look(scope["query_string"].rpartition(b"=")[2].decode())
            await self._endpoint(scope, receive, send)

    def _look(self, anonymous_id: str) -> None:
        self._asked += 1
        if self._asked % 2:
            return
        body = msgspec.json.encode({"properties": {"product_id": f"p{self._chance.randrange(PRODUCTS)}"}})
        now = clock.now()
        row = NewEvent(
            1, PUBLIC, b"", "track", "Product Viewed", now, now, anonymous_id, None, "", None, None, 0, body, ""
        )
        self._recommender.feed([row])


async def _reply(send: Send, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(home: Path, port: int) -> None:
    """Run the server until it is terminated."""
    uvicorn.run(Server(home), host="127.0.0.1", port=port, log_level="error", access_log=False, http="httptools")


class Load:
    """Sixteen connections that ask as fast as they are answered."""

    def __init__(self, port: int, write_key: str) -> None:
        self._port = port
        self._write_key = write_key
        self._chance = random.Random(4)

    async def one(self, path: str) -> bytes:
        """The body of one answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        body = await _ask(reader, writer, path)
        writer.close()
        return body

    async def run(self, path: str) -> dict[str, float]:
        """Rate per CPU-second of the server, rate by the clock, and percentiles in milliseconds."""
        cpu, began = float(await self.one("/cpu")), time.perf_counter()
        taken = await asyncio.gather(*(self._client(path) for _ in range(CLIENTS)))
        elapsed = time.perf_counter() - began
        used = float(await self.one("/cpu")) - cpu
        millis = np.concatenate([np.array(one) for one in taken]) * 1000
        return {
            "per_cpu_second": len(millis) / used,
            "per_second": len(millis) / elapsed,
            "p50_ms": float(np.percentile(millis, 50)),
            "p99_ms": float(np.percentile(millis, 99)),
        }

    async def _client(self, path: str) -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        taken, until = [], time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            visitor = self._chance.randrange(VISITORS)
            query = f"{path}?write_key={self._write_key}&slot=home&limit=12&anonymous_id=v{visitor}"
            began = time.perf_counter()
            await _ask(reader, writer, query)
            taken.append(time.perf_counter() - began)
        writer.close()
        return taken


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> bytes:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise RuntimeError(head.decode())
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return await reader.readexactly(length)


async def measured(port: int, write_key: str) -> dict[str, Any]:
    """Everything that is printed."""
    load_of = Load(port, write_key)
    await _ready(load_of)
    found: dict[str, Any] = {"twin": await load_of.run("/twin")}
    # The first question of each visitor reads their past from the database; what follows is the running state.
    for visitor in range(VISITORS):
        await load_of.one(f"/live?write_key={write_key}&anonymous_id=v{visitor}")
    found["live"] = await load_of.run("/live")
    found["cached"] = await load_of.run("/cached")
    for name in ("live", "cached"):
        found[name]["of_twin"] = found[name]["per_cpu_second"] / found["twin"]["per_cpu_second"]
    return found


async def _ready(load_of: Load) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            await load_of.one("/cpu")
            return
        except OSError:
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.1)


def main() -> None:
    """Start the server, load it, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--port", type=int, default=_FIRST_PORT)
    parser.add_argument("--serve", type=Path, help="Be the server over this home.")
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve, arguments.port)
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        prepare(home)
        command = [sys.executable, "-m", "benchmarks.recommend_http", "--serve", folder, "--port", str(arguments.port)]
        with subprocess.Popen(command) as server:
            try:
                os.sched_setaffinity(server.pid, {0})
                found = asyncio.run(measured(arguments.port, (home / _KEY).read_text()))
            finally:
                server.terminate()
    print(json.dumps(found, indent=None if arguments.json else 1))


if __name__ == "__main__":
    main()
