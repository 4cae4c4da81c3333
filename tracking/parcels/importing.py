"""`regulars import parcels`: a CSV file with one row per checkpoint becomes `parcel received` and `checkpoint received`."""

from collections.abc import Mapping
from pathlib import Path

from core import clock
from core.db import Database
from tracking.collect.files.errors import RefusedRow
from tracking.collect.files.rows import CsvFile, Fields, Row
from tracking.collect.files.run import ImportRun, ImportSummary, Progress
from tracking.parcels.schemas import CheckpointDocument, ParcelDocument
from tracking.stores.schemas import Store

FIELDS = Fields(
    required=("parcel_id", "order_id"),
    optional=("carrier", "tracking_number", "status", "raw_code", "occurred_at", "place"),
)


def import_parcels(
    database: Database,
    store: Store,
    path: Path,
    mapping: Mapping[str, str],
    *,
    progress: Progress,
    reject_path: Path,
) -> ImportSummary:
    """Append what the file says; raises ImportFailure. A row without a status only announces its parcel."""
    announced: set[str] = set()
    with (
        CsvFile(path, mapping, FIELDS) as file,
        ImportRun(database, store.store_id, reject_path=reject_path, progress=progress) as run,
    ):
        for row in file.rows(run.refuse):
            run.columns(file.columns)
            run.read(file.position, file.size)
            try:
                _take(run, row, store.time_zone, announced)
            except RefusedRow as error:
                run.refuse(row.line, str(error), row.cells)
    progress(file.size, file.size)
    return run.summary()


def _take(run: ImportRun, row: Row, zone: str, announced: set[str]) -> None:
    parcel_id, order_id = row.needed("parcel_id"), row.needed("order_id")
    at = row.optional_instant("occurred_at", zone)
    when = run.received_at if at is None else at
    if row.text("status") and at is None:
        raise RefusedRow("a checkpoint needs its time, and the time has no column or is empty")
    if parcel_id not in announced:
        announced.add(parcel_id)
        parcel = ParcelDocument(
            parcel_id=parcel_id,
            order_id=order_id,
            carrier=row.optional("carrier"),
            tracking_number=row.optional("tracking_number"),
            occurred_at=None if at is None else clock.iso(at),
        )
        run.document("parcel received", parcel, key=(parcel_id,), occurred_at=when)
    if row.text("status"):
        _checkpoint(run, row, parcel_id, when)


def _checkpoint(run: ImportRun, row: Row, parcel_id: str, at: int) -> None:
    document = CheckpointDocument(
        parcel_id=parcel_id,
        status=row.text("status"),
        raw_code=row.optional("raw_code"),
        occurred_at=clock.iso(at),
        place=row.optional("place"),
    )
    key = (parcel_id, at, document.status, document.raw_code or "", document.place or "")
    run.document("checkpoint received", document, key=key, occurred_at=at)
