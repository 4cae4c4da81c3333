"""The simulator knows what every shopper wants next: how good is what Regulars recommends to them, learnt from the log alone?

A year goes through the real doors, the real models are trained on it, and the home slot is asked for everybody who may come back. The
figures are written down in docs/reference/recommendation-quality.md; a hit rate here is an expectation over the true chances, not a sample.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx2
import pytest

from core import clock
from core.log import Runner
from demo.catalogue import products
from demo.history import files
from demo.history.calls import CallWriter
from demo.history.preparation import Prepared, prepare
from demo.history.sending import Doors, client, send_batches, send_deliveries
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from demo.simulator.truth import Truth
from personalization.recommendations import service as recommendations
from personalization.recommendations.schemas import RecommendationRequest
from personalization.recommendations.serving import Recommender
from regulars.app import create_app
from regulars.services import Services, close_services
from regulars.wiring import reactions
from tests.conftest import sqlite_copy
from tests.demo.years import END
from tracking.catalog.importing import import_products
from tracking.collect.files.run import ImportSummary
from tracking.orders.importing import import_orders
from tracking.orders.invoices import OrderOptions
from tracking.people.importing import import_people
from tracking.stores import service as stores
from tracking.stores.schemas import Store

K = 10
YEAR = SimulatorSettings(end=END, buyers=700, passers_by=500)


@dataclass(frozen=True, slots=True)
class Judged:
    """Expected hit rates @ 10 of what was recommended, of the bestsellers, and of whoever could read minds."""

    recommended: float
    popular: float
    best: float
    people: int
    products_shown: int

    @property
    def way(self) -> float:
        """How far from the bestsellers (0) to the best possible (1)."""
        return (self.recommended - self.popular) / (self.best - self.popular)

    def __str__(self) -> str:
        return (
            f"hit rate @{K} over {self.people} people: recommended {self.recommended:.3f}, popular {self.popular:.3f} "
            f"({self.recommended / self.popular:.2f} times), best possible {self.best:.3f}; {self.way:.0%} of the way "
            f"from popular to best possible; {self.products_shown} of {len(products())} products shown"
        )


@pytest.fixture(scope="module")
def judged(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    home = tmp_path_factory.mktemp("truth")
    with sqlite_copy(sqlite_template, home), pytest.MonkeyPatch.context() as patch, clock.frozen(END):
        patch.setenv("REGULARS_HOME", str(home))
        patch.setenv("REGULARS_EXPLORATION", "0")
        simulation = Simulation(YEAR, products())
        prepared = prepare(simulation, CallWriter(products(), base_url="http://shop.example"), folder=home)
        application = create_app()
        services: Services = application.state.services
        store, doors = _store(services)
        _tell(services, store, prepared)
        asyncio.run(_send(doors, prepared, httpx2.ASGITransport(app=application)))
        runner = Runner(services.database, reactions(services.settings), in_bulk=True)
        runner.prepare()
        runner.drain()
        recommendations.train(services.database, services.settings, store.store_id)
        yield _judge(services, store.store_id, Truth(simulation))
        close_services(services)


def _store(services: Services) -> tuple[Store, Doors]:
    with services.database.write() as session:
        made = stores.create_store(
            session,
            name="Kettle Lane",
            currency="EUR",
            time_zone="Europe/Berlin",
            master=services.settings.secret_key,
        )
    doors = Doors(
        base_url="http://regulars.example",
        store_id=made.store.store_id,
        write_key=made.write_key,
        api_key=made.api_key,
        secret_key=made.store.secret_key,
    )
    return made.store, doors


def _tell(services: Services, store: Store, prepared: Prepared) -> None:
    """The shop's books as `regulars import` takes them; where parcels are says nothing about taste."""
    import_orders_of_store = partial(import_orders, options=OrderOptions(currency=store.currency, zone=store.time_zone))
    takers: dict[str, Callable[..., ImportSummary]] = {
        files.PRODUCTS.kind: import_products,
        files.PEOPLE.kind: import_people,
        files.ORDERS.kind: import_orders_of_store,
    }
    for file in prepared.files:
        take = takers.get(file.table.kind)
        if take is not None:
            done = take(
                services.database,
                store,
                file.path,
                {field: column for column, field in file.table.columns.items()},
                progress=lambda _done, _whole: None,
                reject_path=file.path.with_name(f"{file.table.kind}.rejects.csv"),
            )
            assert done.refused == 0


async def _send(doors: Doors, prepared: Prepared, transport: httpx2.ASGITransport) -> None:
    """Browsing by collect, the last day by webhook."""
    async with client(doors, transport) as http:
        await send_batches(http, doors, prepared.batches, lambda _: None)
        await send_deliveries(http, doors, prepared.deliveries, lambda _: None)


def _judge(services: Services, store_id: int, truth: Truth) -> Judged:
    recommender = Recommender(services.database, services.settings, services.directory)
    shown = {user_id: _shown(recommender, store_id, user_id) for user_id in truth.people()}
    assert all(len(set(chosen)) == K for chosen in shown.values())
    return Judged(
        recommended=truth.hit_rate(shown),
        popular=truth.popularity_hit_rate(K),
        best=truth.best_possible_hit_rate(K),
        people=len(shown),
        products_shown=len({product for chosen in shown.values() for product in chosen}),
    )


def _shown(recommender: Recommender, store_id: int, user_id: str) -> list[str]:
    """What the home page shows to somebody who has just signed in."""
    request = RecommendationRequest(store_id=store_id, slot="home", proved_user_id=user_id, limit=K)
    return [item.product_id for item in recommender.answer(request).items]


def test_recommendations_are_far_better_than_popularity(judged: Judged) -> None:
    assert judged.people > 200
    assert judged.recommended > 2.3 * judged.popular, judged


def test_they_are_a_good_part_of_the_way_to_the_best_possible(judged: Judged) -> None:
    assert judged.recommended < judged.best, judged
    assert judged.way > 0.5, judged


def test_everybody_gets_their_own(judged: Judged) -> None:
    assert judged.products_shown > 0.6 * len(products()), judged
