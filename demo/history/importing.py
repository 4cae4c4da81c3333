"""`regulars import` of the history's files."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from demo.history.commands import run
from demo.history.errors import CommandFailed
from demo.history.preparation import PreparedFile


class Summary(Struct):
    """What `regulars import --json` prints, as far as it matters here."""

    refused: int
    reasons: dict[str, int]


def command(file: PreparedFile, store_id: int) -> list[str]:
    """The words after `regulars`."""
    mapping = ",".join(f"{field}={column}" for column, field in file.table.columns.items())
    rejects = file.path.with_name(f"{file.table.kind}.rejects.csv")
    where = ["--store", str(store_id), "--map", mapping, "--rejects", str(rejects)]
    return ["import", file.table.kind, str(file.path), *where, "--json"]


async def import_file(file: PreparedFile, *, store_id: int, environment: Mapping[str, str]) -> None:
    """Import one file; raises CommandFailed, also when rows were refused."""
    words = command(file, store_id)
    summary = msgspec.json.decode(await run(*words, environment=environment), type=Summary)
    if summary.refused:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in summary.reasons.items())
        raise CommandFailed(words, f"{summary.refused} rows were refused: {reasons}")
