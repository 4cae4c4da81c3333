"""The queries behind the pages, against the same counted one by one from a year of trade."""

from datetime import date

from core import clock, local_days, log
from core.clock import DAY
from core.db import Database
from loyalty.ledger import service as ledger
from personalization.segments import service as segments
from tests.console.pages.trading import NOW
from tracking.orders import service as orders
from tracking.parcels import service as parcels

ZONE = "Europe/Berlin"
SINCE, UNTIL = NOW - 200 * DAY, NOW - 30 * DAY
WITHIN = 65 * DAY  # everybody buys about every sixty days


def _day(at: int) -> date:
    return clock.local_day(at, ZONE)


def test_orders_that_were_followed_by_another(shop_database: Database) -> None:
    with shop_database.read() as session:
        found = orders.bought_again(session, 1, SINCE, UNTIL, within=WITHIN, zone=ZONE)
        placed = [one for one in orders.orders(session, 1, limit=1_000).items if one.status == "placed"]
    expected: dict[date, list[bool]] = {}
    for one in placed:
        if SINCE <= one.placed_at < UNTIL and one.person_id:
            later = (other.placed_at - one.placed_at for other in placed if other.person_id == one.person_id)
            expected.setdefault(_day(one.placed_at), []).append(any(0 < gap <= WITHIN for gap in later))
    assert {row.day: (row.orders, row.again) for row in found} == {
        day: (len(answers), sum(answers)) for day, answers in expected.items()
    }
    assert sum(row.again for row in found) > 0


def test_parcels_by_their_promised_day(shop_database: Database) -> None:
    with shop_database.read() as session:
        found = parcels.punctuality(session, 1, NOW - 400 * DAY, NOW, zone=ZONE)
        sent = parcels.parcels(session, 1, now=NOW, zone=ZONE, limit=1_000).items
    expected: dict[date, list[bool]] = {}
    for one in sent:
        if one.promised_at is not None and one.promised_at < NOW:
            came = one.delivered_at is not None and _day(one.delivered_at) <= _day(one.promised_at)
            expected.setdefault(_day(one.promised_at), []).append(came)
    assert {row.day: (row.promised, row.on_time) for row in found} == {
        day: (len(answers), sum(answers)) for day, answers in expected.items()
    }
    assert 0 < sum(row.on_time for row in found) < sum(row.promised for row in found)


def test_points_given_by_day_and_balances(shop_database: Database) -> None:
    with shop_database.read() as session:
        given = ledger.given_by_day(session, 1, SINCE, UNTIL, zone=ZONE)
        moved = ledger.movements(session, 1, limit=10_000)
        held = ledger.balances(session, 1, sorted({one.person_id for one in moved}))
    expected: dict[date, int] = {}
    for one in moved:
        if one.kind == "award" and SINCE <= one.effective_at < UNTIL:
            expected[_day(one.effective_at)] = expected.get(_day(one.effective_at), 0) + one.points
    assert given == expected
    assert sum(held.values()) == sum(one.points for one in moved)


def test_the_course_of_all_segments_is_the_course_of_each(shop_database: Database) -> None:
    with shop_database.read() as session:
        whole = segments.histories(session, 1, days=60, now=NOW, zone=ZONE)
        for segment_id, days in whole.items():
            assert days == segments.history(session, 1, segment_id, days=60, now=NOW, zone=ZONE)
    assert len(whole) == 5


def test_the_newest_rows_of_some_names(shop_database: Database) -> None:
    names = ("Product Viewed", "order placed")
    with shop_database.read() as session:
        found = log.newest(session, 1, names, limit=3)
        every = [row for row in log.read(session, log.Filter(store_id=1, limit=5_000)) if row.name in names]
        assert log.newest(session, 1, names, limit=3, within=0) == []
        assert log.newest(session, 2, names, limit=3) == []
        # Both browsers were heard of within half an hour and a minute, one of them again ten minutes ago.
        assert log.recent_visitors(session, 1, NOW - 31 * clock.MINUTE) == 1
        assert log.recent_visitors(session, 1, NOW - 121 * clock.MINUTE) == 2
        assert log.recent_visitors(session, 1, NOW) == 0
    assert [row.position for row in found] == sorted((row.position for row in found), reverse=True)
    for name in names:
        assert [row for row in found if row.name == name] == [row for row in every if row.name == name][:3]


def test_local_days_know_when_the_clocks_change() -> None:
    since, until = clock.parse("2026-10-24T00:00:00Z"), clock.parse("2026-10-27T00:00:00Z")
    assert local_days.offsets(since, until, ZONE) == [
        (since, 2 * clock.HOUR),
        (clock.parse("2026-10-25T01:00:00Z"), clock.HOUR),
    ]
    assert local_days.offsets(since, until, "Asia/Kolkata") == [(since, 330 * clock.MINUTE)]
    assert local_days.day_of(0) == date(1970, 1, 1)
