"""What a figure needs beside it: the machine, its cores, and how a server is started on one of them."""

import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from core import settings
from core.db import Database
from core.settings import Settings
from personalization.segments import service as segments
from regulars import schema
from tracking.stores import service as stores
from tracking.stores.schemas import NewStore


def described() -> dict[str, object]:
    """The machine in a few words."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        "",
    )
    memory = psutil.virtual_memory().total // 2**30
    return {"cpu": model, "cores": os.cpu_count(), "memory_gib": memory, "python": platform.python_version()}


@dataclass(frozen=True)
class Installation:
    """A fresh home with a store in it."""

    settings: Settings
    store: NewStore
    environment: dict[str, str]


@contextmanager
def installation(database_url: str = "") -> Iterator[Installation]:
    """A migrated database with one store, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="regulars-benchmark-", ignore_cleanup_errors=True) as folder:
        environment = {
            **os.environ,
            "REGULARS_HOME": folder,
            "REGULARS_DATABASE_URL": database_url,
            "REGULARS_SMTP_URL": "null:",
        }
        loaded = settings.load(environment)
        database = Database(loaded.database_url)
        schema.migrate(database)
        with database.write() as session:
            store = stores.create_store(
                session, name="Benchmark", currency="EUR", time_zone="UTC", master=loaded.secret_key
            )
            segments.create_defaults(session, store.store.store_id, time_zone="UTC")
        database.close()
        yield Installation(loaded, store, environment)


@contextmanager
def served(place: Installation, kind: str, *, core: int = 0) -> Iterator[tuple[int, psutil.Process]]:
    """A server of a kind (see `benchmarks.servers`) pinned to a core: its port and process."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.servers", kind, str(port)]
    child = subprocess.Popen(command, env=place.environment, preexec_fn=lambda: _pin(core))
    try:
        _wait(port, child)
        yield port, psutil.Process(child.pid)
    finally:
        child.kill()
        child.wait()


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def pin_client(core: int = 1) -> None:
    """Keep this process, the load generator, off the server's core."""
    if (os.cpu_count() or 1) > 1:
        _pin(core)


def _pin(core: int) -> None:
    os.sched_setaffinity(0, {core % (os.cpu_count() or 1)})


def _wait(port: int, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and child.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise RuntimeError("The server did not start.")


def get(url: str, headers: dict[str, str] | None = None) -> bytes:
    """The body of a GET."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {})) as answer:
        body: bytes = answer.read()
        return body
