"""How long after an event its effects are there: a changed recommendation, a segment, points, a mail in the outbox.

    python -m benchmarks.thread [--rounds 60] [--background 200] [--seconds 30] [--json]

The service runs as `regulars serve` does, in one process on SQLite, while a second process sends `--background` events a second.
Each round is a new shopper: a view (does the next answer change?), then an order by webhook. Times run from the moment the
event was answered; the ceiling printed beside them is an empty answer of the same server in the same run.
"""

import argparse
import itertools
import json
import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import httpx2

from benchmarks import collect, machine
from core import clock, security
from core.db import Database
from core.log import Filter, head, read

_GIVE_UP = 10.0  # seconds
_LOOK_EVERY = 0.002  # seconds


def background(port: int, key: str, rate: int, seconds: float) -> None:
    """Send so many events a second, evenly, until the time is over."""
    bodies = (json.dumps(json.loads(collect.event_of(f"bg-{number}", number))) for number in itertools.count())
    begun, sent = time.perf_counter(), 0
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {key}"}) as client:
        while (passed := time.perf_counter() - begun) < seconds:
            while sent < passed * rate:
                client.post("/v1/track", content=next(bodies))
                sent += 1
            time.sleep(0.002)


class Shoppers:
    """Sends what a shopper does and waits for what comes of it."""

    def __init__(self, place: machine.Installation, port: int) -> None:
        self._place = place
        self._client = httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        self._database = Database(place.settings.database_url)
        self.times: dict[str, list[float]] = {
            name: [] for name in ("empty answer", "recommendation", "segment", "points", "mail")
        }

    def prepare(self) -> None:
        """A catalog and a rule."""
        for number in range(40):
            product = {
                "product_id": f"KL-{number:04}",
                "name": f"Product {number}",
                "url": f"https://shop.example/{number}",
                "price": "12.00",
                "stock": 9,
                "categories": [f"Category {number % 5}"],
            }
            self._hook("product.updated", product)
        headers = {"Authorization": f"Bearer {self._place.store.api_key}"}
        rule = {"name": "One for one", "rule": {"kind": "spend", "points": 1}}
        made = self._client.post("/api/v1/loyalty/rules", content=json.dumps(rule), headers=headers).json()
        self._client.post(f"/api/v1/loyalty/rules/{made['rule_id']}/turn-on", headers=headers)

    def round(self, number: int) -> None:
        """One new shopper."""
        name = f"shopper-{number}"
        self._timed("empty answer", lambda: self._client.get("/healthz").status_code == 200, time.perf_counter())
        item = f"KL-{number % 40:04}"
        event = {"event": "Product Viewed", "anonymousId": name, "messageId": name, "properties": {"product_id": item}}
        self._client.post("/v1/track", content=json.dumps(event | {"writeKey": self._place.store.write_key}))
        self._timed("recommendation", lambda: self._continues(name, item), time.perf_counter())
        with self._database.read() as session:
            position = head(session)
        at = clock.now()
        order = {
            "order_id": name,
            "occurred_at": clock.iso(at),
            "currency": "EUR",
            "total": "12.00",
            "email": f"{name}@example.org",
            "user_id": name,
            "anonymous_id": name,
            "lines": [{"line_id": "1", "product_id": item, "name": "Product", "quantity": 1, "price": "12.00"}],
        }
        self._hook("order.created", order)
        answered = time.perf_counter()
        for effect, fact in (("points", "points awarded"), ("segment", "segment entered")):
            self._timed(effect, lambda fact=fact: self._fact(fact, position, name), answered)
        self._timed("mail", lambda: self._mail(name), answered)

    def _timed(self, name: str, happened: Callable[[], bool], since: float) -> None:
        while not happened():
            if time.perf_counter() - since > _GIVE_UP:
                raise RuntimeError(f"No {name} within {_GIVE_UP} s.")
            time.sleep(_LOOK_EVERY)
        self.times[name].append((time.perf_counter() - since) * 1000)

    def _continues(self, name: str, item: str) -> bool:
        asked = {"write_key": self._place.store.write_key, "slot": "continue", "anonymous_id": name}
        answer = self._client.get("/storefront/v1/recommendations", params=asked).json()
        return [shown["product_id"] for shown in answer["items"]] == [item]

    def _fact(self, fact: str, position: int, name: str) -> bool:
        with self._database.read() as session:
            found = read(session, Filter(store_id=1, name=fact, after=position, limit=50))
        return any(event.user_id == name for event in found)

    def _mail(self, name: str) -> bool:
        headers = {"Authorization": f"Bearer {self._place.store.api_key}"}
        answer = self._client.get("/api/v1/messages", params={"search": f"{name}@", "limit": "1"}, headers=headers)
        return bool(answer.json()["items"])

    def _hook(self, topic: str, body: dict[str, Any]) -> None:
        text, at = json.dumps(body), clock.now() // 1000
        signature = security.sign(self._place.store.store.secret_key, f"{at}.{text}".encode())
        headers = {"X-Regulars-Topic": topic, "X-Regulars-Signature": f"t={at},v1={signature}"}
        answer = self._client.post("/webhooks/generic/1", content=text, headers=headers)
        assert answer.status_code == 200, answer.text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--background", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    machine.pin_client()
    with machine.installation() as place, machine.served(place, "service") as (port, _):
        shoppers = Shoppers(place, port)
        shoppers.prepare()
        sender = multiprocessing.Process(
            target=background, args=(port, place.store.write_key, options.background, 3600.0), daemon=True
        )
        sender.start()
        for number in range(options.rounds):
            shoppers.round(number)
        sender.kill()
    results = {name: _summary(times) for name, times in shoppers.times.items()}
    document = {"machine": machine.described(), "options": vars(options), "milliseconds": results}
    print(json.dumps(document, indent=2) if options.json else _text(results))


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        name: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


def _text(results: dict[str, dict[str, float]]) -> str:
    lines = [f"{'milliseconds':<16}{'p50':>9}{'p95':>9}{'p99':>9}"]
    lines += [f"{name:<16}{row['p50']:>9.1f}{row['p95']:>9.1f}{row['p99']:>9.1f}" for name, row in results.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
