"""How far the history is: a line in the terminal and a small file that anybody may read."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import msgspec

from core import clock
from core.clock import SECOND, Instant

BAR = 28
REDRAW_AFTER = 200  # milliseconds
FILE_NAME = "history-progress.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A state of the loading. `rate` is items per second since the start; `finished_at` is set once all is done."""

    stage: str
    done: int
    total: int
    started_at: Instant
    at: Instant
    finished_at: Instant | None = None

    @property
    def rate(self) -> float:
        return self.done * SECOND / max(1, self.at - self.started_at)

    @property
    def seconds_left(self) -> float:
        return (self.total - self.done) / self.rate if self.rate > 0 else 0.0


Listener = Callable[[Progress], None]


class Counter:
    """Counts what is done and tells its listeners, not more often than a person can read."""

    def __init__(self, total: int, listeners: tuple[Listener, ...]) -> None:
        now = clock.now()
        self.progress = Progress(stage="", done=0, total=total, started_at=now, at=now)
        self._listeners = listeners
        self._told_at = 0

    def stage(self, name: str) -> None:
        self._move(replace(self.progress, stage=name), at_once=True)

    def add(self, number: int) -> None:
        self._move(replace(self.progress, done=self.progress.done + number), at_once=False)

    def finish(self) -> None:
        self._move(replace(self.progress, stage="complete", finished_at=clock.now()), at_once=True)

    def _move(self, progress: Progress, *, at_once: bool) -> None:
        self.progress = replace(progress, at=clock.now())
        if at_once or self.progress.at - self._told_at >= REDRAW_AFTER:
            self._told_at = self.progress.at
            for listen in self._listeners:
                listen(self.progress)


class ProgressFile:
    """Keeps the newest state in a file; it is replaced whole, so that a reader never sees half of one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def __call__(self, progress: Progress) -> None:
        state = msgspec.to_builtins(progress) | {
            "rate": round(progress.rate, 1),
            "seconds_left": round(progress.seconds_left, 1),
        }
        waiting = self._path.with_suffix(".new")
        waiting.write_bytes(msgspec.json.encode(state))
        waiting.replace(self._path)


class ProgressLine:
    """One line that rewrites itself; where the output is no terminal, one line per stage."""

    def __init__(self, output: TextIO = sys.stderr) -> None:
        self._output = output
        self._is_terminal = output.isatty()
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        if self._is_terminal:
            end = "\n" if progress.finished_at else ""
            self._output.write(f"\r\033[K{line(progress)}{end}")
        elif progress.stage != self._stage:
            self._output.write(f"{line(progress)}\n")
        self._stage = progress.stage
        self._output.flush()


def line(progress: Progress) -> str:
    """The state in one line: bar, share, numbers, rate, time left, what is being done."""
    share = min(1.0, progress.done / progress.total) if progress.total else 1.0
    bar = ("━" * round(BAR * share)).ljust(BAR, "·")
    numbers = f"{progress.done:,} of {progress.total:,}"
    if progress.finished_at is not None:
        seconds = (progress.finished_at - progress.started_at) / SECOND
        return f"History {bar} {share:4.0%}  {numbers}  complete in {seconds:.0f} s"
    return f"History {bar} {share:4.0%}  {numbers}  {progress.rate:,.0f}/s  {progress.seconds_left:.0f} s left  {progress.stage}"
