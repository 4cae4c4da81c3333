"""What runs when nothing nudges: one table."""

from typing import Any

from celery.beat import Scheduler

from tasks.celery import app
from tasks.lease import Lease
from tasks.runtime import current

SCHEDULE: dict[str, float] = {  # task → seconds between two runs
    "sweep_reactions": 0.2,
    "send_messages": 1.0,
    "refresh_segments": 1.0,
    "expire_points": 30.0,
    "update_segment_thresholds": 15.0,
    "train_where_due": 300.0,
}

app.conf.beat_schedule = {
    name: {"task": name, "schedule": seconds, "options": {"expires": max(seconds, 1.0)}}
    for name, seconds in SCHEDULE.items()
}


class LeasedScheduler(Scheduler):  # type: ignore[misc]
    """Beat that ticks only in the process that holds the leader lease, so that any number may be started."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._lease = Lease(current().database, "beat")

    def tick(self, *args: Any, **keywords: Any) -> float:
        """Send what is due, if this process leads; seconds until the next look."""
        if not self._lease.hold():
            return 1.0
        wait: float = super().tick(*args, **keywords)
        return min(wait, 1.0)
