"""`regulars import`, run as an operator would run it: a process of its own, told everything on its command line."""

import asyncio
import sys
from collections.abc import Mapping

from demo.history.errors import ImportFailed
from demo.history.preparation import PreparedFile


def command(file: PreparedFile, store_id: int) -> list[str]:
    """The words after `regulars`; an empty file has no command."""
    columns = [word for column, field in file.table.columns.items() for word in ("--map", f"{field}={column}")]
    return ["import", file.table.kind, str(file.path), "--store", str(store_id), *columns]


async def import_file(file: PreparedFile, *, store_id: int, environment: Mapping[str, str]) -> str:
    """Import one file and return what the command printed; raises ImportFailed with the end of its output."""
    words = command(file, store_id)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "regulars",
        *words,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise ImportFailed(" ".join(words[:2]), output.decode(errors="replace"))
    return output.decode(errors="replace")
