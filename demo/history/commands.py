"""Commands of Regulars, run as an operator would run them: each in a process of its own."""

import asyncio
import sys
from collections.abc import Mapping

from demo.history.errors import CommandFailed


async def run(*words: str, environment: Mapping[str, str]) -> bytes:
    """Run `regulars` with these words and return what it printed; raises CommandFailed with the end of its complaints."""
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
        raise CommandFailed(words, complaints.decode(errors="replace"))
    return output
