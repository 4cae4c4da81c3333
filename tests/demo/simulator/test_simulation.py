from collections import Counter
from dataclasses import replace

import msgspec
import pytest

from core import clock
from demo.catalogue import products
from demo.simulator.occurrences import AccountOpened, Browsed, Occurrence, OrderPlaced
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from tests.demo.years import END, SMALL


def test_equal_seeds_give_equal_bytes(small_year: list[Occurrence]) -> None:
    again = list(Simulation(SMALL, products()).occurrences())
    assert msgspec.json.encode(again) == msgspec.json.encode(small_year)


def test_another_seed_gives_another_year(small_year: list[Occurrence]) -> None:
    other = list(Simulation(replace(SMALL, seed=21), products()).occurrences())
    assert msgspec.json.encode(other) != msgspec.json.encode(small_year)


def test_going_on_from_a_day_changes_nothing(small_year: list[Occurrence]) -> None:
    simulation = Simulation(SMALL, products())
    parts = [*simulation.occurrences(until_day=100), *simulation.occurrences(until_day=101), *simulation.occurrences()]
    assert parts == small_year


def test_the_stream_is_ordered_and_stops_before_the_end(whole_year: list[Occurrence]) -> None:
    times = [occurrence.at for occurrence in whole_year]
    assert times == sorted(times)
    assert END - clock.DAY < times[-1] < END


def test_a_year_has_the_promised_size(whole_year: list[Occurrence]) -> None:
    buyers = {occurrence.email for occurrence in whole_year if isinstance(occurrence, OrderPlaced)}
    browsed = [occurrence for occurrence in whole_year if isinstance(occurrence, Browsed)]
    orders = sum(isinstance(occurrence, OrderPlaced) for occurrence in whole_year)
    assert len(buyers) >= 2_350
    assert 70_000 <= len(browsed) <= 100_000
    assert len(whole_year) >= 105_000
    assert 5_300 <= orders <= 6_600


def test_message_ids_are_unique(whole_year: list[Occurrence]) -> None:
    identifiers = [occurrence.message_id for occurrence in whole_year if isinstance(occurrence, Browsed)]
    assert len(set(identifiers)) == len(identifiers)


def test_another_last_instant_gives_other_message_ids(small_year: list[Occurrence]) -> None:
    later = Simulation(replace(SMALL, end=END + clock.DAY), products()).occurrences()
    first = next(occurrence for occurrence in later if isinstance(occurrence, Browsed))
    assert first.message_id not in {each.message_id for each in small_year if isinstance(each, Browsed)}


def test_december_is_the_busiest_month(whole_year: list[Occurrence]) -> None:
    months = Counter(
        clock.to_datetime(occurrence.at).strftime("%Y-%m")
        for occurrence in whole_year
        if isinstance(occurrence, OrderPlaced)
    )
    assert months.most_common(1)[0][0] == "2025-12"


def test_people_shop_in_the_evening(whole_year: list[Occurrence]) -> None:
    hours = Counter(
        clock.to_datetime(occurrence.at).hour for occurrence in whole_year if isinstance(occurrence, OrderPlaced)
    )
    assert hours[19] > 2 * hours[9]


def test_an_account_is_opened_before_its_first_order(whole_year: list[Occurrence]) -> None:
    opened: set[str] = set()
    for occurrence in whole_year:
        if isinstance(occurrence, AccountOpened):
            assert occurrence.user_id not in opened
            opened.add(occurrence.user_id)
        if isinstance(occurrence, OrderPlaced) and occurrence.user_id is not None:
            assert occurrence.user_id in opened


def test_some_buyers_are_guests_and_some_use_several_devices(whole_year: list[Occurrence]) -> None:
    orders = [occurrence for occurrence in whole_year if isinstance(occurrence, OrderPlaced)]
    guests = {order.email for order in orders if order.user_id is None}
    devices: dict[str, set[str]] = {}
    for occurrence in whole_year:
        if isinstance(occurrence, Browsed) and occurrence.user_id is not None:
            devices.setdefault(occurrence.user_id, set()).add(occurrence.anonymous_id)
    assert 400 <= len(guests) <= 800
    assert sum(len(ids) > 1 for ids in devices.values()) >= 100


def test_a_browser_never_belongs_to_two_people(whole_year: list[Occurrence]) -> None:
    owner: dict[str, str] = {}
    for occurrence in whole_year:
        if isinstance(occurrence, Browsed) and occurrence.user_id is not None:
            assert owner.setdefault(occurrence.anonymous_id, occurrence.user_id) == occurrence.user_id


def test_consumables_come_back_at_their_usual_gap(whole_year: list[Occurrence]) -> None:
    shelf = products()
    last: dict[tuple[str, int], int] = {}
    ratios = []
    for order in (occurrence for occurrence in whole_year if isinstance(occurrence, OrderPlaced)):
        for line in order.lines:
            lasts = shelf[line.product].lasts_days
            if lasts is not None and line.quantity == 1:
                key = (order.email, line.product)
                if key in last:
                    ratios.append((order.at - last[key]) / clock.DAY / lasts)
                last[key] = order.at
    near = sum(0.7 <= ratio <= 1.4 for ratio in ratios)
    assert len(ratios) > 500
    assert near / len(ratios) > 0.6


def test_a_shop_without_products_cannot_be_simulated() -> None:
    with pytest.raises(ValueError, match="A shop without products cannot be simulated"):
        Simulation(SMALL, ())


def test_a_simulation_needs_a_day() -> None:
    with pytest.raises(ValueError, match="needs at least one day"):
        SimulatorSettings(end=END, days=0)
