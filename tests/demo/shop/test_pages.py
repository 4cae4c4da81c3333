"""Every page answers, carries the snippet and its widgets, and keeps to the content security policy."""

import re

import pytest

from demo.catalogue import products
from demo.shop.rendering import STATIC
from demo.shop.shelf import departments
from tests.demo.shop.browsing import Browser

PAGES = (
    *("/", "/c/coffee", "/c/kettles", "/search", "/search?q=blue+mug", "/search?q=%3Cscript%3E", "/cart", "/orders"),
    *("/p/tuesday-beans-500-g", "/points", "/account/login", "/account/register", "/account/remembered"),
    "/account/forget",
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_snippet_one_heading_and_nothing_inline(browser: Browser, path: str) -> None:
    answer = browser.see(path)
    assert answer.status_code == 200
    assert 'src="http://regulars.test/regulars.js" data-write-key="write-key"></script>' in answer.text
    assert answer.text.count("<h1") == 1
    assert not re.search(r"<[^>]+ (style|on[a-z]+)=", answer.text)
    assert not re.search(r"<script(?![^>]* src=)", answer.text)


def test_the_policy_allows_only_the_shop_and_regulars(browser: Browser) -> None:
    policy = browser.see("/").headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; script-src 'self' http://regulars.test; style-src 'self'; "
        "img-src 'self' data: http://regulars.test; connect-src 'self' http://regulars.test; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_the_product_page_names_the_product_to_its_widgets_and_to_the_snippet(browser: Browser) -> None:
    page = browser.see("/p/tuesday-beans-500-g").text
    assert '<regulars-recommendations placement="product" item="KL-0017">' in page
    assert '<regulars-recommendations placement="together" item="KL-0017" item-price="18.50"' in page
    assert '"product_id": "KL-0017"' in page
    assert 'data-event="Product Viewed"' in page
    assert "Order by 16:00 and it arrives <b>Thu 26 Nov</b>" in page


def test_a_chosen_colour_is_what_goes_into_the_basket(browser: Browser) -> None:
    product = next(product for product in products() if len(product.variants) > 2)
    page = browser.see(f"/p/{product.slug}?colour={product.variants[1].variant_id}").text
    assert f'name="variant_id" value="{product.variants[1].variant_id}"' in page


def test_each_shelf_has_a_page_with_its_products(browser: Browser) -> None:
    for department in departments():
        page = browser.see(department.url.removeprefix("/shop")).text
        assert page.count('class="card"') == min(24, len(department.products()))


def test_shelves_have_pages_and_orders(browser: Browser) -> None:
    first, last = browser.see("/c/tableware").text, browser.see("/c/tableware?page=4").text
    assert (first.count('class="card"'), last.count('class="card"')) == (24, 4)
    prices = re.findall(r'class="price">€([\d.]+)<', browser.see("/c/tableware?sort=cheap").text)
    assert prices == sorted(prices, key=float)
    assert browser.see("/c/tableware?page=nine&sort=nonsense").status_code == 200


def test_a_search_without_hits_says_what_to_try(browser: Browser) -> None:
    page = browser.see("/search?q=bicycle").text
    assert "Nothing here is called “bicycle”" in page
    assert "<script>" not in browser.see("/search?q=<script>alert(1)</script>").text


@pytest.mark.parametrize(
    "path", ["/nothing", "/p/nothing", "/c/nothing", "/orders/W20001", "/art/304.svg", "/art/x.svg"]
)
def test_what_is_not_there_is_said_in_a_page(browser: Browser, path: str) -> None:
    answer = browser.see(path)
    assert answer.status_code == 404
    assert "That is not here" in answer.text


def test_pictures_are_served_in_both_forms(browser: Browser) -> None:
    drawn, variant, raster = browser.see("/art/19.svg"), browser.see("/art/19-1.svg"), browser.see("/art/19.png")
    assert (drawn.headers["Content-Type"], raster.headers["Content-Type"]) == ("image/svg+xml", "image/png")
    assert drawn.text != variant.text
    assert raster.content.startswith(b"\x89PNG")
    again = browser.client.get("/shop/art/19.svg", headers={"If-None-Match": drawn.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_icon_that_is_used_is_drawn(browser: Browser) -> None:
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    used = {name for path in PAGES for name in re.findall(r"icons\.svg\?v=\w+#(\w+)", browser.see(path).text)}
    assert used >= {"bag", "find", "coin", "person", "truck", "check"}
    assert all(f'id="{name}"' in sprite for name in used)
