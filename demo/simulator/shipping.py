"""Parcels on their way: what a carrier scans, when, and when the shop hears of it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from core import clock
from core.clock import HOUR, MINUTE, SECOND
from demo.simulator.occurrences import OrderPlaced, ParcelScanned
from demo.simulator.seasons import christmas

SUNDAY = 6
WORKING_DAYS_HOME, WORKING_DAYS_ABROAD = 3, 5
CHANCE_OF_DELAY, CHANCE_OF_DELAY_AT_CHRISTMAS = 0.06, 0.20
CHANCE_OF_NOBODY_HOME = 0.05
CHANCE_OF_LATE_REPORT = 0.04
HUBS = ("Hannover hub", "Leipzig hub", "Kassel hub", "Nuremberg hub", "Cologne hub")
WAREHOUSE = "Kettle Lane, Leipzig"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier's name, the beginning of its tracking numbers, and its own word for each state."""

    name: str
    prefix: str
    codes: dict[str, str]


CARRIERS = (
    Carrier(
        "Slow Lane Parcels",
        "SL",
        {
            "label_ready": "LBL", "picked_up": "PUP", "in_transit": "HUB", "delayed": "DLY",
            "out_for_delivery": "OFD", "attempt_failed": "NOH", "delivered": "DLV",
        },
    ),
    Carrier(
        "Heron Parcel",
        "HP",
        {
            "label_ready": "100", "picked_up": "210", "in_transit": "320", "delayed": "390",
            "out_for_delivery": "450", "attempt_failed": "470", "delivered": "500",
        },
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One scan: state, local day, milliseconds into that day, place."""

    status: str
    day: date
    offset: int
    place: str


def working_day_after(day: date, days: int) -> date:
    """The day `days` delivery days (Monday to Saturday) after `day`."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() != SUNDAY
    return day


def promise(at: int, country: str, time_zone: str) -> int:
    """The end of the local day by which an order of `at` shall be there."""
    days = WORKING_DAYS_HOME if country == "DE" else WORKING_DAYS_ABROAD
    day = working_day_after(clock.local_day(at, time_zone), days)
    return clock.start_of_day(day + timedelta(days=1), time_zone) - SECOND


def ship(generator: np.random.Generator, order: OrderPlaced, time_zone: str) -> tuple[tuple[ParcelScanned, ...], int]:
    """The scans of an order's parcel in the order they happen, and the instant of delivery."""
    carrier = CARRIERS[int(generator.random() < 0.35)]
    number = f"{carrier.prefix}{int(generator.integers(10**9, 10**10))}{order.address.country}"
    scanned = [
        (step, clock.start_of_day(step.day, time_zone) + step.offset)
        for step in _route(generator, order, clock.local_day(order.at, time_zone))
    ]
    scans = tuple(
        ParcelScanned(
            at=scanned_at + _report_delay(generator, step.status),
            parcel_id=f"P-{order.order_id}",
            order_id=order.order_id,
            carrier=carrier.name,
            tracking_number=number,
            status=step.status,
            raw_code=carrier.codes[step.status],
            scanned_at=scanned_at,
            place=step.place,
        )
        for step, scanned_at in scanned
    )
    return scans, scanned[-1][1]


def _route(generator: np.random.Generator, order: OrderPlaced, ordered_on: date) -> list[Step]:
    packed_on = working_day_after(ordered_on, 1)
    city = order.address.city
    steps = [
        Step("label_ready", packed_on, _between(generator, 8.0, 11.0), WAREHOUSE),
        Step("picked_up", packed_on, _between(generator, 15.0, 17.0), WAREHOUSE),
        Step("in_transit", packed_on, _between(generator, 20.0, 23.5), _hub(generator)),
    ]
    day = packed_on
    if order.address.country != "DE":
        day = working_day_after(day, 1 + int(generator.random() < 0.4))
        steps.append(Step("in_transit", day, _between(generator, 4.0, 20.0), f"{city} hub"))
    if _is_delayed(generator, ordered_on):
        day = working_day_after(day, 1)
        steps.append(Step("delayed", day, _between(generator, 9.0, 19.0), _hub(generator)))
        day = working_day_after(day, int(generator.integers(1, 4)))
    return steps + _delivery(generator, working_day_after(day, 1), city)


def _delivery(generator: np.random.Generator, day: date, city: str) -> list[Step]:
    steps = [Step("out_for_delivery", day, _between(generator, 6.5, 9.0), city)]
    if generator.random() < CHANCE_OF_NOBODY_HOME:
        steps.append(Step("attempt_failed", day, _between(generator, 11.0, 17.0), city))
        day = working_day_after(day, 1)
        steps.append(Step("out_for_delivery", day, _between(generator, 6.5, 9.0), city))
    return [*steps, Step("delivered", day, _between(generator, 9.5, 19.0), city)]


def _is_delayed(generator: np.random.Generator, day: date) -> bool:
    chance = CHANCE_OF_DELAY + (CHANCE_OF_DELAY_AT_CHRISTMAS - CHANCE_OF_DELAY) * christmas(day)
    return bool(generator.random() < chance)


def _hub(generator: np.random.Generator) -> str:
    return HUBS[int(generator.integers(len(HUBS)))]


def _report_delay(generator: np.random.Generator, status: str) -> int:
    """Most scans are told within minutes; a few in the middle come hours later, after the next one. The label is the shop's own."""
    if status not in ("label_ready", "delivered") and generator.random() < CHANCE_OF_LATE_REPORT:
        return _between(generator, 6.0, 30.0)
    return int(generator.random() * 5 * MINUTE)


def _between(generator: np.random.Generator, first_hour: float, last_hour: float) -> int:
    return int((first_hour + generator.random() * (last_hour - first_hour)) * HOUR)
