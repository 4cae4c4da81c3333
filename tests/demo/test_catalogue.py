"""The catalogue: complete, unique, deterministic, and named after its pictures."""

from collections import Counter
from decimal import Decimal

from demo.art.design import design
from demo.assortment import ASSORTMENT
from demo.catalogue import products, shelves, slug
from demo.naming import SPECIES, WORDS


def test_there_are_304_products_with_names_and_addresses_of_their_own() -> None:
    assert len(products()) == 304
    for field in ("product_id", "name", "url_path", "image_path"):
        assert len({getattr(product, field) for product in products()}) == 304


def test_there_are_twelve_shelves_and_more_and_none_is_nearly_empty() -> None:
    filled = Counter(product.categories for product in products())
    assert set(filled) == {(group, shelf) for group, names in shelves().items() for shelf in names}
    assert len(filled) == 18
    assert min(filled.values()) >= 4


def test_the_product_of_the_pictures() -> None:
    product = products()[17]
    assert (product.product_id, product.name) == ("KL-0017", "Tuesday beans, 500 g")
    assert product.categories == ("Coffee", "Beans")
    assert (product.image_path, product.url_path) == ("/shop/art/17.svg", "/shop/p/tuesday-beans-500-g")
    assert (product.consumable, product.lasts_days, product.perishable) == (True, 35, True)


def test_names_of_coloured_things_agree_with_the_picture() -> None:
    for index, product in enumerate(products()):
        if len(product.variants) > 1:
            assert product.name.startswith(WORDS[design(index).colour])


def test_plants_are_called_by_how_they_grow() -> None:
    plants = [product for product in products() if product.kind == "plant"]
    assert len(plants) == 19
    assert all(any(product.name.startswith(names) for names in map(tuple, SPECIES.values())) for product in plants)


def test_prices_are_plausible_and_end_quietly() -> None:
    for product in products():
        assert Decimal(5) <= product.price <= Decimal(90)
        assert product.price % 1 in {Decimal("0.00"), Decimal("0.50"), Decimal("0.90")}
        assert product.currency == "EUR"


def test_only_what_is_used_up_lasts_a_number_of_days() -> None:
    used_up = {kind for kind, assortment in ASSORTMENT.items() if assortment.lasts_days}
    assert used_up == {"pouch", "candle", "jar", "bottle", "tin"}
    assert all(product.consumable is (product.kind in used_up) for product in products())


def test_addresses_are_plain() -> None:
    assert slug("Kettles & pots") == "kettles-pots"
    assert slug("Letter writer's Ceylon, 100 g") == "letter-writers-ceylon-100-g"
