import numpy as np
import pytest

from demo.catalogue import products
from demo.simulator.occurrences import OrderPlaced
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from demo.simulator.truth import Truth
from tests.demo.years import END, SMALL

MIDDLE = 150


@pytest.fixture(scope="module")
def small_truth() -> Truth:
    simulation = Simulation(SMALL, products())
    list(simulation.occurrences())
    return Truth(simulation)


def test_chances_are_a_distribution(small_truth: Truth) -> None:
    for user_id in small_truth.people():
        chances = small_truth.next_purchase(user_id)
        assert chances.shape == (len(products()),)
        assert chances.min() >= 0.0
        assert chances.sum() == pytest.approx(1.0)


def test_popularity_is_far_below_the_best_possible(small_truth: Truth) -> None:
    assert small_truth.popularity_hit_rate(10) < 0.45 * small_truth.best_possible_hit_rate(10)
    assert small_truth.best_possible_hit_rate(10) < 0.9


def test_nothing_beats_the_best_possible(small_truth: Truth) -> None:
    by_taste = {
        user_id: [small_truth.product_ids[index] for index in np.argsort(-small_truth.true_scores(user_id))[:10]]
        for user_id in small_truth.people()
    }
    assert small_truth.popularity_hit_rate(10) < small_truth.hit_rate(by_taste)
    assert small_truth.hit_rate(by_taste) <= small_truth.best_possible_hit_rate(10)


def test_everything_recommended_is_a_sure_hit(small_truth: Truth) -> None:
    user_id = small_truth.people()[0]
    assert small_truth.hit_rate({user_id: small_truth.product_ids}) == pytest.approx(1.0)


def test_reading_the_truth_does_not_move_the_simulation() -> None:
    simulation = Simulation(SMALL, products())
    list(simulation.occurrences(until_day=200))
    Truth(simulation).best_possible_hit_rate(5)
    read = list(simulation.occurrences(until_day=210))
    untouched = Simulation(SMALL, products())
    list(untouched.occurrences(until_day=200))
    assert list(untouched.occurrences(until_day=210)) == read


def test_expected_hits_are_what_then_happens() -> None:
    """The truth is checked against the rest of the year: what 400 people bought next, from day 150 on."""
    simulation = Simulation(SimulatorSettings(end=END, passers_by=0), products())
    list(simulation.occurrences(until_day=MIDDLE))
    truth = Truth(simulation)
    best = {user_id: truth.best_possible(user_id, 10) for user_id in truth.people()}
    expected = {user_id: truth.hit_rate({user_id: best[user_id]}) for user_id in best}
    wanted: dict[str, str] = {}
    for occurrence in simulation.occurrences():
        if isinstance(occurrence, OrderPlaced) and occurrence.user_id in best:
            wanted.setdefault(occurrence.user_id, truth.product_ids[occurrence.lines[0].product])
    hits = np.mean([wanted[user_id] in best[user_id] for user_id in wanted])
    assert len(wanted) > 300
    assert hits == pytest.approx(np.mean([expected[user_id] for user_id in wanted]), abs=0.06)
