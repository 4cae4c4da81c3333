"""The catalog, now and as of a position, on both databases."""

import pytest
from sqlalchemy import select

from core.db import Database
from core.log.models import SetAside
from tests.conftest import NOON
from tests.tracking.catalog.speaking import STORE, received, tell, viewed
from tracking.catalog import service
from tracking.catalog.errors import UnknownCursor
from tracking.catalog.schemas import CategoryCount, Product, Variant
from tracking.stores.schemas import NewStore

pytestmark = pytest.mark.usefixtures("new_store")

KETTLE = {
    "name": "Kettle",
    "url": "https://shop.example/kettle",
    "image_url": "/kettle.png",
    "price": "39.90",
    "stock": 3,
    "categories": ["Kettles & pots", "Kettles", "Kettles"],
    "attributes": {"colour": "red"},
}


def product(database: Database, product_id: str = "k1") -> Product:
    with database.read() as session:
        found = service.product(session, STORE, product_id)
    assert found is not None
    return found


def names(database: Database, **asked: str) -> list[str]:
    with database.read() as session:
        return [item.name for item in service.products(session, STORE, **asked).items]  # type: ignore[arg-type]


def errors(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.execute(select(SetAside.error)).scalars())


def test_a_document_becomes_a_product_in_the_stores_currency(database: Database) -> None:
    variants = [{"variant_id": "k1-s", "price": "29.90", "stock": 0, "name": "Small"}]
    tell(database, received("k1", at=5, **KETTLE, variants=variants))
    assert product(database) == Product(
        product_id="k1",
        name="Kettle",
        url="https://shop.example/kettle",
        image_url="/kettle.png",
        price=3990,
        currency="EUR",
        stock=3,
        categories=("Kettles & pots", "Kettles"),
        attributes={"colour": "red"},
        for_sale=True,
        updated_at=NOON + 5,
        position=1,
        variants=(Variant(variant_id="k1-s", name="Small", price=2990, stock=0, image_url=None, attributes={}),),
    )


def test_what_a_document_leaves_out_stays_and_null_takes_away(database: Database) -> None:
    tell(database, received("k1", **KETTLE), received("k1", at=1, stock=0))
    after = product(database)
    assert (after.name, after.price, after.stock, after.for_sale) == ("Kettle", 3990, 0, False)
    tell(database, received("k1", at=2, stock=None, name=None, categories=None))
    after = product(database)
    assert (after.name, after.price, after.stock, after.for_sale, after.categories) == ("k1", 3990, None, True, ())


def test_every_version_is_found_by_its_position(database: Database) -> None:
    tell(
        database,
        received("k1", **KETTLE),
        received("k2", name="Pot"),
        received("k1", at=1, price="45", categories=["Sale"]),
        received("k1", at=2, price="45", categories=["Sale"]),
        received("k1", at=3, deleted=True),
    )
    with database.read() as session:
        seen = [service.as_of(session, STORE, ["k1", "k2"], position) for position in range(6)]
    assert [sorted(found) for found in seen] == [[], ["k1"], ["k1", "k2"], ["k1", "k2"], ["k1", "k2"], ["k1", "k2"]]
    assert [found["k1"].price for found in seen[1:]] == [3990, 3990, 4500, 4500, 4500]
    assert [found["k1"].categories[0] for found in seen[1:4]] == ["Kettles & pots", "Kettles & pots", "Sale"]
    assert [found["k1"].position for found in seen[1:]] == [1, 1, 3, 3, 5]
    assert [found["k1"].deleted for found in seen[1:]] == [False, False, False, False, True]


def test_a_browser_describes_only_what_the_shop_never_did(database: Database) -> None:
    view = {"product_id": "k1", "name": "Cheap!", "price": 0.01, "image_url": "https://evil.example/a.png"}
    tell(database, viewed(**view, url="/k1", category="Kettles"))
    before = product(database)
    assert (before.name, before.price, before.url, before.categories, before.described) == (
        "Cheap!", 1, "/k1", ("Kettles",), False,
    )  # fmt: skip
    tell(database, received("k1", at=1, name="Kettle", price="39.90"), viewed(at=2, **view))
    after = product(database)
    assert (after.name, after.price, after.image_url, after.categories, after.described) == (
        "Kettle", 3990, None, (), True,
    )  # fmt: skip


def test_a_browsers_event_called_product_received_is_not_one(database: Database) -> None:
    tell(
        database,
        received("k1", source="public", kind="track", name="Fake"),
        received("k1", source="public", name="Fake"),
    )
    with database.read() as session:
        assert service.all_products(session, STORE) == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example/x", "data:text/html,x", "/\\evil.example", "https:///x"]
)
def test_an_address_that_could_run_or_mislead_is_left_out(database: Database, url: str) -> None:
    tell(
        database, viewed(product_id="k1", name="Kettle", url=url, image_url=url), received("k2", url=url, image_url=url)
    )
    for product_id in ("k1", "k2"):
        assert (product(database, product_id).url, product(database, product_id).image_url) == (None, None)


def test_another_currency_and_a_wrong_price(database: Database) -> None:
    tell(database, received("k1", price="1200", currency="jpy"), received("k2", price="dear"), received("k3", price=-1))
    assert (product(database).price, product(database).currency) == (1200, "JPY")
    assert errors(database) == [
        "UnreadableProduct: The product “k2” cannot be read: “dear” is not an amount such as 12.50.",
        "UnreadableProduct: The product “k3” cannot be read: the price -1 is below zero.",
    ]
    tell(database, received("k1", at=1, currency="USD"))
    assert (product(database).price, product(database).currency) == (None, "USD")


def test_pages_search_and_categories(database: Database) -> None:
    tell(
        database,
        *(received(f"p{at}", name=name, categories=[kind, "All"]) for at, (name, kind) in enumerate(
            [("Éclair", "Cake"), ("apple", "Fruit"), ("Banana", "Fruit"), ("Zebra", "Toy"), ("50% off", "Toy")]
        )),
        received("p3", at=1, deleted=True),
    )  # fmt: skip
    assert names(database) == ["50% off", "apple", "Banana", "Éclair"]
    assert names(database, search="éCLAIR") == ["Éclair"]
    assert names(database, search="%") == ["50% off"]
    assert names(database, search="p1") == ["apple"]
    assert names(database, category="Fruit") == ["apple", "Banana"]
    with database.read() as session:
        first = service.products(session, STORE, limit=3)
        second = service.products(session, STORE, limit=3, cursor=first.next)
        assert [item.name for item in (*first.items, *second.items)] == ["50% off", "apple", "Banana", "Éclair"]
        assert second.next is None
        assert service.count(session, STORE) == 4
        assert service.categories(session, STORE) == [
            CategoryCount(category="All", products=4),
            CategoryCount(category="Fruit", products=2),
            CategoryCount(category="Cake", products=1),
            CategoryCount(category="Toy", products=1),
        ]
        assert [item.product_id for item in service.changed_after(session, STORE, 5)] == ["p3"]
        with pytest.raises(UnknownCursor):
            service.products(session, STORE, cursor="nothing")


def test_stores_do_not_share_products(database: Database, new_store: NewStore) -> None:
    tell(database, received("k1", **KETTLE))
    with database.read() as session:
        assert service.product(session, new_store.store.store_id + 1, "k1") is None
