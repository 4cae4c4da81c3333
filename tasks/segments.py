"""Segments whose time has come, and thresholds that moved."""

from core import clock
from personalization.segments import service
from tasks.celery import task
from tasks.runtime import current

_SLICES = 40  # of one task; the next one goes on


@task("refresh_segments")
def refresh_segments() -> None:
    """Look at the memberships that the passing of time can have changed, and at segments that were rewritten."""
    database = current().database
    for sweep in (service.refresh_due, service.refresh_seen, service.refresh_pending):
        for _ in range(_SLICES):
            with database.write() as session:
                if not sweep(session, clock.now()):
                    break


@task("update_segment_thresholds")
def update_segment_thresholds() -> None:
    """Compute anew, for every store, what four in five buyers have spent."""
    runtime = current()
    for store in runtime.directory.stores():
        with runtime.database.read() as session:
            value = service.top_fifth(session, store.store_id)
        if value is not None:
            with runtime.database.write() as session:
                service.move_threshold(session, store.store_id, value, clock.now())
