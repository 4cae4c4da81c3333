"""A shop in a real log: products and orders as the shop's files say, views as browsers say, folded by the real reactions."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from core import clock, ids
from core.clock import DAY, MINUTE, Instant
from core.db import Database
from core.log import PUBLIC, NewEvent, Runner
from core.settings import Settings, load
from personalization.recommendations import service as recommendations
from tests.conftest import MASTER
from tracking.catalog import service as catalog
from tracking.orders import service as orders
from tracking.people import service as people


def settings(home: Path) -> Settings:
    """Settings of a test's own home; nothing is shuffled."""
    return load({"REGULARS_HOME": str(home), "REGULARS_SECRET_KEY": MASTER, "REGULARS_EXPLORATION": "0"})


@dataclass
class ShopInLog:
    """Appends to the log of one store and lets the reactions run."""

    database: Database
    store_id: int
    rows: list[NewEvent] = field(default_factory=list)
    said: int = 0

    def product(self, product_id: str, *, group: int = 0, stock: int | None = None, name: str | None = None) -> None:
        body = {
            "product_id": product_id,
            "name": name or f"Thing {product_id}",
            "url": f"/p/{product_id}",
            "price": "12.50",
            "stock": stock,
            "categories": [f"group{group}"],
        }
        self._imported("product received", body, product_id)

    def order(self, order_id: str, user_id: str | None, product_ids: list[str], at: Instant) -> None:
        lines = [
            {"line_id": str(n), "product_id": one, "name": f"Thing {one}", "price": "12.50"}
            for n, one in enumerate(product_ids)
        ]
        body = {
            "order_id": order_id,
            "occurred_at": clock.iso(at),
            "currency": "EUR",
            "user_id": user_id,
            "lines": lines,
        }
        self._imported("order received", body, order_id, at=at, user_id=user_id)

    def event(self, name: str, at: Instant, properties: dict[str, object] | None = None, **changes: object) -> NewEvent:
        """A row as collect would append it."""
        values: dict[str, object] = {
            "store_id": self.store_id,
            "source": PUBLIC,
            "key": ids.key("test", self._count()),
            "type": "identify" if name == "identify" else "track",
            "name": name,
            "occurred_at": at,
            "received_at": at,
            "anonymous_id": None,
            "user_id": None,
            "consent": "",
            "proof": None,
            "cause": None,
            "depth": 0,
            "body": msgspec.json.encode({"properties": properties or {}}),
            "flags": "",
        }
        row = NewEvent(**(values | changes))  # type: ignore[arg-type]
        self.rows.append(row)
        return row

    def view(self, anonymous_id: str, product_id: str, at: Instant, **changes: object) -> NewEvent:
        return self.event("Product Viewed", at, {"product_id": product_id}, anonymous_id=anonymous_id, **changes)

    def commit(self) -> None:
        """Append what was said and fold it."""
        with self.database.write() as session:
            session.append(*self.rows)
        self.rows = []
        runner = Runner(
            self.database,
            (*people.REACTIONS, *catalog.REACTIONS, *orders.REACTIONS, *recommendations.reactions(MASTER)),
        )
        runner.prepare()
        runner.drain()

    def two_groups(self, now: Instant, visitors: int = 40) -> None:
        """Twenty products in two groups; every visitor looks and buys in one of them."""
        for number in range(20):
            self.product(f"p{number:02}", group=number // 10)
        for visitor in range(visitors):
            began = now - (visitor % 20 + 1) * DAY
            group = 10 * (visitor % 2)
            for step in range(4):
                product_id = f"p{group + (visitor * 3 + step * step) % 10:02}"
                self.view(f"anonymous{visitor}", product_id, began + step * MINUTE)
            bought = [f"p{group + n:02}" for n in (0, 1, (visitor // 2) % 8 + 2)]
            self.order(f"o{visitor}", f"user{visitor}", bought, began + 10 * MINUTE)
        self.commit()

    def _count(self) -> int:
        self.said += 1
        return self.said

    def _imported(self, name: str, body: object, key: str, *, at: Instant | None = None, **who: str | None) -> None:
        now = clock.now()
        row = NewEvent.imported(
            store_id=self.store_id,
            name=name,
            body=body,
            key=(key, self._count()),
            occurred_at=now if at is None else at,
            received_at=now,
            **who,  # type: ignore[arg-type]
        )
        self.rows.append(row)
