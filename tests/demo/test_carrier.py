"""The carrier: parcels move by time, report each step once, stop at the door, and some are late."""

import json
from pathlib import Path

import pytest

from demo import carrier
from demo.shop.database import ShopDatabase

MINUTE = 60_000


@pytest.fixture
def database(tmp_path: Path) -> ShopDatabase:
    return ShopDatabase(tmp_path)


def order(database: ShopDatabase, order_id: str) -> None:
    with database.write() as connection:
        connection.execute(
            "INSERT INTO customer_order (order_id, email, name, street, postal_code, city, country, placed_at, "
            "promised_at, shipping, total) VALUES (?, '', '', '', '', '', 'DE', 0, 0, 0, 0)",
            (order_id,),
        )
        carrier.book(connection, order_id, step_seconds=60, now=0)


def parcel(database: ShopDatabase, order_id: str) -> carrier.Parcel:
    with database.read() as connection:
        return carrier.parcels_of(connection, order_id)[0]


def late_and_not(database: ShopDatabase) -> tuple[str, str]:
    """Book twelve orders and return one that is late and one that is not."""
    names = [f"W{number}" for number in range(20_001, 20_013)]
    for name in names:
        order(database, name)
    late = [name for name in names if parcel(database, name).late]
    return late[0], next(name for name in names if name not in late)


def sweep(database: ShopDatabase, now: int) -> int:
    with database.write() as connection:
        return carrier.move_due(connection, now=now, step_seconds=60)


def test_a_parcel_moves_a_step_a_minute_and_stops_at_the_door(database: ShopDatabase) -> None:
    _, name = late_and_not(database)
    seen = []
    for minute in range(8):
        sweep(database, minute * MINUTE)
        seen.append(parcel(database, name).state)
    assert seen == [
        *(
            "created",
            "label_ready",
            "picked_up",
            "in_transit",
            "out_for_delivery",
            "delivered",
            "delivered",
            "delivered",
        )
    ]


def test_a_late_parcel_says_so_and_takes_three_times_as_long(database: ShopDatabase) -> None:
    name, _ = late_and_not(database)
    seen = []
    for minute in range(0, 21, 3):
        sweep(database, minute * MINUTE)
        seen.append(parcel(database, name).state)
    assert seen == [*("created", "label_ready", "picked_up", "in_transit", "delayed", "out_for_delivery", "delivered")]


def test_a_step_and_its_report_are_written_together(database: ShopDatabase) -> None:
    _, name = late_and_not(database)
    with database.write() as connection:
        assert carrier.move_on(connection, f"P-{name}", now=5 * MINUTE, step_seconds=60)
    with database.read() as connection:
        rows = connection.execute("SELECT topic, delivery_id, body FROM delivery ORDER BY number").fetchall()
    tracking = parcel(database, name).tracking_number
    assert [(row["topic"], row["delivery_id"], json.loads(row["body"])) for row in rows] == [
        (
            "parcel.created",
            f"parcel.created/P-{name}",
            {
                "parcel_id": f"P-{name}",
                "order_id": name,
                "carrier": "Slow Lane Parcels",
                "tracking_number": tracking,
                "occurred_at": "1970-01-01T00:05:00.000Z",
            },
        ),
        (
            "parcel.checkpoint",
            f"parcel.checkpoint/P-{name}/label_ready",
            {
                "parcel_id": f"P-{name}",
                "status": "label_ready",
                "raw_code": "LBL",
                "occurred_at": "1970-01-01T00:05:00.000Z",
                "place": "Kettle Lane, Leipzig",
            },
        ),
    ]


def test_a_step_asked_for_puts_off_the_next_one_by_time(database: ShopDatabase) -> None:
    _, name = late_and_not(database)
    with database.write() as connection:
        carrier.move_on(connection, f"P-{name}", now=MINUTE - 1, step_seconds=60)
    sweep(database, MINUTE)
    assert parcel(database, name).state == "label_ready"


def test_a_delivered_parcel_moves_no_more(database: ShopDatabase) -> None:
    _, name = late_and_not(database)
    with database.write() as connection:
        moves = [carrier.move_on(connection, f"P-{name}", now=minute, step_seconds=60) for minute in range(7)]
    assert moves == [True] * 5 + [False] * 2
    assert parcel(database, name).delivered
