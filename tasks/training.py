"""Models that have grown old are trained anew, in a child process."""

from core import clock
from personalization.recommendations import service
from tasks import children
from tasks.celery import task
from tasks.runtime import current

_TRAIN_EVERY = 6 * clock.HOUR


@task("train_where_due")
def train_where_due() -> None:
    """Start `regulars train` for the first store whose models are older than a few hours and that has something new."""
    runtime = current()
    for store in runtime.directory.stores():
        if service.is_training_due(runtime.database, runtime.settings, store.store_id, clock.now(), age=_TRAIN_EVERY):
            children.start("train", "train", "--store", str(store.store_id))
            return
