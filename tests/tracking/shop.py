"""A small shop for tests: it tells the log things, and lets the reactions of tracking read them."""

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from core import ids
from core.clock import Instant
from core.db import Base, Database
from core.log import Event, Filter, NewEvent, Runner, read
from tests.conftest import NOON
from tracking.catalog import service as catalog
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.people import service as people

REACTIONS = (*people.REACTIONS, *catalog.REACTIONS, *orders.REACTIONS, *parcels.REACTIONS)


class Shop:
    """Events and documents of one store."""

    def __init__(self, database: Database, store_id: int = 1) -> None:
        self.database = database
        self.store_id = store_id
        self.runner = Runner(database, REACTIONS)
        self.runner.prepare()
        self._numbers = itertools.count(1)

    def document(self, name: str, body: dict[str, Any], *, at: Instant = NOON) -> NewEvent:
        """A document of the shop, as the platforms write it."""
        key = ids.key("fact", name, next(self._numbers))
        return self._row(source="fact", key=key, kind="fact", name=name, body=body, at=at)

    def filed(self, name: str, body: dict[str, Any], *, at: Instant = NOON) -> NewEvent:
        """A row of a file."""
        key = ids.key("import", name, next(self._numbers))
        return self._row(source="server", key=key, kind="import", name=name, body=body, at=at)

    def call(
        self,
        name: str,
        properties: dict[str, Any],
        *,
        source: str = "public",
        at: Instant = NOON,
        anonymous_id: str | None = "a1",
        user_id: str | None = None,
    ) -> NewEvent:
        """A track call, as collect writes it."""
        key = ids.key(source, f"m{next(self._numbers)}")
        body = {"type": "track", "event": name, "properties": properties}
        row = self._row(source=source, key=key, kind="track", name=name, body=body, at=at)
        return msgspec.structs.replace(row, anonymous_id=anonymous_id, user_id=user_id)

    def _row(self, *, source: str, key: bytes, kind: str, name: str, body: dict[str, Any], at: Instant) -> NewEvent:
        return NewEvent(
            store_id=self.store_id, source=source, key=key, type=kind, name=name, occurred_at=at, received_at=max(at, NOON),
            anonymous_id=None, user_id=None, consent="", proof=None, cause=None, depth=0, body=msgspec.json.encode(body),
            flags="",
        )  # fmt: skip

    def append(self, *rows: NewEvent) -> None:
        """Put rows into the log in one transaction."""
        with self.database.write() as session:
            session.append(*rows)

    def tell(self, *rows: NewEvent) -> None:
        """Put rows into the log and let everything that waits be handled."""
        self.append(*rows)
        self.runner.drain()

    def facts(self, name: str) -> list[dict[str, Any]]:
        """The bodies of the facts of a name, oldest first."""
        return [msgspec.json.decode(event.body) for event in self.events(name)]

    def events(self, name: str | None = None) -> list[Event]:
        """Rows of the log, oldest first."""
        with self.database.read() as session:
            return read(session, Filter(store_id=self.store_id, name=name, after=0, limit=100_000))

    def rows(self, *models: type[Base]) -> dict[str, list[tuple[Any, ...]]]:
        """Everything these tables hold, in the order of their keys."""
        return {model.__tablename__: contents(self.database, model) for model in models}


def contents(database: Database, model: type[Base]) -> list[tuple[Any, ...]]:
    """Every row of a table, in the order of its key."""
    table = model.__table__
    with database.read() as session:
        return [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]


def order(order_id: str = "O1", **changes: Any) -> dict[str, Any]:
    """An order document: 2 × 12.50 and 1 × 5.00, 4.90 shipping, total 34.90."""
    body: dict[str, Any] = {
        "order_id": order_id,
        "occurred_at": "2026-11-20T11:00:00Z",
        "currency": "EUR",
        "total": "34.90",
        "tax": "5.57",
        "shipping": "4.90",
        "user_id": "u1",
        "email": "ada@example.com",
        "lines": [line("1", "kettle", 2, "12.50"), line("2", "mug", 1, "5.00")],
    }
    return body | changes


def line(line_id: str, product_id: str, quantity: int, price: str) -> dict[str, Any]:
    """A line of an order document."""
    return {
        "line_id": line_id,
        "product_id": product_id,
        "name": product_id.title(),
        "quantity": quantity,
        "price": price,
    }


def refund(refund_id: str = "R1", order_id: str = "O1", **changes: Any) -> dict[str, Any]:
    """A refund document: all of it."""
    return {"refund_id": refund_id, "order_id": order_id, "occurred_at": "2026-11-20T11:30:00Z"} | changes


def amounts(facts: Sequence[dict[str, Any]]) -> list[int]:
    """The amounts of refund facts."""
    return [fact["amount"] for fact in facts]
