"""How fast the reactions conclude: every one of them, over the log of an installation that is copied and told anew.

    python -m benchmarks.drain DATABASE [--only REACTION] [--profile] [--json]

DATABASE is a SQLite file, such as `regulars.db` of a home that `python -m demo` has filled. The copy keeps what came from
outside and what was configured; facts, projections and books are concluded again, with everything a live drain writes. One
thread runs the reactions in turn. Figures are the thread's own CPU time, since the machine may be shared; the wall is beside it.
"""

import argparse
import cProfile
import gc
import json
import pstats
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from benchmarks import machine
from core import settings
from core.db import Base, Database, Session
from core.log import FACT, Runner
from regulars import schema
from regulars.wiring import reactions

_SLICE = 0.25  # seconds of one reaction's turn, as in the worker
_SHOWN = 45  # lines of a profile


class Watched(Database):
    """A database that remembers how long each write transaction held the lane, commit included (seconds)."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.holds: list[tuple[float, float]] = []

    @contextmanager
    def write(self) -> Iterator[Session]:
        cpu, wall = time.thread_time(), time.perf_counter()
        with super().write() as session:
            yield session
        self.holds.append((time.thread_time() - cpu, time.perf_counter() - wall))


@dataclass(slots=True)
class Spent:
    """What one reaction took; `holds` are (CPU, wall) of its transactions, all times in seconds."""

    events: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    holds: list[tuple[float, float]] = field(default_factory=list)


def untold(source: Path, folder: Path) -> Path:
    """A copy of the database in which nothing has been concluded yet."""
    schema.load_models()
    copy = folder / "drain.db"
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as there, sqlite3.connect(copy) as here:
        there.backup(here)
        here.execute("DELETE FROM event WHERE source = ?", (FACT,))
        for table in _derived():
            here.execute(f'DELETE FROM "{table.name}"')
    here.close()
    return copy


def drain(database: Watched, runner: Runner) -> dict[str, Spent]:
    """Let every reaction take turns until nothing waits."""
    runner.prepare()
    gc.collect()
    gc.freeze()  # as the service does when it has started
    spent = {reaction.name: Spent() for reaction in runner.reactions}
    database.holds.clear()
    while sum([_turn(database, runner, name, one) for name, one in spent.items()]):
        pass
    return spent


def _turn(database: Watched, runner: Runner, name: str, spent: Spent) -> int:
    cpu, wall = time.thread_time(), time.perf_counter()
    handled = runner.run(name, seconds=_SLICE)
    spent.events += handled
    if handled:
        spent.cpu += time.thread_time() - cpu
        spent.wall += time.perf_counter() - wall
    spent.holds += database.holds
    database.holds.clear()
    return handled


def _derived() -> list[Table]:
    kinds = ("projection", "book", "machine")
    found = [mapper for mapper in Base.registry.mappers if mapper.class_.__kind__ in kinds]
    return [mapper.local_table for mapper in found if isinstance(mapper.local_table, Table)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--only", default="", help="Profile this reaction alone (with --profile).")
    parser.add_argument("--profile", action="store_true", help="Print where the time goes.")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regulars-drain-", ignore_cleanup_errors=True) as folder:
        database = Watched(f"sqlite:///{untold(options.database, Path(folder))}")
        try:
            document = _measured(database, Path(folder), options)
        finally:
            database.close()
    print(json.dumps(document, indent=2) if options.json else _text(document))


def _measured(database: Watched, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    environment = {"REGULARS_HOME": str(folder), "REGULARS_SMTP_URL": "null:"}
    runner = Runner(database, reactions(settings.load(environment)))
    events = _rows(database, "event")
    profile = _profiled(runner, options.only) if options.profile else None
    spent = drain(database, runner)
    if profile is not None:
        pstats.Stats(profile).sort_stats("tottime").print_stats(_SHOWN)
        pstats.Stats(profile).sort_stats("cumtime").print_stats(_SHOWN)
    cpu, wall = sum(one.cpu for one in spent.values()), sum(one.wall for one in spent.values())
    return {
        "machine": machine.described(),
        "events": events,
        "facts": _rows(database, "event") - events,
        "set_aside": _rows(database, "set_aside"),
        "cpu_seconds": round(cpu, 2),
        "wall_seconds": round(wall, 2),
        "events_per_cpu_second": round(events / cpu),
        "reactions": {name: _summary(one) for name, one in spent.items()},
    }


def _profiled(runner: Runner, only: str) -> cProfile.Profile:
    """Watch what `run` does for one reaction, or for all."""
    profile, run = cProfile.Profile(time.thread_time), runner.run

    def watched(name: str, *, seconds: float = 1.0) -> int:
        if only not in ("", name):
            return run(name, seconds=seconds)
        return profile.runcall(run, name, seconds=seconds)

    setattr(runner, "run", watched)  # noqa: B010
    return profile


def _rows(database: Database, table: str) -> int:
    with database.read() as session:
        return int(session.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def _summary(spent: Spent) -> dict[str, float]:
    cpu, wall = sorted(one for one, _ in spent.holds), sorted(one for _, one in spent.holds)
    return {
        "events": spent.events,
        "cpu_seconds": round(spent.cpu, 2),
        "cpu_us_per_event": round(spent.cpu / max(1, spent.events) * 1e6, 1),
        "wall_seconds": round(spent.wall, 2),
        "hold_ms_p99": round(_at(cpu, 0.99) * 1e3, 1),
        "hold_ms_longest": round(_at(cpu, 1.0) * 1e3, 1),
        "hold_wall_ms_p99": round(_at(wall, 0.99) * 1e3, 1),
        "hold_wall_ms_longest": round(_at(wall, 1.0) * 1e3, 1),
    }


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _text(document: dict[str, Any]) -> str:
    heads: tuple[tuple[str, Callable[[dict[str, float]], float]], ...] = (
        ("events", lambda row: row["events"]),
        ("CPU s", lambda row: row["cpu_seconds"]),
        ("µs/event", lambda row: row["cpu_us_per_event"]),
        ("wall s", lambda row: row["wall_seconds"]),
        ("hold p99", lambda row: row["hold_ms_p99"]),
        ("longest", lambda row: row["hold_ms_longest"]),
        ("wall p99", lambda row: row["hold_wall_ms_p99"]),
        ("longest", lambda row: row["hold_wall_ms_longest"]),
    )
    lines = [f"{'reaction':<28}" + "".join(f"{name:>10}" for name, _ in heads)]
    lines += [
        f"{name:<28}" + "".join(f"{read(row):>10}" for _, read in heads) for name, row in document["reactions"].items()
    ]
    lines.append(
        f"\n{document['events']} events, {document['facts']} facts, {document['set_aside']} set aside: "
        f"{document['cpu_seconds']} s of CPU, {document['wall_seconds']} s; "
        f"{document['events_per_cpu_second']} events per CPU-second"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
