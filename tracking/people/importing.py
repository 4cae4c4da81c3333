"""`regulars import people`: a CSV file with one row per customer becomes `person received`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core import clock
from core.db import Database
from tracking.collect.files.errors import RefusedRow
from tracking.collect.files.rows import CsvFile, Fields, Row
from tracking.collect.files.run import ImportRun, ImportSummary, Progress
from tracking.people.schemas import PersonDocument
from tracking.stores.schemas import Store

_TRAITS = ("first_name", "last_name", "name", "phone", "birthday", "country", "city", "postal_code", "language")
FIELDS = Fields(required=("user_id",), optional=("email", *_TRAITS, "traits.", "marketing", "created_at"))
_LONGEST_ID = 255


def import_people(
    database: Database,
    store: Store,
    path: Path,
    mapping: Mapping[str, str],
    *,
    progress: Progress,
    reject_path: Path,
) -> ImportSummary:
    """Append what the file says; raises ImportFailure. `traits.<name>` maps a column to a trait of that name."""
    with (
        CsvFile(path, mapping, FIELDS) as file,
        ImportRun(database, store.store_id, reject_path=reject_path, progress=progress) as run,
    ):
        for row in file.rows(run.refuse):
            run.columns(file.columns)
            run.read(file.position, file.size)
            try:
                _take(run, row, store.time_zone)
            except RefusedRow as error:
                run.refuse(row.line, str(error), row.cells)
    progress(file.size, file.size)
    return run.summary()


def _take(run: ImportRun, row: Row, zone: str) -> None:
    user_id, email = row.needed("user_id"), row.optional("email")
    if len(user_id) > _LONGEST_ID:
        raise RefusedRow(f"a user id may have {_LONGEST_ID} characters at most")
    if email is not None and "@" not in email:
        raise RefusedRow(f"“{email[:40]}” is not an e-mail address")
    created_at = row.optional_instant("created_at", zone)
    traits: dict[str, Any] = {name: text for name in _TRAITS if (text := row.text(name))}
    document = PersonDocument(
        user_id=user_id,
        email=email,
        traits=traits | row.of("traits"),
        marketing=row.truth("marketing"),
        created_at=None if created_at is None else clock.iso(created_at),
    )
    at = run.received_at if created_at is None else created_at
    run.document("person received", document, key=(user_id,), occurred_at=at, user_id=user_id)
