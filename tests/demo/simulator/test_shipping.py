from collections import defaultdict
from datetime import date
from itertools import pairwise

from core import clock
from demo.simulator.occurrences import Occurrence, OrderPlaced, ParcelScanned
from demo.simulator.shipping import promise, working_day_after
from tests.demo.years import END

BERLIN = "Europe/Berlin"
FOLLOWS = {
    "label_ready": {"picked_up"},
    "picked_up": {"in_transit"},
    "in_transit": {"in_transit", "delayed", "out_for_delivery"},
    "delayed": {"out_for_delivery"},
    "out_for_delivery": {"attempt_failed", "delivered"},
    "attempt_failed": {"out_for_delivery"},
    "delivered": set(),
}


def parcels(year: list[Occurrence]) -> dict[str, list[ParcelScanned]]:
    found = defaultdict(list)
    for occurrence in year:
        if isinstance(occurrence, ParcelScanned):
            found[occurrence.parcel_id].append(occurrence)
    return found


def test_scans_follow_each_other_plausibly(whole_year: list[Occurrence]) -> None:
    orders = {each.order_id: each for each in whole_year if isinstance(each, OrderPlaced)}
    finished = 0
    for scans in parcels(whole_year).values():
        scans.sort(key=lambda scan: scan.scanned_at)
        assert orders[scans[0].order_id].at < scans[0].scanned_at
        assert len({(scan.carrier, scan.tracking_number) for scan in scans}) == 1
        finished += scans[-1].status == "delivered"
        if scans[-1].status == "delivered" and scans[-1].at < END - 2 * clock.DAY:
            assert scans[0].status == "label_ready"
            assert all(after.status in FOLLOWS[before.status] for before, after in pairwise(scans))
    assert finished > 0.95 * len(orders)


def test_some_scans_are_told_out_of_order(whole_year: list[Occurrence]) -> None:
    shuffled = sum(
        [scan.scanned_at for scan in scans] != sorted(scan.scanned_at for scan in scans)
        for scans in parcels(whole_year).values()
    )
    assert 0.02 <= shuffled / len(parcels(whole_year)) <= 0.2


def test_no_scan_is_told_before_it_was_made(whole_year: list[Occurrence]) -> None:
    assert all(scan.scanned_at <= scan.at for scans in parcels(whole_year).values() for scan in scans)


def test_some_parcels_are_late_and_some_find_nobody_home(whole_year: list[Occurrence]) -> None:
    promised = {each.order_id: each.promised_at for each in whole_year if isinstance(each, OrderPlaced)}
    delivered = [scan for scans in parcels(whole_year).values() for scan in scans if scan.status == "delivered"]
    late = sum(scan.scanned_at > promised[scan.order_id] for scan in delivered)
    missed = sum(any(scan.status == "attempt_failed" for scan in scans) for scans in parcels(whole_year).values())
    assert 0.03 <= late / len(delivered) <= 0.2
    assert 0.03 <= missed / len(delivered) <= 0.08


def test_a_promise_is_the_end_of_a_working_day() -> None:
    friday_evening = clock.parse("2026-11-20T21:00:00+01:00")
    assert clock.parse("2026-11-24T23:59:59+01:00") == promise(friday_evening, "DE", BERLIN)


def test_sundays_do_not_count() -> None:
    assert working_day_after(date(2026, 11, 20), 2) == date(2026, 11, 23)
