"""Long work as child processes of lower priority: a training thread would cut the intake to a quarter."""

import os
import subprocess
import sys

_running: dict[str, subprocess.Popen[bytes]] = {}
_PRIORITY = 10


def start(name: str, *arguments: str) -> bool:
    """Run `regulars <arguments>` beside this process unless a child of that name still runs; whether it was started."""
    running = _running.get(name)
    if running is not None and running.poll() is None:
        return False
    _running[name] = subprocess.Popen(
        [sys.executable, "-m", "regulars", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.nice(_PRIORITY) and None,
    )
    return True
