"""What the tests of the catalog say in the log, in one line each."""

from typing import Any

import msgspec

from core import ids
from core.db import Database
from core.log import FACT, PUBLIC, NewEvent, Runner
from tests.conftest import NOON
from tracking.catalog import service

STORE = 1


def received(product_id: str, *, at: int = 0, source: str = FACT, kind: str = "fact", **document: Any) -> NewEvent:
    """A document of the shop, `at` milliseconds after noon."""
    return _event("product received", kind, source, at, {"product_id": product_id, **document})


def viewed(*, at: int = 0, source: str = PUBLIC, **properties: Any) -> NewEvent:
    """A browser's view of a product."""
    return _event("Product Viewed", "track", source, at, {"properties": properties})


def tell(database: Database, *events: NewEvent, size: int = 200) -> None:
    """Put events into the log, and let the catalog read them in batches of `size`."""
    runner = Runner(database, service.REACTIONS)
    runner.prepare()
    for at in range(0, len(events), size):
        with database.write() as session:
            session.append(*events[at : at + size])
        runner.drain()


def _event(name: str, kind: str, source: str, at: int, body: dict[str, Any]) -> NewEvent:
    return NewEvent(
        store_id=STORE, source=source, key=ids.key("catalog", name, source, at, repr(body)), type=kind, name=name,
        occurred_at=NOON + at, received_at=NOON + at, anonymous_id=None, user_id=None, consent="", proof=None, cause=None,
        depth=0, body=msgspec.json.encode(body), flags="",
    )  # fmt: skip
