"""`kill -9` during a burst: nothing acknowledged is missing, and nothing has happened twice."""

import json
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from core import clock, ids, security
from core.db import Database
from core.log import Filter, read
from tests.conftest import postgres_copy
from tests.processes import Place, a_place, kill, serving, wait_until

pytestmark = pytest.mark.crash
# More kills than in the ordinary run: REGULARS_TEST_KILLS=200 python -m pytest tests/crash
KILLS = int(os.environ.get("REGULARS_TEST_KILLS", "3"))
BUYERS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield a_place(tmp_path / "home")
        return
    with postgres_copy(request.getfixturevalue("postgres_url")) as url:
        yield a_place(tmp_path / "home", database_url=url)


class Burst:
    """Buyers who browse and order as fast as they are answered, until the server dies under them."""

    def __init__(self, place: Place, port: int, run: int) -> None:
        self.events: list[str] = []
        self.orders: list[str] = []
        self._place, self._port, self._run = place, port, run
        self._threads = [threading.Thread(target=self._buy, args=(number,)) for number in range(BUYERS)]

    def until_killed(self, child: subprocess.Popen[bytes], *, after: int) -> None:
        """Buy until so many views were acknowledged, then kill the server in the midst of it."""
        for thread in self._threads:
            thread.start()
        wait_until(lambda: len(self.events) >= after, "the burst to be under way", child)
        kill(child)
        for thread in self._threads:
            thread.join()

    def _buy(self, number: int) -> None:
        with httpx2.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=10) as client:
            for at in range(10_000):
                try:
                    self._view(client, f"{self._run}-{number}-{at}")
                    if at % 5 == 0:
                        self._order(client, f"{self._run}-{number}-{at}")
                except httpx2.HTTPError:
                    return  # the server is gone: what was not answered was never promised

    def _view(self, client: httpx2.Client, name: str) -> None:
        call = {
            "event": "Product Viewed",
            "anonymousId": f"a{name}",
            "messageId": name,
            "properties": {"product_id": "KL-1"},
        }
        body = json.dumps(call | {"writeKey": self._place.keys["write_key"]})
        if client.post("/v1/track", content=body).status_code == 200:
            self.events.append(name)

    def _order(self, client: httpx2.Client, name: str) -> None:
        at = clock.now()
        order = {
            "order_id": name, "occurred_at": clock.iso(at), "currency": "EUR", "total": "12.00", "email": f"{name}@example.org",
            "user_id": f"u{name}", "lines": [{"line_id": "1", "product_id": "KL-1", "name": "Mug", "quantity": 1, "price": "12.00"}],
        }  # fmt: skip
        body = json.dumps(order)
        signature = security.sign(self._place.keys["secret_key"], f"{at // 1000}.{body}".encode())
        headers = {
            "X-Regulars-Topic": "order.created",
            "X-Regulars-Delivery": name,
            "X-Regulars-Signature": f"t={at // 1000},v1={signature}",
        }
        if client.post("/webhooks/generic/1", content=body, headers=headers).status_code == 200:
            self.orders.append(name)


def test_nothing_acknowledged_is_lost_and_nothing_happens_twice(place: Place) -> None:
    rule = {"name": "One for one", "rule": {"kind": "spend", "points": 1}}
    chance = random.Random(7)
    events: list[str] = []
    orders: list[str] = []
    for run in range(KILLS):
        with serving(place) as (port, child):
            if run == 0:
                _turn_on(place, port, rule)
            burst = Burst(place, port, run)
            burst.until_killed(child, after=chance.randint(20, 120))
            events += burst.events
            orders += burst.orders
    with serving(place) as (port, child):
        _wait_for_orders(place, port, orders)
    sys.stdout.write(f"{KILLS} kills, {len(events)} events and {len(orders)} orders acknowledged\n")
    _compare(place, events, orders)


def _turn_on(place: Place, port: int, rule: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {place.keys['api_key']}"}
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        made = client.post("/api/v1/loyalty/rules", content=json.dumps(rule)).json()
        assert client.post(f"/api/v1/loyalty/rules/{made['rule_id']}/turn-on").status_code == 200


def _wait_for_orders(place: Place, port: int, orders: list[str]) -> None:
    """Until every order's confirmation has been sent."""
    mails = Path(place.environment["REGULARS_HOME"]) / "mail"
    wait_until(lambda: mails.exists() and len(list(mails.glob("*.eml"))) >= len(orders), "every mail to be sent")


def _compare(place: Place, events: list[str], orders: list[str]) -> None:
    database = Database(_url(place))
    with database.read() as session:
        missing = [name for name in events if not read(session, Filter(store_id=1, key=ids.key("public", name)))]
    database.close()
    assert missing == []
    with_points, without = _points_by_order(place)
    assert sorted(set(orders) - set(with_points)) == []
    assert set(with_points.values()) == {12}
    assert without == []
    mails = list((Path(place.environment["REGULARS_HOME"]) / "mail").glob("*.eml"))
    assert len(mails) == len(with_points)
    finished = place.run("check", "--replay")
    assert finished.returncode == 0, finished.stdout


def _points_by_order(place: Place) -> tuple[dict[str, int], list[str]]:
    """Points by order as the log tells them, and orders that were awarded twice."""
    database = Database(_url(place))
    found: dict[str, int] = {}
    twice: list[str] = []
    after = 0
    while True:
        with database.read() as session:
            rows = read(session, Filter(store_id=1, name="points awarded", after=after, limit=200))
        if not rows:
            database.close()
            return found, twice
        for row in rows:
            body = json.loads(row.body)
            if body["order_id"] in found:
                twice.append(body["order_id"])
            found[body["order_id"]] = body["points"]
        after = rows[-1].position


def _url(place: Place) -> str:
    return place.environment["REGULARS_DATABASE_URL"] or f"sqlite:///{place.environment['REGULARS_HOME']}/regulars.db"
