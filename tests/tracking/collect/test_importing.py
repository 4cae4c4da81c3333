"""`import events`, on both databases."""

import csv

from core import clock
from core.log import Filter, read
from tests.conftest import NOON
from tests.tracking.filing import Desk, counts
from tracking.collect.importing import import_events

TEXT = "\n".join(
    [
        '{"type":"track","event":"Product Viewed","anonymousId":"a1","messageId":"m1","timestamp":"2025-01-01T00:00:00Z"}',
        '{"type":"page","userId":"u1","timestamp":"2026-11-20T13:00:00Z"}',
        "",
        '{"type":"track","event":"Product Viewed","anonymousId":"a1","messageId":"m1"}',
        '{"type":"track","anonymousId":"a1"}',
        '{"type":"track","event":"Product Viewed"}',
        '{"type":',
        "",
    ]
)


def take(desk: Desk, name: str = "events.jsonl") -> tuple[int, int, int, int]:
    path = desk.file(TEXT, name)
    with clock.frozen(NOON):
        return counts(
            import_events(desk.database, desk.store, path, progress=lambda *_: None, reject_path=desk.rejects)
        )


def test_a_call_on_each_line(desk: Desk) -> None:
    assert take(desk) == (2, 0, 1, 3)
    with desk.database.read() as session:
        events = read(session, Filter(store_id=desk.store.store_id, after=0))
    assert [(one.name, one.source, one.occurred_at, one.flags) for one in events] == [
        ("Product Viewed", "server", clock.parse("2025-01-01T00:00:00Z"), ""),
        ("page", "server", NOON, "clock ahead"),
    ]
    assert events[0].historical
    with desk.rejects.open(newline="") as file:
        assert [(row["line"], row["reason"]) for row in csv.DictReader(file)][:2] == [
            ("5", "a track call needs an event"),
            ("6", "it has neither userId nor anonymousId"),
        ]


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    take(desk)
    assert take(desk, "events.jsonl.gz") == (0, 0, 3, 3)
