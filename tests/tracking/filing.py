"""Files for the tests of imports."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from core import clock
from core.db import Database
from core.log import Filter, read
from tests.conftest import NOON
from tracking.collect.files.run import ImportSummary, Progress
from tracking.stores.schemas import Store


class Importer(Protocol):
    """What every import of CSV files looks like."""

    def __call__(
        self,
        database: Database,
        store: Store,
        path: Path,
        mapping: Mapping[str, str],
        *,
        progress: Progress,
        reject_path: Path,
    ) -> ImportSummary: ...


@dataclass
class Desk:
    """Imports texts as files, at noon, and reads what they left in the log."""

    database: Database
    store: Store
    folder: Path
    seen: list[tuple[int, int | None]] = field(default_factory=list)

    def file(self, text: str, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return path

    def take(
        self,
        importer: Importer | Callable[..., ImportSummary],
        text: str,
        mapping: str = "",
        name: str = "file.csv",
        **options: Any,
    ) -> ImportSummary:
        """Import the text; `mapping` as on the command line, or every column under its own name."""
        columns = text.partition("\n")[0].split(",")
        pairs = (
            [pair.split("=") for pair in mapping.split(",")] if mapping else [[column, column] for column in columns]
        )
        with clock.frozen(NOON):
            return importer(
                self.database,
                self.store,
                self.file(text, name),
                dict(pairs),
                progress=lambda done, whole: self.seen.append((done, whole)),
                reject_path=self.rejects,
                **options,
            )

    @property
    def rejects(self) -> Path:
        return self.folder / "rejects.csv"

    def log(self) -> list[tuple[str, str, int, dict[str, Any]]]:
        """Name, type, time after noon and body of every row, oldest first."""
        with self.database.read() as session:
            events = read(session, Filter(store_id=self.store.store_id, after=0, limit=100_000))
        return [(one.name, one.type, one.occurred_at - NOON, msgspec.json.decode(one.body)) for one in events]

    def bodies(self, name: str) -> list[dict[str, Any]]:
        return [body for found, _, _, body in self.log() if found == name]


def counts(summary: ImportSummary) -> tuple[int, int, int, int]:
    """taken, changed, already there, refused"""
    return (summary.taken, summary.changed, summary.already_there, summary.refused)
