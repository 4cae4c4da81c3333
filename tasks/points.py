"""Points whose time is over."""

from core import clock
from loyalty.ledger import service
from tasks.celery import task
from tasks.runtime import current


@task("expire_points")
def expire_points() -> None:
    """Let the points of lots run out that end now."""
    with current().database.read() as session:
        if not service.is_any_expired(session, clock.now()):
            return
    while True:
        with current().database.write() as session:
            if not service.expire(session, clock.now()):
                return
