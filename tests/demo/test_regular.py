from pathlib import Path

import pytest

from demo.catalogue import products
from demo.home import Home, Keys
from demo.regular import a_regular, open_account
from demo.shop import accounts
from demo.shop.database import ShopDatabase
from demo.simulator.occurrences import OrderPlaced
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from tests.demo.years import END


@pytest.fixture
def home(tmp_path: Path) -> Home:
    place = Home(tmp_path)
    place.prepare()
    return place


@pytest.fixture
def keys() -> Keys:
    return Keys(store_id=1, write_key="wk", api_key="ak", secret_key="sk", email="e", password="p", history_ends_at=END)


def test_the_regular_has_habits_but_a_life_too() -> None:
    settings = SimulatorSettings(end=END)
    simulation = Simulation(settings, products())
    shopper = a_regular(simulation.population, days=settings.days)
    orders = sum(
        occurrence.user_id == shopper.user_id
        for occurrence in simulation.occurrences()
        if isinstance(occurrence, OrderPlaced)
    )
    assert 4 <= orders <= 30


def test_the_regular_can_sign_in_at_the_shop(home: Home, keys: Keys) -> None:
    made = open_account(home, keys)
    assert home.keys() == made
    with ShopDatabase(home.folder).read() as connection:
        account = accounts.signed_in(connection, made.shopper_email, made.shopper_password)
    assert account is not None
    assert account.user_id.startswith("u1")


def test_a_second_start_changes_nothing(home: Home, keys: Keys) -> None:
    made = open_account(home, keys)
    assert open_account(home, made) == made
