"""Products in the console: the list, one product with its changes, and where pictures may come from."""

from collections.abc import Callable
from dataclasses import replace

from starlette.responses import Response
from starlette.testclient import TestClient

from console.pages.products import with_pictures
from tests.console.conftest import KETTLE_LANE
from tests.console.pages.test_rules import text_of

Enter = Callable[[str], TestClient]


def test_the_list_shows_price_stock_and_categories(enter: Enter) -> None:
    text = text_of(enter("tom").get("/console/products").text)
    assert "8 products in 8 categories. 1 of those shown is sold out." in text
    assert "Harbour moka kettle kettle Kettles, Kitchen For sale €42.00 9" in text
    assert "Birch tray tray Trays, Kitchen For sale €22.00 not counted" in text
    assert "Late beans, 250 g decaf Beans, Kitchen Sold out €7.90 0" in text


def test_search_and_category_narrow_the_list(enter: Enter) -> None:
    client = enter("tom")
    beans = text_of(client.get("/console/products?category=Beans").text)
    assert "Tuesday beans" in beans
    assert "Birch tray" not in beans
    assert "Birch tray" in text_of(client.get("/console/products?q=birch").text)
    assert "No product matches." in client.get("/console/products?q=boat").text
    assert client.get("/console/products?after=nosuch").status_code == 404


def test_one_product_shows_what_changed(enter: Enter) -> None:
    client = enter("ada")
    text = text_of(client.get("/console/products/kettle").text)
    assert "It costs €42.00. 9 pieces are in stock." in text
    assert "price: €39.00 → €42.00; stock: 12 → 9" in text
    assert "Described for the first time" in text
    assert "Material stoneware" in text
    mug = text_of(client.get("/console/products/mug").text)
    assert "mug-blue Blue €14.00 30" in mug
    assert "mug-clay Clay €15.00 50" in mug
    assert client.get("/console/products/nosuch").status_code == 404


def test_pictures_come_from_the_shop_and_from_nowhere_else(enter: Enter) -> None:
    page = enter("tom").get("/console/products")
    assert '<img src="http://shop.test/i/kettle.svg"' in page.text
    assert "img-src 'self' data: http://shop.test;" in page.headers["content-security-policy"]


def test_an_origin_that_is_none_never_gets_into_the_policy() -> None:
    store = replace(
        KETTLE_LANE,
        origins=("https://ok.example:8443", "https://x; script-src *", "javascript:alert(1)", "*"),
        storefront_url="",
    )
    policy = with_pictures(Response(), store).headers["content-security-policy"]
    assert "img-src 'self' data: https://ok.example:8443;" in policy
    assert policy.count("script-src") == 1


def test_a_product_is_found_by_its_name(enter: Enter) -> None:
    assert enter("tom").get("/console/find?q=moka&go=1").headers["location"] == "/console/products/kettle"
