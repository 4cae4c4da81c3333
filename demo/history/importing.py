"""`regulars import`, run as an operator would run it: a process of its own, told everything on its command line."""

import asyncio
import sys
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from demo.history.errors import ImportFailed
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
    """Import one file; raises ImportFailed with the end of the output, also when rows were refused."""
    words = command(file, store_id)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "regulars",
        *words,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaints = await process.communicate()
    if process.returncode != 0:
        raise ImportFailed(" ".join(words[:2]), complaints.decode(errors="replace"))
    summary = msgspec.json.decode(output, type=Summary)
    if summary.refused:
        reasons = ", ".join(f"{reason} ({count})" for reason, count in summary.reasons.items())
        raise ImportFailed(" ".join(words[:2]), f"{summary.refused} rows were refused: {reasons}")
