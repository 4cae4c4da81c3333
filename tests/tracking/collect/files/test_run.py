"""Slices, counts, and what was erased."""

from pathlib import Path

import pytest
from sqlalchemy import update

from core import clock
from core.db import Database
from core.log.models import EventRow
from tests.conftest import NOON
from tracking.collect.files.run import ImportRun, ImportSummary


def run(database: Database, folder: Path, *values: int) -> ImportSummary:
    with (
        clock.frozen(NOON),
        ImportRun(database, 1, reject_path=folder / "rejects.csv", progress=lambda *_: None) as one,
    ):
        for value in values:
            one.document("thing received", {"value": value}, key=(value // 10,), occurred_at=NOON)
        if any(value < 0 for value in values):
            raise RuntimeError
    return one.summary()


def test_the_same_key_twice_in_one_slice(database: Database, tmp_path: Path) -> None:
    summary = run(database, tmp_path, 10, 10, 11, 11, 20)
    assert (summary.taken, summary.changed, summary.already_there) == (2, 1, 2)


def test_many_slices(sqlite_database: Database, tmp_path: Path) -> None:
    assert run(sqlite_database, tmp_path, *range(0, 20_000, 10)).taken == 2_000
    assert run(sqlite_database, tmp_path, *range(0, 20_010, 10)).already_there == 2_000


def test_a_run_that_fails_keeps_whole_slices_only(sqlite_database: Database, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        run(sqlite_database, tmp_path, *range(0, 1_050, 10), -10)
    assert run(sqlite_database, tmp_path, *range(0, 1_050, 10)).already_there == 100


def test_what_was_erased_is_not_brought_back(database: Database, tmp_path: Path) -> None:
    run(database, tmp_path, 10)
    with database.write() as session:
        session.execute(update(EventRow).values(body=b"{}", flags="erased"))
    assert run(database, tmp_path, 10).already_there == 1
    assert run(database, tmp_path, 11).already_there == 1


def test_no_reject_file_is_left_of_an_earlier_run(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "rejects.csv").write_text("old")
    assert run(sqlite_database, tmp_path, 10).reject_path is None
    assert not (tmp_path / "rejects.csv").exists()
