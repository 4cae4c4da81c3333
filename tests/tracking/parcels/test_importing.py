"""`import parcels`, on both databases."""

import csv

from core import clock
from tests.conftest import NOON
from tests.tracking.filing import Desk, counts
from tests.tracking.shop import Shop
from tracking.parcels import service
from tracking.parcels.importing import import_parcels

HEAD = "parcel_id,order_id,carrier,tracking_number,status,raw_code,occurred_at,place"
TEXT = "\n".join(
    [
        HEAD,
        "P1,O1,DHL,0034,label_ready,LBL,2026-11-18T09:00:00Z,Leipzig",
        "P2,O2,DHL,0035,in_transit,HUB,2026-11-18 10:00:00,Kassel",  # no zone: the store's, Berlin
        "P1,O1,DHL,0034,delivered,,2026-11-19T12:00:00Z,Kiel",
        "P3,O3,,,,,,",
        "P4,O4,DHL,1,delivered,,,",
        "P5,,DHL,1,delivered,,2026-11-19T12:00:00Z,",
        "",
    ]
)


def test_a_row_for_each_scan(desk: Desk) -> None:
    summary = desk.take(import_parcels, TEXT)
    assert summary.names == {"parcel received": 3, "checkpoint received": 3}
    assert [(name, at) for name, _, at, _ in desk.log()] == [
        ("parcel received", -51 * clock.HOUR),
        ("checkpoint received", -51 * clock.HOUR),
        ("parcel received", -51 * clock.HOUR),
        ("checkpoint received", -51 * clock.HOUR),
        ("checkpoint received", -24 * clock.HOUR),
        ("parcel received", 0),
    ]
    with desk.rejects.open(newline="") as file:
        assert [(row["line"], row["reason"]) for row in csv.DictReader(file)] == [
            ("6", "a checkpoint needs its time, and the time has no column or is empty"),
            ("7", "column “order_id”: it is empty"),
        ]
    Shop(desk.database, desk.store.store_id).runner.drain()
    with desk.database.read() as session:
        found = service.parcels(session, desk.store.store_id, now=NOON)
    assert [(one.parcel_id, one.state) for one in found.items] == [
        ("P3", "created"),
        ("P1", "delivered"),
        ("P2", "in_transit"),
    ]


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.take(import_parcels, TEXT)
    before = desk.log()
    assert counts(desk.take(import_parcels, TEXT, name="again.csv.gz")) == (0, 0, 6, 2)
    assert desk.log() == before
