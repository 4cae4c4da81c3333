"""The demo as a newcomer starts it: one command, in a folder and on a port of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx2

from tests.conftest import free_port
from tests.processes import ROOT, is_open, wait_until

# As few as make a year with buyers in every segment; the whole year is another test's.
PEOPLE = 200
STOP_SECONDS = 30


@dataclass(frozen=True)
class Login:
    """An address, an e-mail and a password, as they were printed."""

    url: str
    email: str
    password: str


@dataclass(frozen=True)
class Demo:
    """A running demo, seen from outside: what it printed, its HTTP API, and the files of its mailbox."""

    url: str
    home: Path
    environment: Mapping[str, str]
    output: Path

    @property
    def keys(self) -> dict[str, Any]:
        """The keys it was given, from its own folder."""
        found: dict[str, Any] = json.loads((self.home / "keys.json").read_text())
        return found

    def login(self, name: str) -> Login:
        """The line of “Shop” or “Console” that it printed."""
        printed = re.search(rf"^ +{name} +(\S+) +(\S+) +(\S+)$", self.output.read_text(), re.MULTILINE)
        assert printed is not None, self.output.read_text()
        return Login(*printed.groups())

    def api(self, path: str, **query: str) -> Any:
        """GET of the REST API with the store's key."""
        headers = {"Authorization": f"Bearer {self.keys['api_key']}"}
        answer = httpx2.get(f"{self.url}/api/v1/{path}", params=query, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def facts(self, name: str) -> list[dict[str, Any]]:
        """Every event of this name, oldest first."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            answer = self.api("events", name=name, limit="200", after=after)
            found += answer["items"]
            if not answer["next"]:
                return found
            after = str(answer["next"])

    def messages(self, recipient: str) -> list[dict[str, Any]]:
        """The messages to this address, oldest first."""
        found: list[dict[str, Any]] = self.api("messages", search=recipient)["items"]
        return found[::-1]

    def mails(self, recipient: str) -> list[EmailMessage]:
        """The mails to this address that were delivered into the mailbox."""
        read = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in self.home.glob("mail/*.eml"))
        return [mail for mail in read if mail["To"] == recipient]

    def check(self) -> subprocess.CompletedProcess[str]:
        """`regulars check --replay` on its folder."""
        command = [sys.executable, "-m", "regulars", "check", "--replay"]
        environment = {**self.environment, "REGULARS_HOME": str(self.home)}
        return subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """`python -m demo`, once its history is complete; ended as with Ctrl-C."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REGULARS_")}
    demo = Demo(f"http://127.0.0.1:{port}", folder / "home", environment, folder / "output")
    words = ["--port", str(port), "--home", str(demo.home), "--people", str(PEOPLE), "--quiet"]
    with demo.output.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo", *words],
            env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        wait_until(lambda: is_open(port), "the shop to open", process)
        wait_until(lambda: "complete in" in demo.output.read_text(), "the history to be complete", process)
        yield demo
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ctrl-C, and the whole group if that takes too long."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
