"""A customer to sign in as: one of the simulated regulars gets a login at the shop, so that a year of memories can be looked at."""

import secrets

from msgspec import structs

from core import clock
from demo.catalogue import products
from demo.home import Home, Keys
from demo.shop import accounts
from demo.shop.database import ShopDatabase
from demo.simulator.population import Population, Shopper
from demo.simulator.simulation import Simulation

# Enough orders to have habits, not so many that the page is endless.
ORDERS_A_YEAR = 9


def a_regular(population: Population, *, days: int) -> Shopper:
    """The shopper with an account who stays to the end and is expected to order about ORDERS_A_YEAR times."""
    regulars = [
        shopper
        for shopper in population.shoppers[: population.buyers]
        if shopper.has_account and shopper.leaves_on > days and shopper.accepts_personalization
    ]
    return min(regulars, key=lambda shopper: abs(_expected_orders(population, shopper, days) - ORDERS_A_YEAR))


def _expected_orders(population: Population, shopper: Shopper, days: int) -> float:
    present = days - shopper.arrives_on
    return 1.0 + float(population.visit_rates[shopper.number]) * shopper.conversion * present


def open_account(home: Home, keys: Keys) -> Keys:
    """Give the regular a login at the shop, once; returns the keys with it."""
    if keys.shopper_password:
        return keys
    settings = keys.history()
    shopper = a_regular(Simulation(settings, products()).population, days=settings.days)
    if shopper.profile is None:
        return keys
    made = structs.replace(keys, shopper_email=shopper.profile.email, shopper_password=secrets.token_urlsafe(9))
    with ShopDatabase(home.folder).write() as connection:
        accounts.create(
            connection,
            email=made.shopper_email,
            name=f"{shopper.profile.first_name} {shopper.profile.last_name}",
            password=made.shopper_password,
            now=clock.now(),
            user_id=shopper.user_id,
        )
        home.keep(made)
    return made
