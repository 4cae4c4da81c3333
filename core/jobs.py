"""Nudges: small named messages that ask a worker to sweep. The truth is in the database; a lost nudge costs a second.

`tasks/` registers what sends them (Celery); until then, and in tests, they go nowhere and the sweeps find the work.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

Arguments: TypeAlias = Mapping[str, str | int]
Sender: TypeAlias = Callable[[str, Arguments], None]


class _Nowhere:
    """The null form of a sender."""

    def __call__(self, name: str, arguments: Arguments) -> None:
        return None


_sender: list[Sender] = [_Nowhere()]


def send_through(sender: Sender) -> None:
    """Let `sender` carry every nudge from now on."""
    _sender[0] = sender


def enqueue(name: str, **arguments: str | int) -> None:
    """Send a nudge at once; inside a transaction use `session.enqueue`, which waits for the commit."""
    _sender[0](name, arguments)
