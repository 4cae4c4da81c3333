"""Documents about parcels become states and facts, on both databases."""

from typing import Any

import pytest

from core import clock
from core.db import Database
from tests.conftest import NOON
from tests.tracking.shop import Shop, order
from tracking.parcels import service
from tracking.parcels.schemas import Parcel
from tracking.stores.schemas import NewStore

BERLIN = "Europe/Berlin"


@pytest.fixture
def shop(database: Database, new_store: NewStore) -> Shop:
    return Shop(database, new_store.store.store_id)


def parcel(parcel_id: str = "P1", order_id: str = "O1") -> dict[str, Any]:
    return {"parcel_id": parcel_id, "order_id": order_id, "carrier": "DHL", "tracking_number": "0034"}


def scan(status: str, at: str, parcel_id: str = "P1", **more: Any) -> dict[str, Any]:
    return {"parcel_id": parcel_id, "status": status, "occurred_at": f"2026-11-{at}:00Z"} | more


def the(shop: Shop, *, now: int = NOON) -> Parcel:
    with shop.database.read() as session:
        return service.parcel(session, shop.store_id, "P1", now=now, zone=BERLIN)


def moves(shop: Shop) -> list[tuple[str, str]]:
    return [(fact["state_before"], fact["state"]) for fact in shop.facts("parcel moved")]


def test_a_parcel_moves_and_tells_each_state_once(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(promised_at="2026-11-22T22:59:59Z")))
    shop.tell(shop.document("parcel received", parcel()))
    shop.tell(
        shop.document("checkpoint received", scan("InTransit", "20T09:00", place="Leipzig", raw_code="HUB")),
        shop.document("checkpoint received", scan("in_transit", "20T10:00", place="Hannover")),
        shop.document("checkpoint received", scan("OUT_FOR_DELIVERY", "20T11:00")),
    )
    buyer = shop.facts("order placed")[0]["person_id"]
    assert shop.facts("parcel moved") == [
        {
            "v": 1, "parcel_id": "P1", "order_id": "O1", "person_id": buyer, "state": "in_transit", "state_before": "created",
            "at": clock.parse("2026-11-20T09:00:00Z"), "place": "Leipzig", "carrier": "DHL", "tracking_number": "0034",
        },
        {
            "v": 1, "parcel_id": "P1", "order_id": "O1", "person_id": buyer, "state": "out_for_delivery",
            "state_before": "in_transit", "at": clock.parse("2026-11-20T11:00:00Z"), "place": None, "carrier": "DHL",
            "tracking_number": "0034",
        },
    ]  # fmt: skip
    found = the(shop)
    assert (found.state, found.person_id, found.is_open, found.is_late) == ("out_for_delivery", buyer, True, False)
    assert [(one.state, one.place, one.raw_code) for one in found.checkpoints] == [
        ("in_transit", "Leipzig", "HUB"),
        ("in_transit", "Hannover", None),
        ("out_for_delivery", None, None),
    ]
    assert found.tracking_url is not None


def test_late_and_repeated_scans_change_the_history_only(shop: Shop) -> None:
    delivered, in_transit = scan("delivered", "20T11:00"), scan("in_transit", "20T09:00")
    shop.tell(shop.document("parcel received", parcel()))
    shop.tell(shop.document("checkpoint received", delivered))
    shop.tell(shop.document("checkpoint received", in_transit), shop.document("checkpoint received", delivered))
    shop.tell(shop.document("checkpoint received", scan("out_for_delivery", "20T11:30")))
    assert moves(shop) == [("created", "delivered")]
    assert [one.state for one in the(shop).checkpoints] == ["in_transit", "delivered", "out_for_delivery"]
    shop.tell(shop.document("checkpoint received", scan("returning", "20T11:40")))
    assert moves(shop) == [("created", "delivered"), ("delivered", "returning")]


def test_scans_before_their_parcel_wait_for_it(shop: Shop) -> None:
    shop.tell(shop.document("checkpoint received", scan("in_transit", "20T09:00")))
    shop.tell(shop.document("checkpoint received", scan("delivered", "20T11:00")))
    assert moves(shop) == []
    with pytest.raises(service.UnknownParcel):
        the(shop)
    shop.tell(shop.document("parcel received", parcel()))
    assert moves(shop) == [("created", "delivered")]
    shop.tell(shop.document("order received", order()))
    assert the(shop).person_id == shop.facts("order placed")[0]["person_id"] != 0


def test_a_browser_moves_no_parcel(shop: Shop) -> None:
    shop.tell(shop.document("parcel received", parcel()))
    shop.tell(shop.call("checkpoint received", scan("delivered", "20T11:00")))
    assert the(shop).state == "created"


def test_a_scan_dated_ahead_is_flagged_and_kept(shop: Shop) -> None:
    shop.tell(shop.document("parcel received", parcel()))
    shop.tell(shop.document("checkpoint received", scan("in_transit", "20T13:00")))
    assert [(one.at - NOON, one.is_ahead) for one in the(shop).checkpoints] == [(clock.HOUR, True)]
    assert shop.events("parcel moved")[0].occurred_at == NOON


@pytest.mark.parametrize(
    ("delivered", "now", "is_late"),
    [
        (None, "2026-11-22T22:59:59Z", False),  # still the promised day in Berlin
        (None, "2026-11-22T23:00:00Z", True),
        ("22T22:30", "2026-11-28T12:00:00Z", False),
        ("23T08:00", "2026-11-28T12:00:00Z", True),
    ],
)
def test_late_is_past_the_promised_end_of_day(shop: Shop, delivered: str | None, now: str, is_late: bool) -> None:
    shop.tell(shop.document("order received", order(promised_at="2026-11-22T12:00:00Z")))
    shop.tell(shop.document("parcel received", parcel()))
    if delivered:
        shop.tell(shop.document("checkpoint received", scan("delivered", delivered)))
    at = clock.parse(now)
    assert the(shop, now=at).is_late is is_late
    with shop.database.read() as session:
        waiting = service.late(session, shop.store_id, at, zone=BERLIN)
    assert [one.parcel_id for one in waiting] == (["P1"] if is_late and not delivered else [])


def test_pages_follow_each_other(shop: Shop) -> None:
    shop.tell(*(shop.document("parcel received", parcel(f"P{number}", f"O{number}")) for number in range(5)))
    seen, cursor = [], None
    with shop.database.read() as session:
        while True:
            page = service.parcels(session, shop.store_id, now=NOON, cursor=cursor, limit=2)
            seen += [one.parcel_id for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        found = service.parcels(session, shop.store_id, now=NOON, search="O3")
    assert seen == ["P4", "P3", "P2", "P1", "P0"]
    assert [one.parcel_id for one in found.items] == ["P3"]


def test_the_timeline_of_a_buyer(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()), shop.document("parcel received", parcel()))
    shop.tell(shop.document("checkpoint received", scan("in_transit", "20T09:00", place="Leipzig", raw_code="HUB")))
    shop.tell(shop.document("checkpoint received", scan("delivered", "20T11:00")))
    with shop.database.read() as session:
        moments = service.timeline(session, shop.store_id, [the(shop).person_id])
    assert [(one.text, one.detail) for one in moments] == [
        ("Parcel delivered", "DHL, delivered"),
        ("Parcel in transit", "Leipzig, DHL, HUB"),
    ]
