"""Whatever happens in whatever order, members are exactly those the condition selects now: decided singly or for everybody."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import DAY, HOUR
from core.db import Database
from personalization.segments import service
from regulars.checks import replay
from tests.conftest import MASTER
from tests.personalization.segments.shop import ZONE, SegmentShop
from tracking.stores import service as stores

_users = st.sampled_from(["ada", "bob", "cleo"])
_steps = st.one_of(
    st.tuples(st.just("buy"), _users, st.integers(1, 30)),
    st.tuples(st.just("wait"), st.sampled_from([1, HOUR, 29 * DAY, 30 * DAY, 90 * DAY]), st.just(0)),
    st.tuples(st.just("cancel"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("measure"), st.just(0), st.just(0)),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(_steps, max_size=8))
def test_members_are_whom_the_condition_selects(
    sqlite_database: Database, steps: list[tuple[str, int | str, int]]
) -> None:
    shop = _shop(sqlite_database)
    for number, (kind, what, amount) in enumerate(steps):
        match kind:
            case "buy":
                shop.buy(str(what), f"O{number}", total=f"{amount}.00")
            case "wait":
                shop.wait(int(what))
            case "cancel":
                shop.cancel(f"O{what}")
            case "measure":
                shop.measure()
        for name in ("New", "Loyal", "At risk", "Lapsed", "Big spenders"):
            assert shop.members(name) == _selected(shop, name)
    before = len(shop.events())
    _refresh_everything(shop)
    assert len(shop.events()) == before


def _shop(database: Database) -> SegmentShop:
    with database.write() as session:
        made = stores.create_store(session, name="Another", currency="EUR", time_zone=ZONE, master=MASTER)
    return SegmentShop(database, made.store.store_id)


def _selected(shop: SegmentShop, name: str) -> set[int]:
    with shop.database.read() as session:
        document = shop.segment(name).document
        shown = service.preview(session, shop.store_id, document, time_zone=ZONE, now=shop.now)
    assert shown.count <= 8
    return set(shown.sample)


def _refresh_everything(shop: SegmentShop) -> None:
    with shop.write() as session:
        for found in service.list_with_counts(session, shop.store_id):
            service.refresh_all(session, found.segment, shop.now)
    assert shop.refresh(limit=1) >= 5


def test_a_rebuild_gives_the_same_stays(sqlite_database: Database) -> None:
    shop = _shop(sqlite_database)
    for number in range(3):
        shop.say(shop.bought("ada", f"O{number}"), shop.bought("bob", f"P{number}"))
    shop.cancel("P0")
    shop.measure()
    shop.wait(100 * DAY)
    assert shop.counts() == {"At risk": 2}
    assert replay.differences(shop.database, shop.runner.reactions) == []


@pytest.mark.parametrize("size", [1, 200])
def test_the_size_of_a_batch_does_not_matter(sqlite_database: Database, size: int) -> None:
    shop = _shop(sqlite_database)
    shop.runner._sizes["segments.decide"] = size
    for number in range(4):
        shop.append(
            *(shop.document("order received", _order(user, f"{user}{number}"), at=shop.now) for user in ("ada", "bob"))
        )
    shop.runner.drain()
    assert shop.counts() == {"Loyal": 2}
    entered = [fact["name"] for fact in shop.facts("segment entered")]
    assert entered.count("Loyal") == 2


def _order(user: str, order_id: str) -> dict[str, object]:
    return {
        "order_id": order_id,
        "occurred_at": "2026-11-20T11:00:00Z",
        "currency": "EUR",
        "total": "10.00",
        "user_id": user,
        "lines": [],
    }
