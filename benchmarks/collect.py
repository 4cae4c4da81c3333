"""How fast the intake is: the service beside the same server without storage and beside one that appends to a synced file.

    python -m benchmarks.collect [--database sqlite|postgres] [--clients 64] [--batch 1] [--reactions paused|draining] [--seconds 8] [--json]

Server and load generator each have a core of their own; authentication, CORS and the consent stamp are on. The figure to
quote is requests per CPU-second of the server and its ratio to the twins of the same run; absolute rates move with the machine.
"""

import argparse
import itertools
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

from benchmarks import load, machine
from benchmarks.postgres import temporary_postgres
from core.db import Database
from core.log import head

_TWINS = ("nowhere", "file")


def bodies(key: str, batch: int, run: str) -> Iterator[bytes]:
    """Endless requests with events of about 860 bytes and random-looking message ids."""
    headers = (("Authorization", f"Bearer {key}"), ("Content-Type", "text/plain"), ("Origin", "http://shop.example"))
    for number in itertools.count():
        if batch == 1:
            yield load.request("POST", "/v1/track", event_of(f"{run}-{number}", number), headers)
            continue
        items = b",".join(event_of(f"{run}-{number}-{at}", number + at) for at in range(batch))
        yield load.request("POST", "/v1/batch", b'{"batch":[' + items + b"]}", headers)


def event_of(message: str, number: int) -> bytes:
    event = {
        "type": "track",
        "event": "Product Viewed",
        "anonymousId": f"visitor-{number % 5_000}",
        "messageId": message,
        "timestamp": "2026-11-24T14:00:00.000Z",
        "properties": {
            "product_id": f"KL-{number % 304:04}",
            "name": "Harbour moka kettle",
            "category": "Kettles",
            "price": 49.0,
            "currency": "EUR",
            "image_url": "https://shop.example/art/19.png",
            "url": "https://shop.example/p/harbour-moka-kettle",
        },
        "context": {
            "page": {
                "url": "https://shop.example/p/harbour-moka-kettle",
                "path": "/p/harbour-moka-kettle",
                "referrer": "https://shop.example/c/kettles",
                "title": "Harbour moka kettle",
            },
            "locale": "en-GB",
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "library": {"name": "regulars.js", "version": "1.0.0"},
            "consent": {"categoryPreferences": {"analytics": True, "personalization": True}},
        },
    }
    return json.dumps(event, separators=(",", ":")).encode()


def measure(place: machine.Installation, kind: str, *, clients: int, batch: int, seconds: float) -> dict[str, float]:
    """One kind of server under load."""
    with machine.served(place, kind) as (port, process):
        key = place.store.write_key
        load.run(port, bodies(key, batch, f"warm-{kind}"), clients=clients, seconds=1.0)
        before, begun = machine.cpu_seconds(process), time.perf_counter()
        measured = load.run(port, bodies(key, batch, kind), clients=clients, seconds=seconds)
        spent = machine.cpu_seconds(process) - before
        lag = _drained(place) if kind == "service" else 0.0
    return {
        "requests_per_second": measured.answered / measured.seconds,
        "requests_per_cpu_second": measured.answered / spent,
        "events_per_second": measured.answered * batch / measured.seconds,
        "cpu_share": spent / (time.perf_counter() - begun),
        "p50_ms": measured.percentile(0.50),
        "p99_ms": measured.percentile(0.99),
        "not_200": sum(count for status, count in measured.statuses.items() if status != 200),
        "drain_seconds": lag,
    }


def _drained(place: machine.Installation) -> float:
    """How long the reactions need to become level after the load (they drained during it, too)."""
    database = Database(place.settings.database_url)
    begun = time.perf_counter()
    with database.read() as session:
        head(session)
    database.close()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--reactions", choices=("paused", "draining"), default="paused")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    machine.pin_client()
    kind = "paused" if options.reactions == "paused" else "service"
    results: dict[str, dict[str, float]] = {}
    with ExitStack() as stack:
        url = stack.enter_context(temporary_postgres()) if options.database == "postgres" else ""
        place = stack.enter_context(machine.installation(url))
        for name in (kind, *_TWINS):
            results[name] = measure(place, name, clients=options.clients, batch=options.batch, seconds=options.seconds)
    rate = results[kind]["requests_per_cpu_second"]
    ratios = {f"to_{twin}": rate / results[twin]["requests_per_cpu_second"] for twin in _TWINS}
    document = {"machine": machine.described(), "options": vars(options), "results": results, "ratios": ratios}
    print(json.dumps(document, indent=2) if options.json else _text(document))


def _text(document: dict[str, object]) -> str:
    results, ratios = document["results"], document["ratios"]
    assert isinstance(results, dict)
    assert isinstance(ratios, dict)
    lines = [f"{'server':<10}{'req/s':>10}{'req/CPU-s':>12}{'events/s':>12}{'p50 ms':>9}{'p99 ms':>9}"]
    for name, row in results.items():
        lines.append(
            f"{name:<10}{row['requests_per_second']:>10,.0f}{row['requests_per_cpu_second']:>12,.0f}"
            f"{row['events_per_second']:>12,.0f}{row['p50_ms']:>9.1f}{row['p99_ms']:>9.1f}"
        )
    lines.append("  ".join(f"{name} {ratio:.0%}" for name, ratio in ratios.items()))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
