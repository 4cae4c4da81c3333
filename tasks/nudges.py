"""Turning appended events into nudges for the reactions that read them, few enough to cost nothing."""

import threading
import time
from collections.abc import Sequence
from typing import Any

from core.jobs import Arguments
from core.log import Reaction
from tasks.celery import app

# A nudge that was sent but not yet started stands for all that come after it; after this long it counts as lost.
_LOST_AFTER = 0.2


class Nudger:
    """Sends `run_reaction` at most once until the reaction has started."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._sent: dict[str, float] = {}
        self._by_name: dict[str, tuple[str, ...]] = {}
        self._everything: tuple[str, ...] = ()

    def use(self, reactions: Sequence[Reaction]) -> None:
        """Learn which reaction reads which names."""
        self._everything = tuple(reaction.name for reaction in reactions if not reaction.reads)
        names = {name for reaction in reactions for name in reaction.reads}
        self._by_name = {
            name: (*self._everything, *(reaction.name for reaction in reactions if name in reaction.reads))
            for name in names
        }

    def appended(self, events: Sequence[Any]) -> None:
        """A listener of the database: nudge whoever reads one of these events."""
        names = {event.name for event in events}
        for reaction in {found for name in names for found in self._by_name.get(name, self._everything)}:
            self.nudge(reaction)

    def nudge(self, reaction: str) -> None:
        """Ask for one turn of a reaction."""
        now = time.monotonic()
        with self._guard:
            if now - self._sent.get(reaction, -1.0) < _LOST_AFTER:
                return
            self._sent[reaction] = now
        _send("run_reaction", {"reaction": reaction})

    def started(self, reaction: str) -> None:
        """The turn begins: what is appended from now on needs a new nudge."""
        with self._guard:
            self._sent.pop(reaction, None)


nudger = Nudger()


def send(name: str, arguments: Arguments) -> None:
    """Carry a nudge of `core.jobs`."""
    _send(name, arguments)


def _send(name: str, arguments: Arguments) -> None:
    # Not tried again: whoever has just committed would wait for the broker, and the sweeps find what a lost nudge left.
    app.send_task(name, kwargs=dict(arguments), expires=30, retry=False)
