"""Real processes of Regulars, started and killed as an operator would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import MASTER, free_port

ROOT = Path(__file__).parents[1]
_PATIENCE = 60.0  # seconds until something that must happen counts as not happening


@dataclass
class Place:
    """An installation: its environment, its store's keys, and the commands run in it."""

    environment: dict[str, str]
    keys: dict[str, Any] = field(default_factory=dict)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`regulars <arguments>`, to its end."""
        command = [sys.executable, "-m", "regulars", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
        )

    def json(self, *arguments: str) -> Any:
        """The same with `--json`, parsed; the command must succeed."""
        finished = self.run(*arguments, "--json")
        assert finished.returncode == 0, finished.stderr + finished.stdout
        return json.loads(finished.stdout)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """`regulars <arguments>` in the background."""
        return subprocess.Popen([sys.executable, "-m", "regulars", *arguments], env=self.environment, cwd=ROOT)


def a_place(home: Path, *, database_url: str = "", redis_url: str = "") -> Place:
    """A fresh installation with one store."""
    environment = {
        **os.environ,
        "REGULARS_HOME": str(home),
        "REGULARS_DATABASE_URL": database_url,
        "REGULARS_REDIS_URL": redis_url,
        "REGULARS_SECRET_KEY": MASTER,
        "REGULARS_SMTP_URL": f"file://{home}/mail",
    }
    place = Place(environment)
    assert place.run("migrate").returncode == 0
    place.keys = place.json("store", "create", "Kettle Lane", "--currency", "EUR", "--time-zone", "Europe/Berlin")
    return place


@contextmanager
def serving(place: Place) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`regulars serve` on a free port; killed with SIGKILL at the end."""
    port = free_port()
    place.environment["REGULARS_BASE_URL"] = f"http://127.0.0.1:{port}"
    child = place.start("serve", "--port", str(port))
    try:
        wait_until(lambda: is_open(port), "the server to listen", child)
        yield port, child
    finally:
        kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    """SIGKILL: no handler, no flush, no goodbye."""
    with suppress(ProcessLookupError):
        child.send_signal(signal.SIGKILL)
    child.wait()


def is_open(port: int) -> bool:
    """Whether somebody listens on the port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait_until(condition: Any, what: str, child: subprocess.Popen[bytes] | None = None) -> None:
    """Return when the condition holds; fail when it does not in time or the process has ended."""
    until = time.monotonic() + _PATIENCE
    pause = 0.01
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        assert child is None or child.poll() is None, f"the process ended while waiting for {what}"
        # Real processes cannot be told to hurry: look again a little later.
        _pause(pause)
        pause = min(pause * 1.5, 0.25)


def _pause(seconds: float) -> None:
    # Waiting on a descriptor that never speaks is a pause that no frozen clock disturbs.
    left, right = socket.socketpair()
    with left, right:
        left.settimeout(seconds)
        with suppress(TimeoutError):
            left.recv(1)
