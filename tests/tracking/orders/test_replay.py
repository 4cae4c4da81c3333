"""Replaying the log into other tables gives the same rows and concludes nothing new."""

import random

from core import clock
from core.db import Database
from tests.conftest import NOON
from tests.tracking.shop import REACTIONS, Shop, contents, line, order, refund
from tracking.orders.models import LineRow, OrderRow, PersonOrdersRow, RefundLineRow, RefundRow, ReportRow
from tracking.parcels.models import CheckpointRow, ParcelRow
from tracking.stores.schemas import NewStore

MODELS = (OrderRow, LineRow, RefundRow, RefundLineRow, ReportRow, PersonOrdersRow, ParcelRow, CheckpointRow)
STATES = ("label_ready", "picked_up", "in_transit", "delayed", "out_for_delivery", "delivered", "returned", "Expired")


def history(shop: Shop, seed: int) -> None:
    """Reports of some orders by every door, in any order, with people whose identities move."""
    chance = random.Random(seed)
    rows = []
    for number in range(30):
        order_id, user = f"O{number}", f"u{number % 7}"
        buyer = {"user_id": user} if number % 3 else {"user_id": None, "email": f"{user}@example.com"}
        at = NOON - number * clock.HOUR
        document = order(
            order_id, **buyer, anonymous_id=f"a{number % 5}", occurred_at=clock.iso(at), promised_at=clock.iso(NOON)
        )
        rows.append(
            shop.call(
                "Order Completed",
                {"order_id": order_id, "total": 1},
                anonymous_id=f"a{number % 5}",
                user_id=user,
                at=at,
            )
        )
        rows.append(shop.document("order received", document, at=at))
        rows.append(
            shop.document("order received", document | {"revision": 1, "lines": [line("1", "kettle", 1, "9")]}, at=at)
        )
        rows.append(shop.document("refund received", refund(f"R{number}", order_id, amount="3.00"), at=at))
        rows.append(
            shop.document("parcel received", {"parcel_id": f"P{number}", "order_id": order_id, "carrier": "DHL"}, at=at)
        )
        for state in chance.sample(STATES, 4):
            scan = {
                "parcel_id": f"P{number}",
                "status": state,
                "occurred_at": clock.iso(at + STATES.index(state) * clock.HOUR),
            }
            rows.append(shop.document("checkpoint received", scan, at=at))
        if number % 6 == 0:
            rows.append(
                shop.document(
                    "order cancellation received", {"order_id": order_id, "occurred_at": clock.iso(at)}, at=at
                )
            )
    for number in range(7):
        rows.append(shop.filed("person received", {"user_id": f"u{number}", "email": f"u{number}@example.com"}))
    chance.shuffle(rows)
    for start in range(0, len(rows), 17):
        shop.tell(*rows[start : start + 17])


def test_a_rebuild_gives_the_same_tables_and_concludes_nothing_new(
    sqlite_database: Database, new_store_in: NewStore
) -> None:
    shop = Shop(sqlite_database, new_store_in.store.store_id)
    history(shop, seed=5)
    before = {model: contents(sqlite_database, model) for model in MODELS}
    assert all(before.values())
    facts = len(shop.events())
    # the same log into empty tables: each reaction reads all of it before the next one begins
    with sqlite_database.write() as session:
        for table in reversed(OrderRow.metadata.sorted_tables):
            kind = next((m.class_.__kind__ for m in OrderRow.registry.mappers if m.local_table is table), "")
            if kind == "projection" or table.name == "reaction_cursor":
                session.execute(table.delete())
    rebuilding = Database(sqlite_database.url, rebuilding=True)
    try:
        shop = Shop(rebuilding, new_store_in.store.store_id)
        for reaction in REACTIONS:
            shop.runner.run(reaction.name, seconds=3600)
        assert rebuilding.differences == []
        assert {model: contents(rebuilding, model) for model in MODELS} == before
        assert len(shop.events()) == facts
    finally:
        rebuilding.close()
