"""What the tests of people say in the log, in one line each."""

from typing import Any

import msgspec

from core import ids
from core.db import Database
from core.log import FACT, IMPORT, PUBLIC, SERVER, NewEvent, Runner
from tests.conftest import NOON
from tracking.people import service

STORE = 1


def call(
    kind: str = "page",
    *,
    at: int = 0,
    anonymous: str | None = None,
    user: str | None = None,
    source: str = PUBLIC,
    proof: str | None = None,
    consent: str = "",
    name: str | None = None,
    store_id: int = STORE,
    message: str | None = None,
    **body: Any,
) -> NewEvent:
    """A call of the protocol, `at` milliseconds after noon."""
    key = ids.key(
        source, message or repr((kind, at, anonymous, user, proof, consent, name, sorted(body.items(), key=str)))
    )
    return NewEvent(
        store_id=store_id, source=source, key=key, type=kind, name=name or kind, occurred_at=NOON + at, received_at=NOON + at,
        anonymous_id=anonymous, user_id=user, consent=consent, proof=proof, cause=None, depth=0,
        body=msgspec.json.encode(body), flags="",
    )  # fmt: skip


def server(kind: str = "page", **said: Any) -> NewEvent:
    """The same from the shop's server."""
    return call(kind, source=SERVER, **said)


def order(number: str, *, at: int = 0, source: str = FACT, **document: Any) -> NewEvent:
    """A trusted order document."""
    body = {"order_id": number, "occurred_at": "2026-11-20T12:00:00Z", "currency": "EUR", **document}
    return NewEvent(
        store_id=STORE, source=source, key=ids.key("order", number, at), type="fact", name="order received",
        occurred_at=NOON + at, received_at=NOON + at, anonymous_id=None, user_id=None, consent="", proof=None, cause=None,
        depth=0, body=msgspec.json.encode(body), flags="",
    )  # fmt: skip


def person(user: str, *, at: int = 0, **document: Any) -> NewEvent:
    """A row of an imported list of people."""
    return NewEvent.imported(
        store_id=STORE, name="person received", body={"user_id": user, **document}, key=(user, at),
        occurred_at=NOON + at, received_at=NOON + at,
    )  # fmt: skip


def trait_set(person_id: int, name: str, value: Any, *, at: int = 0) -> NewEvent:
    """A fact of a part above."""
    body = {"person_id": person_id, "name": name, "value": value, "owner": "test"}
    return NewEvent.decided(
        store_id=STORE, name="trait set", body=body, key=("trait", person_id, name, at), at=NOON + at
    )


def tell(database: Database, *events: NewEvent, size: int = 200) -> None:
    """Put events into the log, and let people read them in batches of `size`."""
    runner = Runner(database, service.REACTIONS)
    runner.prepare()
    for at in range(0, len(events), size):
        with database.write() as session:
            session.append(*events[at : at + size])
        runner.drain()


__all__ = ["IMPORT", "STORE", "call", "order", "person", "server", "tell", "trait_set"]
