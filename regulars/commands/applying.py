"""Letting the reactions handle what a command has appended, where no server does it."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import click
from sqlalchemy import select

from core import clock
from core.db import Database
from core.log import Runner, head
from core.models import LeaseRow
from core.settings import Settings
from personalization.segments import service as segments
from regulars.wiring import reactions
from tracking.stores import service as stores

_SLICE = 0.2  # seconds of one reaction between two looks at the progress


def apply_waiting(database: Database, settings: Settings, *, shown: bool) -> None:
    """Run every reaction until nothing waits, unless a server or worker is at it."""
    if _somebody_serves(database):
        return
    runner = Runner(database, reactions(settings), in_bulk=True)
    runner.prepare()
    with database.read() as session:
        length = head(session) * len(runner.reactions)
    with _bar(length, shown=shown) as bar:
        _drain(runner, bar.update)
        _refresh_segments(database, settings)
        _drain(runner, bar.update)
        bar.update(bar.length - bar.pos)


def _drain(runner: Runner, count: Callable[[int], None]) -> None:
    while waiting := runner.waiting():
        for name in waiting:
            count(runner.run(name, seconds=_SLICE))


def _refresh_segments(database: Database, settings: Settings) -> None:
    """What the clock's sweeps would do next: thresholds, and whoever has to be looked at again."""
    with database.read() as session:
        values = {
            store.store_id: segments.top_fifth(session, store.store_id)
            for store in stores.stores(session, master=settings.secret_key)
        }
    for store_id, value in values.items():
        if value is not None:
            with database.write() as session:
                segments.move_threshold(session, store_id, value, clock.now())
    for sweep in (segments.refresh_due, segments.refresh_seen, segments.refresh_pending):
        while True:
            with database.write() as session:
                if not sweep(session, clock.now()):
                    break


def _somebody_serves(database: Database) -> bool:
    """Whether a process holds the leader lease: it will have handled everything within a moment."""
    with database.read() as session:
        until = session.execute(select(LeaseRow.until).where(LeaseRow.name == "beat")).scalar()
    return until is not None and until > clock.now()


def _bar(length: int, *, shown: bool) -> AbstractContextManager[Any]:
    stream = sys.stderr
    return click.progressbar(length=length, label="Applying ", show_pos=True, file=stream, hidden=not shown)
