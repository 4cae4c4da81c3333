"""A desk that answers for one small shop without a database: three groups of products, trained on visits and baskets."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from core import clock
from core.log import NewEvent
from personalization.recommendations.answering import Policy, answer_bytes_from, answer_from
from personalization.recommendations.live import LiveView, Recalled
from personalization.recommendations.schemas import Answer, RecommendationRequest, Slot
from personalization.recommendations.shelf import Shelf
from personalization.recommendations.state import StoreState
from personalization.recommendations.storage import current_version, load_set
from personalization.recommendations.training import train_on
from tests.personalization.recommendations.samples import BEGIN, taste_groups
from tracking.catalog.schemas import Product

SECRET = b"a secret of at least thirty-two bytes"
NOW = BEGIN + 40 * clock.DAY


def product(product_id: str, **changes: object) -> Product:
    """A product of the sample shop; “p03” is of group 0."""
    number = int(product_id[1:])
    values: dict[str, object] = {
        "product_id": product_id,
        "name": f"Thing {product_id}",
        "url": f"/p/{product_id}",
        "image_url": f"/i/{product_id}.svg",
        "price": 1250,
        "currency": "EUR",
        "stock": 5,
        "categories": (f"group{number // 10}",),
        "attributes": {"colour": f"colour{number % 3}"},
        "for_sale": True,
        "updated_at": 0,
        "position": 0,
    }
    return Product(**(values | changes))  # type: ignore[arg-type]


@dataclass
class Desk:
    """Asks and feeds; the clock stands at NOW."""

    state: StoreState
    live: LiveView = field(default_factory=lambda: LiveView(lambda *_: Recalled(), lambda _, stamp: "gpc" not in stamp))
    exploration: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def ask(self, slot: Slot = "home", **request: object) -> Answer:
        asked = RecommendationRequest(store_id=1, slot=slot, **request)  # type: ignore[arg-type]
        policy = Policy(SECRET, self.exploration, self.chance)
        answer = answer_from(self.state, self.live, asked, policy)
        if not self.exploration:
            encoded = answer_bytes_from(self.state, self.live, asked, policy)
            assert msgspec.json.decode(encoded, type=Answer).items == answer.items
        return answer

    def feed(self, *rows: NewEvent) -> None:
        for row in rows:
            if row.anonymous_id:
                self.live.of_anonymous(1, row.anonymous_id)
        self.live.feed(rows)


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a trained version of the sample shop."""
    root = tmp_path_factory.mktemp("models")
    train_on(taste_groups(120), root, 1)
    return root


@pytest.fixture
def desk(trained: Path) -> Desk:
    """A desk with models and the whole catalog."""
    found = load_set(trained, current_version(trained) or "")
    shelf = Shelf(found.product_ids, found.titles)
    shelf.put(product(f"p{number:02}") for number in range(20))
    return Desk(StoreState(found.manifest.version, found.models, len(found.product_ids), shelf))


@pytest.fixture
def new_shop() -> Callable[[int], Desk]:
    """A desk of a shop with so many products and no history."""

    def make(products: int) -> Desk:
        shelf = Shelf()
        shelf.put(product(f"p{number:02}") for number in range(products))
        return Desk(StoreState(shelf=shelf))

    return make
