"""A small year goes through the real doors: what Regulars then knows is what the simulator meant."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from sqlalchemy import text

from core import clock
from demo import points
from demo.catalogue import products
from demo.history.calls import CallWriter
from demo.history.importing import command
from demo.history.preparation import Prepared, prepare
from demo.history.sending import Doors, bearer, client, send_batches, send_deliveries
from demo.simulator.occurrences import Occurrence, OrderPlaced, OrderRefunded, ParcelScanned
from demo.simulator.simulation import Simulation
from regulars.app import Front, create_app
from regulars.cli import main
from regulars.services import close_services
from tests.demo.years import END, SMALL

BASE_URL = "http://regulars.example"
FRESH_FROM = END - clock.DAY


@dataclass
class Told:
    """Regulars after the history, with what is needed to tell it again."""

    application: Front
    doors: Doors
    prepared: Prepared

    def tell(self) -> None:
        for file in self.prepared.files:
            regulars(*command(file, self.doors.store_id))
        asyncio.run(self._send())
        self.application.state.services.runner.drain()

    async def _send(self) -> None:
        async with client(self.doors, httpx2.ASGITransport(app=self.application)) as http:
            await send_batches(http, self.doors, self.prepared.batches, lambda _: None)
            await send_deliveries(http, self.doors, self.prepared.deliveries, lambda _: None)

    def turn_points_on(self) -> None:
        async def inside() -> None:
            async with client(self.doors, httpx2.ASGITransport(app=self.application)) as http:
                await points.turn_on(http, self.doors.api_key)

        asyncio.run(inside())

    def every(self, path: str) -> list[dict[str, Any]]:
        """All items of a list of the REST API, page by page."""

        async def inside() -> list[dict[str, Any]]:
            items, after = [], ""
            async with client(self.doors, httpx2.ASGITransport(app=self.application)) as http:
                while after is not None:
                    query = {"limit": "200", **({"after": after} if after else {})}
                    answer = (await http.get(path, params=query, headers=dict(bearer(self.doors.api_key)))).json()
                    items += answer["items"]
                    after = answer["next"]
            return items

        return asyncio.run(inside())

    def count(self, table: str) -> int:
        with self.application.state.services.database.read() as session:
            return int(session.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def regulars(*words: str) -> str:
    done = CliRunner().invoke(main, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    home = tmp_path_factory.mktemp("kettle-lane")
    shutil.copy(sqlite_template, home / "regulars.db")
    with pytest.MonkeyPatch.context() as patch, clock.frozen(END):
        patch.setenv("REGULARS_HOME", str(home))
        store = json.loads(
            regulars("store", "create", "Kettle Lane", "--currency", "EUR", "--time-zone", "Europe/Berlin", "--json")
        )
        keys = {name: store[name] for name in ("store_id", "write_key", "api_key", "secret_key")}
        writer = CallWriter(products(), base_url="http://shop.example")
        prepared = prepare(Simulation(SMALL, products()), writer, folder=home)
        made = Told(create_app(), Doors(base_url=BASE_URL, **keys), prepared)
        made.turn_points_on()
        made.tell()
        yield made
        close_services(made.application.state.services)


def test_nothing_was_refused_or_set_aside(told: Told) -> None:
    assert told.count("refused_event") == 0
    assert told.count("set_aside") == 0


def test_every_order_is_known_to_the_cent(told: Told, small_year: list[Occurrence]) -> None:
    placed = {each.order_id: each for each in small_year if isinstance(each, OrderPlaced)}
    known = {order["order_id"]: order for order in told.every("/api/v1/orders")}
    assert known.keys() == placed.keys()
    for order_id, order in known.items():
        amounts = placed[order_id].amounts
        assert order["status"] == "placed"
        assert (order["total"], order["goods"]) == (amounts.total, amounts.goods - amounts.discount)
        assert (order["shipping"], order["tax"]) == (amounts.shipping, amounts.tax)


def test_every_refund_is_known_to_the_cent(told: Told, small_year: list[Occurrence]) -> None:
    refunded = {each.order_id: each.amount for each in small_year if isinstance(each, OrderRefunded)}
    known = {order["order_id"]: order["refunded"] for order in told.every("/api/v1/orders") if order["refunded"]}
    assert known == refunded


def test_each_order_belongs_to_one_person_and_people_are_not_mixed(told: Told, small_year: list[Occurrence]) -> None:
    buyer = {each.order_id: each.email for each in small_year if isinstance(each, OrderPlaced)}
    pairs = {(order["person_id"], buyer[order["order_id"]]) for order in told.every("/api/v1/orders")}
    assert len(pairs) == len({person for person, _ in pairs}) == len({email for _, email in pairs})


def test_parcels_are_where_the_newest_scan_saw_them(told: Told, small_year: list[Occurrence]) -> None:
    scans = [each for each in small_year if isinstance(each, ParcelScanned)]
    newest = {scan.parcel_id: scan.status for scan in sorted(scans, key=lambda scan: scan.scanned_at)}
    known = {parcel["parcel_id"]: parcel["state"] for parcel in told.every("/api/v1/parcels")}
    assert known == newest


def test_only_the_last_day_sends_mail(told: Told, small_year: list[Occurrence]) -> None:
    fresh = {each.order_id for each in small_year if isinstance(each, OrderPlaced) and each.at >= FRESH_FROM}
    moved = {each.order_id for each in small_year if isinstance(each, ParcelScanned) and each.at >= FRESH_FROM}
    messages = told.every("/api/v1/messages")
    about = {message["subject"].partition(":")[2].removeprefix("P-") for message in messages}
    confirmed = {message["subject"] for message in messages if message["step"] == "order confirmed"}
    assert fresh <= about <= fresh | moved
    assert confirmed == {f"order:{order_id}" for order_id in fresh}
    assert len({(message["subject"], message["step"]) for message in messages}) == len(messages)


def test_telling_it_again_changes_nothing(told: Told) -> None:
    before = {table: told.count(table) for table in ("event", "message", "ledger_entry", "customer_order", "person")}
    told.tell()
    assert {table: told.count(table) for table in before} == before
