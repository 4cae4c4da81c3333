"""The folder in which the demo keeps everything: Regulars' data, the shop's data, and the keys."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import Struct

from core.clock import Instant
from demo.history.sending import Doors
from demo.simulator.settings import SimulatorSettings

FOLDER = "kettle-lane"
PEOPLE = 5_000
ONLY_OWNER = 0o600
ONLY_OWNER_FOLDER = 0o700


class Keys(Struct, frozen=True, kw_only=True):
    """What the first start was given, once: the store's keys, the owner's login, and a customer's login at the shop.

    `password` is empty while the login is being made. `history_ends_at` is the instant at which the simulated year ends, `people` how many it is
    about. Both are decided once, so that a history that was interrupted is told again in the same words.
    """

    store_id: int
    write_key: str
    api_key: str
    secret_key: str
    email: str
    password: str
    history_ends_at: Instant
    people: int = PEOPLE
    shopper_email: str = ""
    shopper_password: str = ""

    def history(self) -> SimulatorSettings:
        """What decides the simulated year."""
        return SimulatorSettings.of_people(self.people, end=self.history_ends_at)

    def doors(self, base_url: str) -> Doors:
        return Doors(
            base_url=base_url,
            store_id=self.store_id,
            write_key=self.write_key,
            api_key=self.api_key,
            secret_key=self.secret_key,
        )


@dataclass(frozen=True, slots=True)
class Home:
    """Paths inside the folder, and the two things that are remembered there."""

    folder: Path

    @property
    def keys_path(self) -> Path:
        return self.folder / "keys.json"

    @property
    def files(self) -> Path:
        """Where the history's CSV files are written."""
        return self.folder / "history"

    @property
    def _loaded_mark(self) -> Path:
        return self.folder / "history-loaded"

    def prepare(self) -> None:
        """Make the folders; nobody but their owner may look in."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=ONLY_OWNER_FOLDER)
        self.files.mkdir(exist_ok=True)

    def keys(self) -> Keys | None:
        """The keys of an earlier start, or None on the first."""
        if not self.keys_path.exists():
            return None
        return msgspec.json.decode(self.keys_path.read_bytes(), type=Keys)

    def keep(self, keys: Keys) -> None:
        """Write the keys so that only their owner can read them, whole or not at all."""
        waiting = self.keys_path.with_suffix(".new")
        descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_OWNER)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(keys)))
        waiting.replace(self.keys_path)

    @property
    def is_history_loaded(self) -> bool:
        return self._loaded_mark.exists()

    def history_is_loaded(self) -> None:
        """Remember that the history need not be told again."""
        self._loaded_mark.touch()


def default_home(environment: Mapping[str, str]) -> Home:
    """`kettle-lane` in the user's data directory (XDG base directories)."""
    data = environment.get("XDG_DATA_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".local" / "share")
    return Home(Path(data) / FOLDER)
