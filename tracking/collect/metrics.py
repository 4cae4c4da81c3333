"""Counters of the intake."""

from prometheus_client import Counter, Histogram

COMMITTED = Counter("regulars_events_committed", "Rows handed to the log, repeated ones included.")
GROUPS = Histogram(
    "regulars_commit_rows", "Rows in one group commit.", buckets=(1, 5, 20, 50, 100, 200, 500, 1000, 2000)
)
REFUSED = Counter("regulars_refused", "Requests and items that were refused.", ["reason"])
