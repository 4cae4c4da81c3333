"""What the tasks of this process work on; `regulars` sets it before a worker starts."""

from dataclasses import dataclass

from core.db import Database
from core.log import Runner
from core.settings import Settings
from tracking.stores.directory import Directory


class NoRuntime(Exception):
    """A worker was started without the composition root."""

    def __init__(self) -> None:
        super().__init__(
            "Start workers with `regulars worker` or `regulars serve`; `celery -A tasks` alone has no reactions."
        )


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """A process's database, settings, reactions and stores."""

    settings: Settings
    database: Database
    directory: Directory
    runner: Runner


_current: list[Runtime] = []


def use(runtime: Runtime) -> None:
    """Let the tasks of this process work on `runtime`."""
    _current[:] = [runtime]


def current() -> Runtime:
    """The runtime in use; raises NoRuntime."""
    if not _current:
        raise NoRuntime
    return _current[0]
