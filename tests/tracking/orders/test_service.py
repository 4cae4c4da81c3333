"""Orders as pages read them, on both databases."""

from datetime import date

import pytest

from core import clock, local_days
from core.db import Database
from tests.conftest import NOON
from tests.tracking.shop import Shop, order, refund
from tracking.orders import service
from tracking.orders.schemas import DayFigures
from tracking.stores.schemas import NewStore

BERLIN = "Europe/Berlin"


@pytest.fixture
def shop(database: Database, new_store: NewStore) -> Shop:
    return Shop(database, new_store.store.store_id)


def placed(shop: Shop, order_id: str, at: str, user: str | None = "u1", total: str = "10.00", **more: object) -> None:
    document = order(order_id, occurred_at=at, user_id=user, email=None, total=total) | more
    shop.append(shop.document("order received", document, at=clock.parse(at)))


def test_pages_follow_each_other_also_at_equal_times(shop: Shop) -> None:
    for number in range(5):
        placed(shop, f"O{number}", "2026-11-20T10:00:00Z")
    placed(shop, "X1", "2026-11-19T10:00:00Z", email="Zoe@example.com")
    shop.runner.drain()
    seen, cursor = [], None
    with shop.database.read() as session:
        while True:
            page = service.orders(session, shop.store_id, cursor=cursor, limit=4)
            seen += [(one.order_id, len(one.lines)) for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        by_id = service.orders(session, shop.store_id, search="O3")
        by_address = service.orders(session, shop.store_id, search="ZOE@")
        literal = service.orders(session, shop.store_id, search="%")
        reported = service.orders(session, shop.store_id, status="reported")
        nobody = service.orders(session, shop.store_id, person_ids=[7])
    assert seen == [("O4", 2), ("O3", 2), ("O2", 2), ("O1", 2), ("O0", 2), ("X1", 2)]
    assert [[one.order_id for one in page.items] for page in (by_id, by_address, literal, reported, nobody)] == [
        ["O3"], ["X1"], [], [], [],
    ]  # fmt: skip


def test_figures_are_by_the_stores_day_and_know_returning_buyers(shop: Shop) -> None:
    placed(shop, "O1", "2026-03-28T22:59:59Z")  # still the 28th in Berlin
    placed(shop, "O2", "2026-03-28T23:00:00Z", total="20.00")  # the 29th, in winter time
    placed(shop, "O3", "2026-03-29T21:59:59Z", "u2", total="40.00")  # the 29th, in summer time
    placed(shop, "O4", "2026-03-29T22:00:00Z", None, total="80.00")
    placed(shop, "O5", "2026-03-30T10:00:00Z", currency="USD")
    placed(shop, "O6", "2026-03-30T11:00:00Z")
    shop.append(shop.document("order cancellation received", {"order_id": "O6", "occurred_at": "2026-03-30T12:00:00Z"}))
    shop.append(shop.document("refund received", refund("R1", "O2", amount="5")))
    shop.append(shop.call("Order Completed", {"order_id": "B1", "total": 1000}, at=clock.parse("2026-03-29T12:00:00Z")))
    shop.runner.drain()
    since, until = clock.parse("2026-03-01T00:00:00Z"), clock.parse("2026-04-01T00:00:00Z")
    with shop.database.read() as session:
        found = service.order_figures(session, shop.store_id, since, until, zone=BERLIN)
        none = service.order_figures(session, shop.store_id, until, until, zone=BERLIN)
    assert none == []
    assert found == [
        figures(28, "EUR", orders=1, revenue=1000),
        figures(29, "EUR", orders=2, revenue=1500 + 4000, returning_orders=1, returning_revenue=1500),
        figures(30, "EUR", orders=1, revenue=8000),
        figures(30, "USD", orders=1, revenue=1000, returning_orders=1, returning_revenue=1000),
    ]


def figures(
    day: int, currency: str, *, orders: int, revenue: int, returning_orders: int = 0, returning_revenue: int = 0
) -> DayFigures:
    return DayFigures(
        day=date(2026, 3, day),
        currency=currency,
        orders=orders,
        revenue=revenue,
        returning_orders=returning_orders,
        returning_revenue=returning_revenue,
    )


def test_statistics_count_placed_orders_net_of_refunds(shop: Shop) -> None:
    placed(shop, "O1", "2026-11-01T10:00:00Z", total="100.00", currency="USD")
    placed(shop, "O2", "2026-11-03T10:00:00Z")
    placed(shop, "O3", "2026-11-02T10:00:00Z", total="30.00")
    shop.append(shop.document("refund received", refund("R1", "O3", amount="4")))
    shop.tell(shop.document("refund received", refund("R2", "O3", amount="1")))
    with shop.database.read() as session:
        person_id = service.order(session, shop.store_id, "O1").person_id
        (found,) = service.statistics_of(session, shop.store_id, [person_id, 7]).values()
    assert (found.order_count, found.currency, found.total_minor, found.refund_count) == (3, "EUR", 3500, 1)
    assert (found.first_order_at, found.last_order_at) == (
        clock.parse("2026-11-01T10:00:00Z"),
        clock.parse("2026-11-03T10:00:00Z"),
    )


def test_the_timeline_of_a_buyer(shop: Shop) -> None:
    placed(shop, "O 1", "2026-11-20T08:00:00Z", total="34.90")
    shop.append(shop.document("refund received", refund("R1", "O 1", amount="5")))
    shop.tell(shop.document("order cancellation received", {"order_id": "O 1", "occurred_at": "2026-11-20T11:45:00Z"}))
    with shop.database.read() as session:
        person_id = service.order(session, shop.store_id, "O 1").person_id
        moments = service.timeline(session, shop.store_id, [person_id])
        earlier = service.timeline(session, shop.store_id, [person_id], before=NOON - clock.HOUR)
    assert [(one.text, one.detail, one.amount, one.link) for one in moments] == [
        ("Order O 1 cancelled", "", "", "/console/orders/O%201"),
        ("Refund of order O 1", "", "-€5.00", "/console/orders/O%201"),
        ("Order O 1 placed", "2 × Kettle, Mug", "€34.90", "/console/orders/O%201"),
    ]
    assert [one.text for one in earlier] == ["Order O 1 placed"]


def test_another_store_sees_nothing(shop: Shop) -> None:
    placed(shop, "O1", "2026-11-20T08:00:00Z")
    shop.runner.drain()
    with shop.database.read() as session:
        assert service.orders(session, shop.store_id + 1).items == ()
        with pytest.raises(service.UnknownOrder, match="no order “O1” in this store"):
            service.order(session, shop.store_id + 1, "O1")


def test_the_offsets_of_a_zone_change_at_the_minute() -> None:
    since, until = clock.parse("2026-01-01T00:00:00Z"), clock.parse("2027-01-01T00:00:00Z")
    assert [(clock.iso(start), offset // clock.HOUR) for start, offset in local_days.offsets(since, until, BERLIN)] == [
        ("2026-01-01T00:00:00.000Z", 1),
        ("2026-03-29T01:00:00.000Z", 2),
        ("2026-10-25T01:00:00.000Z", 1),
    ]
    assert local_days.offsets(since, until, "UTC") == [(since, 0)]
