import io
from pathlib import Path

import msgspec

from core import clock
from demo.history.progress import Counter, Progress, ProgressFile, ProgressLine, line

START = 1_764_000_000_000


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_rate_and_time_left() -> None:
    progress = Progress(stage="orders", done=2_500, total=10_000, started_at=START, at=START + 5_000)
    assert progress.rate == 500.0
    assert progress.seconds_left == 15.0
    assert line(progress) == "History ━━━━━━━·····················  25%  2,500 of 10,000  500/s  15 s left  orders"


def test_nothing_done_yet_divides_by_nothing() -> None:
    progress = Progress(stage="people", done=0, total=10, started_at=START, at=START)
    assert progress.seconds_left == 0.0
    assert line(progress).endswith("0/s  0 s left  people")


def test_listeners_hear_stages_at_once_and_numbers_now_and_then() -> None:
    heard: list[Progress] = []
    with clock.frozen(START):
        counter = Counter(100, (heard.append,))
        counter.stage("orders")
        counter.add(10)
    with clock.frozen(START + 1_000):
        counter.add(10)
        counter.finish()
    assert [(each.stage, each.done) for each in heard] == [("orders", 0), ("orders", 20), ("complete", 20)]
    assert heard[-1].finished_at == START + 1_000


def test_the_file_can_be_read_by_anybody(tmp_path: Path) -> None:
    ProgressFile(tmp_path)(Progress(stage="orders", done=5, total=10, started_at=START, at=START + 1_000))
    assert msgspec.json.decode((tmp_path / "history-progress.json").read_bytes()) == {
        "stage": "orders",
        "done": 5,
        "total": 10,
        "started_at": START,
        "at": START + 1_000,
        "finished_at": None,
        "rate": 5.0,
        "seconds_left": 1.0,
    }
    assert [path.name for path in tmp_path.iterdir()] == ["history-progress.json"]


def test_a_terminal_shows_one_line_that_rewrites_itself() -> None:
    terminal = Terminal()
    show = ProgressLine(terminal)
    show(Progress(stage="orders", done=5, total=10, started_at=START, at=START + 1_000))
    show(Progress(stage="complete", done=10, total=10, started_at=START, at=START + 2_000, finished_at=START + 2_000))
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().count("\r") == 2
    assert terminal.getvalue().endswith("10 of 10  complete in 2 s\n")


def test_a_log_gets_one_line_per_stage() -> None:
    log = io.StringIO()
    show = ProgressLine(log)
    for done in (1, 2, 3):
        show(Progress(stage="orders", done=done, total=10, started_at=START, at=START + 1_000))
    assert log.getvalue().count("\n") == 1
