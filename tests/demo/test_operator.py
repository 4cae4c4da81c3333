"""The first and later starts, with a recorder in place of Regulars' command line."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core import clock
from demo.history.errors import CommandFailed
from demo.home import Home
from demo.operator import open_store, regulars
from tests.demo.years import END

STORE = {"store_id": 3, "name": "Kettle Lane", "write_key": "wk", "api_key": "ak", "secret_key": "sk"}
USER = {"email": "owner@kettle-lane.example", "role": "owner", "password": "made"}


class CommandLine:
    """Answers like `python -m regulars`; `failing` names a command that ends with an error."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.failing = ""

    def __call__(self, words: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        command = words[3:]
        self.commands.append(command)
        if command[0] == self.failing:
            return subprocess.CompletedProcess(words, 1, stdout="", stderr="Error: The disk is full.\n")
        answers = {"store": STORE, "user": USER}
        return subprocess.CompletedProcess(words, 0, stdout=json.dumps(answers.get(command[0], {})), stderr="")

    def names(self) -> list[str]:
        return [command[0] for command in self.commands]


@pytest.fixture
def command_line(monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    line = CommandLine()
    monkeypatch.setattr(subprocess, "run", line)
    return line


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "kettle-lane")


def test_the_first_start_makes_a_store_and_a_login(command_line: CommandLine, home: Home) -> None:
    with clock.frozen(END):
        keys, is_first = open_store(home, {}, base_url="http://127.0.0.1:8000")
    assert is_first
    assert command_line.names() == ["migrate", "store", "user"]
    assert command_line.commands[1][2:10] == [
        "Kettle Lane",
        "--currency",
        "EUR",
        "--time-zone",
        "Europe/Berlin",
        "--locale",
        "en-GB",
        "--storefront-url",
    ]
    assert command_line.commands[2][1:5] == ["create", "owner@kettle-lane.example", "--role", "owner"]
    assert (keys.store_id, keys.api_key, keys.password, keys.history_ends_at) == (3, "ak", "made", END)
    assert home.keys() == keys


def test_a_later_start_only_migrates(command_line: CommandLine, home: Home) -> None:
    first, _ = open_store(home, {}, base_url="http://127.0.0.1:8000", people=300)
    command_line.commands.clear()
    again, is_first = open_store(home, {}, base_url="http://127.0.0.1:9000", people=400)
    assert not is_first
    assert (again.history().buyers, again.history().passers_by) == (144, 156)
    assert again == first
    assert command_line.names() == ["migrate"]


def test_an_interrupted_first_start_is_gone_on_with(command_line: CommandLine, home: Home) -> None:
    command_line.failing = "user"
    with pytest.raises(CommandFailed, match=r"“regulars user create” failed: Error: The disk is full\."):
        open_store(home, {}, base_url="http://127.0.0.1:8000")
    command_line.failing = ""
    command_line.commands.clear()
    keys, is_first = open_store(home, {}, base_url="http://127.0.0.1:8000")
    assert is_first
    assert command_line.names() == ["migrate", "user"]
    assert (keys.store_id, keys.password) == (3, "made")


def test_a_command_that_fails_says_why(command_line: CommandLine) -> None:
    command_line.failing = "migrate"
    with pytest.raises(CommandFailed, match="The disk is full"):
        regulars({}, "migrate")
