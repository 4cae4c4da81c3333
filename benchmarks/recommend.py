"""How fast recommendations answer and how good they are: `python -m benchmarks.recommend [--json] [--data FOLDER]`.

Speed, on a made-up shop of 170,000 visits: fitting and asking the session model; whole answers (filters, reasons, JSON) of a process
whose visitors keep doing things, and the same answers when nothing has changed; each beside the ceiling of the same run, the time
to encode a finished answer under a new id. Microseconds are of CPU time, so that other load on the machine does not count. Quality: session neighbours on the Serenade sessions, where the folder of data sets exists.
"""

import argparse
import csv
import gzip
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from core import clock
from core.clock import DAY, MINUTE
from core.log import PUBLIC, NewEvent
from personalization.recommendations.answering import Policy, answer_bytes_from
from personalization.recommendations.asking import read_request
from personalization.recommendations.evaluation import evaluate, fit_all, visit_questions
from personalization.recommendations.interactions import Interactions, Kind, from_arrays
from personalization.recommendations.live import LiveView, Recalled
from personalization.recommendations.products import Products
from personalization.recommendations.recommenders.base import Context
from personalization.recommendations.recommenders.bought_together import BoughtTogether
from personalization.recommendations.recommenders.popular import Popular
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours
from personalization.recommendations.recommenders.viewed_next import ViewedNext
from personalization.recommendations.schemas import Answer
from personalization.recommendations.shelf import Shelf
from personalization.recommendations.state import StoreState
from personalization.recommendations.tickets import Ticket, issue
from tracking.catalog.schemas import Product

VISITS = 170_000
PRODUCTS = 20_000
VISITORS = 2_000
SECONDS = 3.0
SECRET = b"a benchmark's secret of thirty-two bytes"


def made_up_shop(visits: int, products: int, seed: int = 5) -> Interactions:
    """Visits of about five steps in one of 200 groups of products, some of them bought; a Zipf-like popularity inside a group."""
    chance = np.random.default_rng(seed)
    lengths = 2 + chance.geometric(0.3, visits)
    visit = np.repeat(np.arange(visits), lengths)
    group = np.repeat(chance.integers(0, 200, visits), lengths)
    in_group = products // 200
    item = group * in_group + np.minimum(chance.geometric(0.06, len(visit)) - 1, in_group - 1)
    step = np.arange(len(visit)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    began = clock.now() - 90 * DAY + np.sort(chance.integers(0, 90 * DAY, visits))
    kinds = np.where(chance.random(len(visit)) < 0.15, Kind.PURCHASE, Kind.VIEW).astype(np.int8)
    return from_arrays(
        people=visit % 50_000,
        items=np.char.add("p", item.astype(np.str_)),
        kinds=kinds,
        at=np.repeat(began, lengths) + step * MINUTE,
        visits=visit,
        products=Products.bare([f"p{number}" for number in range(products)]),
    )


def session_model(interactions: Interactions) -> dict[str, float]:
    """Fit and ask the session model alone, in microseconds per question."""
    began = time.perf_counter()
    model = SessionNeighbours().fit(interactions)
    fitted = time.perf_counter() - began
    chance = np.random.default_rng(6)
    micros = []
    for start in chance.integers(0, len(interactions) - 5, 5_000):
        context = Context(0, interactions.item[start : start + int(chance.integers(1, 5))])
        began = time.thread_time()
        model.recommend(context, 20)
        micros.append((time.thread_time() - began) * 1e6)
    return {
        "visits": float(len(model.length_norm)),
        "fit_seconds": fitted,
        "events_per_second_fitted": len(interactions) / fitted,
        "mean_us": float(np.mean(micros)),
        "p99_us": float(np.percentile(micros, 99)),
    }


def made_up_state(interactions: Interactions) -> StoreState:
    """Models and a full shelf, one product in twenty sold out."""
    models = {
        one.name: one.fit(interactions) for one in (Popular(), BoughtTogether(), ViewedNext(), SessionNeighbours())
    }
    shelf = Shelf(interactions.products.ids)
    shelf.put(_product(number, name) for number, name in enumerate(interactions.products.ids))
    return StoreState("benchmark", models, interactions.item_count, shelf)


def _product(number: int, product_id: str) -> Product:
    return Product(
        product_id=product_id,
        name=f"Product {number} of its kind",
        url=f"https://shop.example/p/{product_id}",
        image_url=f"https://shop.example/i/{product_id}.jpg",
        price=1000 + number % 5000,
        currency="EUR",
        stock=number % 20,
        categories=(f"group {number // 100}",),
        attributes={"colour": f"colour {number % 7}"},
        for_sale=number % 20 > 0,
        described=True,
        updated_at=0,
        position=0,
    )


class Desk:
    """Answers of one process over a made-up state, without database or network."""

    def __init__(self, interactions: Interactions) -> None:
        self.state = made_up_state(interactions)
        self.live = LiveView(lambda *_: Recalled(), lambda *_: True)
        self.chance = random.Random(7)
        self.items = interactions.item
        self.ids = interactions.products.ids

    def view(self, visitor: int) -> None:
        """Let a visitor look at the next product of somebody's real path."""
        product_id = self.ids[int(self.items[self.chance.randrange(len(self.items))])]
        body = msgspec.json.encode({"properties": {"product_id": product_id}})
        now = clock.now()
        row = NewEvent(
            1, PUBLIC, b"", "track", "Product Viewed", now, now, f"v{visitor}", None, "", None, None, 0, body, ""
        )
        self.live.feed([row])

    def ask(self, query: dict[str, str]) -> bytes:
        """The JSON of an answer, as the endpoint gives it."""
        request = read_request(1, query)
        return answer_bytes_from(self.state, self.live, request, Policy(SECRET, 0.02, self.chance))


def answers(desk: Desk) -> dict[str, dict[str, float]]:
    """Answers per second and core of each slot, live: before every question the visitor has looked at something."""
    found = {}
    for visitor in range(VISITORS):
        desk.ask({"anonymous_id": f"v{visitor}"})
        for _ in range(3):
            desk.view(visitor)
    for slot in ("home", "product", "together", "cart", "continue"):

        def live(slot: str = slot) -> bytes:
            visitor = desk.chance.randrange(VISITORS)
            if desk.chance.random() < 0.5:
                desk.view(visitor)
            item = desk.ids[int(desk.items[desk.chance.randrange(len(desk.items))])]
            return desk.ask({"slot": slot, "anonymous_id": f"v{visitor}", "item": item})

        found[slot] = rate(live)
    found["home, nobody known"] = rate(lambda: desk.ask({"slot": "home"}))
    return found


def ceiling(desk: Desk) -> dict[str, float]:
    """Encoding a finished answer under a new id: what no way of choosing can be faster than."""
    finished = msgspec.json.decode(desk.ask({"slot": "home", "anonymous_id": "v1"}), type=Answer)

    def encode() -> bytes:
        ticket = Ticket("home", "benchmark", "session", "default", 0.02, 12)
        name = issue(ticket, store_id=1, secret=SECRET)
        return msgspec.json.encode(msgspec.structs.replace(finished, recommendation_id=name))

    return rate(encode)


def rate(work: Callable[[], bytes]) -> dict[str, float]:
    """How often per second of CPU, and the percentiles of one."""
    micros, until, began = [], time.perf_counter() + SECONDS, time.process_time()
    while time.perf_counter() < until:
        start = time.thread_time()
        work()
        micros.append((time.thread_time() - start) * 1e6)
    used = time.process_time() - began
    p50, p99 = np.percentile(micros, (50, 99))
    return {"per_cpu_second": len(micros) / used, "p50_us": float(p50), "p99_us": float(p99)}


def serenade(folder: Path) -> dict[str, Any]:
    """HR@20 and MRR@20 of session neighbours, every prefix of the test day, all items ranked."""
    train = _clicks(folder / "train.tsv.gz")
    found: dict[str, Any] = {}
    for part in ("valid", "test"):
        questions = visit_questions(_clicks(folder / f"{part}.tsv.gz", train.products), np.ones(train.item_count, bool))
        recommenders = {"session neighbours": SessionNeighbours(), "viewed next": ViewedNext(), "popular": Popular()}
        result = evaluate(
            fit_all(recommenders, train), train, questions, k=20, question=f"Serenade {part}: the next click"
        )
        found[part] = {
            row.recommender: {
                "hit_rate": row.hit_rate.value,
                "hit_rate_interval": [row.hit_rate.low, row.hit_rate.high],
                "mrr": row.reciprocal_rank.value,
                "mrr_interval": [row.reciprocal_rank.low, row.reciprocal_rank.high],
                "mean_us": row.answer_mean_us,
            }
            for row in result.rows
        }
        found[part]["questions"] = len(questions)
    found["published"] = {"VMIS-kNN": {"hit_rate": 0.6402, "mrr": 0.3277}, "VMIS-kNN after a search": {"mrr": 0.3401}}
    return found


def _clicks(path: Path, products: Products | None = None) -> Interactions:
    with gzip.open(path, "rt") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    sessions = np.array([int(row["SessionId"]) for row in rows], np.int64)
    return from_arrays(
        people=sessions,
        items=[row["ItemId"] for row in rows],
        kinds=np.zeros(len(rows), np.int8),
        at=np.array([int(float(row["Time"]) * 1000) for row in rows], np.int64),
        visits=sessions,
        products=products,
    )


def measured(data: Path) -> dict[str, Any]:
    """Everything that is printed."""
    interactions = made_up_shop(VISITS, PRODUCTS)
    found: dict[str, Any] = {"session_model": session_model(interactions)}
    desk = Desk(interactions)
    found["answers"] = answers(desk)
    found["ceiling"] = ceiling(desk)
    if (data / "serenade_sessions").exists():
        found["serenade"] = serenade(data / "serenade_sessions")
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    default = os.environ.get("REGULARS_TEST_DATA", str(Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(default))
    arguments = parser.parse_args()
    found = measured(arguments.data)
    if arguments.json:
        print(json.dumps(found))
        return
    for name, figures in found.items():
        print(name)
        for key, value in figures.items():
            print(f"  {key:28} {json.dumps(value)}")


if __name__ == "__main__":
    main()
