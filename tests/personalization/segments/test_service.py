"""What pages, rules and the API ask of segments."""

from datetime import date

import pytest

from core.clock import DAY
from core.conditions import ConditionError
from personalization.segments import service
from personalization.segments.errors import NameTaken, UnknownSegment
from personalization.segments.schemas import DayCount
from tests.conftest import NOON
from tests.personalization.segments.shop import ZONE, SegmentShop
from tracking.people.schemas import Moment

ANYBODY = {"v": 1, "any": []}


def test_every_store_begins_with_five_segments_and_their_sentences(shop: SegmentShop) -> None:
    with shop.write() as session:
        service.create_defaults(session, shop.store_id)
        found = service.list_with_counts(session, shop.store_id)
    assert {one.segment.name: one.sentence for one in found} == {
        "New": "number of orders is 1 and first order is within the last 30 days",
        "Loyal": "number of orders is at least 3 and last order is within the last 90 days",
        "At risk": "number of orders is at least 2 and last order is more than 90 days ago"
        " and last order is within the last 180 days",
        "Lapsed": "last order is more than 180 days ago",
        "Big spenders": "spent in all is more than what four in five buyers have spent",
    }
    assert [one.members for one in found] == [0] * 5


def test_members_come_page_by_page_who_entered_last_first(shop: SegmentShop) -> None:
    shop.buy_each(range(1, 6))
    segment_id, pages, cursor = shop.segment("New").segment_id, [], None
    while True:
        with shop.database.read() as session:
            page = service.members(session, shop.store_id, segment_id, cursor, limit=2)
        pages.append([member.person_id for member in page.items])
        cursor = page.next
        if cursor is None:
            break
    people = [shop.person(f"u{number}") for number in (4, 3, 2, 1, 0)]
    assert pages == [people[:2], people[2:4], people[4:]]


def test_membership_as_of_a_position(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    entered = shop.events("segment entered")[0].position
    shop.buy("ada", "O2")
    left = shop.events("segment left")[0].position
    ada, new = shop.person("ada"), shop.segment("New").segment_id
    with shop.database.read() as session:
        inside = [
            service.as_of(session, shop.store_id, [ada, 7], new, position) == {ada}
            for position in (entered - 1, entered, left - 1, left)
        ]
        names = service.names_as_of(
            session, shop.store_id, {"New", "Loyal"}, [(ada, entered - 1), (ada, entered), (7, entered), (ada, left)]
        )
    assert inside == [False, True, True, False]
    assert names == [set(), {"New"}, set(), set()]


def test_segments_of_another_store_are_not_seen(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    new, ada = shop.segment("New").segment_id, shop.person("ada")
    with shop.database.read() as session:
        assert service.list_with_counts(session, 99) == []
        assert service.members(session, 99, new).items == ()
        assert service.segments_of(session, 99, ada) == []
        assert service.as_of(session, 99, [ada], new, 10**9) == set()
        with pytest.raises(UnknownSegment):
            service.segment(session, 99, new)


def test_a_preview_counts_and_warns(shop: SegmentShop) -> None:
    shop.buy_each([1, 2, 3])
    two = {"v": 1, "field": "orders.spent", "op": ">=", "value": {"minor": 200, "currency": "EUR"}}
    everybody = {"v": 1, "field": "orders.count", "op": ">=", "value": 1}
    with shop.database.read() as session:
        shown = [
            service.preview(session, shop.store_id, document, time_zone=ZONE, now=shop.now)
            for document in (two, ANYBODY, everybody)
        ]
    assert [(one.count, one.of, one.warning) for one in shown] == [
        (2, 3, ""),
        (0, 3, "Nobody is in this segment now."),
        (3, 3, "Everybody is in this segment."),
    ]
    assert set(shown[0].sample) == {shop.person("u1"), shop.person("u2")}
    assert shown[0].sentence == "spent in all is at least €2.00"


def test_what_cannot_be_compiled_is_not_saved(shop: SegmentShop) -> None:
    document = {"v": 1, "all": [{"field": "orders.colour", "op": "=", "value": "red"}]}
    with pytest.raises(ConditionError, match=r"no field “orders\.colour” of a person"), shop.write() as session:
        service.create(
            session, shop.store_id, name="Red", description="", document=document, time_zone=ZONE, now=shop.now
        )
    with pytest.raises(NameTaken), shop.write() as session:
        service.create(
            session, shop.store_id, name="new", description="", document=ANYBODY, time_zone=ZONE, now=shop.now
        )
    with shop.database.read() as session:
        assert len(service.list_with_counts(session, shop.store_id)) == 5


def test_history_counts_local_days(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.buy("bob", "P1")
    shop.wait(DAY)
    shop.buy("ada", "O2")
    shop.wait(DAY)
    new = shop.segment("New").segment_id
    with shop.database.read() as session:
        days = service.history(session, shop.store_id, new, days=4, now=shop.now, zone=ZONE)
        recent = service.history(session, shop.store_id, new, days=1, now=shop.now, zone=ZONE)
    assert days == [
        DayCount(day=date(2026, 11, 19), members=0, entered=0, left=0),
        DayCount(day=date(2026, 11, 20), members=2, entered=2, left=0),
        DayCount(day=date(2026, 11, 21), members=1, entered=0, left=1),
        DayCount(day=date(2026, 11, 22), members=1, entered=0, left=0),
    ]
    assert recent == days[-1:]


def test_an_explanation_shows_what_was_seen(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    with shop.database.read() as session:
        shown = service.explain_person(
            session, shop.store_id, shop.segment("Loyal").segment_id, shop.person("ada"), shop.now
        )
        nobody = service.explain_person(session, shop.store_id, shop.segment("Loyal").segment_id, 5, shop.now)
    assert shown is not None
    assert [(leaf.true, leaf.seen, leaf.needed) for leaf in shown.leaves()] == [
        (False, "1", "is at least 3"),
        (True, "2026-11-20T12:00:00.000Z", "is within the last 90 days"),
    ]
    assert nobody is None


def test_why_says_it_in_the_words_of_the_popover(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    with shop.database.read() as session:
        told = service.why(session, shop.store_id, shop.segment("Loyal").segment_id, shop.person("ada"), shop.now)
    assert told is not None
    assert told.sentence.startswith("Does not belong to Loyal: number of orders is at least 3 and ")
    assert [(leaf.holds, leaf.text) for leaf in told.leaves] == [
        (False, "number of orders is at least 3"),
        (True, "last order is within the last 90 days"),
    ]


def test_an_explanation_over_single_orders_counts_as_the_segment_does(shop: SegmentShop) -> None:
    dear = {"field": "total", "op": ">=", "value": {"minor": 5_000, "currency": "EUR"}}
    window = {"window": {"last": "P30D"}, "where": dear}
    segment_id = shop.create("Dear", {"v": 1, "agg": "count", "of": "orders", "op": ">=", "value": 2, **window})
    shop.say(*(shop.bought("ada", f"O{total}", total=f"{total}.00") for total in (10, 50, 60)))
    shop.say(shop.bought("bob", "P1", total="70.00"), shop.bought("bob", "P2", total="70.00", at=NOON - 31 * DAY))
    assert shop.members("Dear") == {shop.person("ada")}
    with shop.database.read() as session:
        shown = [
            service.explain_person(session, shop.store_id, segment_id, shop.person(user), NOON)
            for user in ("ada", "bob")
        ]
    assert [(one.true, one.seen, one.needed) for one in shown if one] == [
        (True, "2", "is at least 2"),
        (False, "1", "is at least 2"),
    ]


def test_the_timeline_tells_entries_and_exits_newest_first(shop: SegmentShop) -> None:
    shop.buy("ada", "O1")
    shop.wait(DAY)
    shop.buy("ada", "O2")
    ada = shop.person("ada")
    with shop.database.read() as session:
        told = service.timeline(session, shop.store_id, [ada])
        earlier = service.timeline(session, shop.store_id, [ada], before=NOON + DAY)
        one = service.timeline(session, shop.store_id, [ada], limit=1)
    assert [(moment.text, moment.at, moment.kind) for moment in told] == [
        ("Left New", NOON + DAY, "segments"),
        ("Entered New", NOON, "segments"),
    ]
    assert (earlier, one) == (told[1:], told[:1])
    assert isinstance(told[0], Moment)
    assert told[1].why is not None
    assert told[1].why.sentence.startswith("New: number of orders is 1")
