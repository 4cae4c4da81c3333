"""The row of products: what it asks, what it shows, what it tells, and what it lets the visitor do."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.storefront_plugin.snippet.shop import Shop, item, until

pytestmark = pytest.mark.browser

PRODUCT = '<regulars-recommendations placement="product" item="SKU-1" limit="3"></regulars-recommendations>'
RESERVE = '<link rel="stylesheet" href="/regulars.css">'
TALL = '<div class="tall">much to read</div>'


def four() -> list[dict[str, object]]:
    return [item(name, position) for position, name in enumerate("ABCD", 1)]


def test_it_asks_with_what_stands_on_the_element(page: Page, shop: Shop) -> None:
    shop.recommendations["cart"] = four()
    page.goto(
        shop.page(
            "/",
            '<regulars-recommendations placement="cart" item="X" items="A,B" exclude="C" limit="6">'
            "</regulars-recommendations>",
        )
    )
    shop.wait(lambda: shop.questions)
    assert shop.questions == [
        (
            "/storefront/v1/recommendations",
            {
                "write_key": "wk_test",
                "anonymous_id": page.evaluate("regulars.anonymousId()"),
                "slot": "cart",
                "item": "X",
                "items": "A,B",
                "exclude": "C",
                "limit": "6",
            },
            "",
        )
    ]


def test_it_shows_each_product_with_its_price_and_reason(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = [item("A", 1), item("B", 2, price="1234.5", reason=None)]
    page.goto(shop.page("/", PRODUCT, language="de"))
    cards = page.locator("li.item[part=item]")
    expect(cards).to_have_count(2)
    assert page.locator("[part=title]").all_inner_texts() == ["Product A", "Product B"]
    assert page.locator("[part=price]").all_inner_texts() == ["12,50\xa0€", "1.234,50\xa0€"]
    assert page.locator("[part=reason]").all_inner_texts() == ["1 of 40 people chose A"]
    assert page.locator("[part=title]").first.get_attribute("href") == shop.origin + "/p/A"
    expect(page.locator("img").first).to_have_js_property("naturalWidth", 300)
    expect(page.get_by_role("heading", level=2)).to_have_text("You may also like")


def test_texts_and_heading_can_be_the_shops_own(page: Page, shop: Shop) -> None:
    shop.recommendations["home"] = four()
    own = 'placement="home" heading="Für dich" heading-level="3" text-why="Warum?" text-dismiss="Nichts für mich"'
    page.goto(shop.page("/", f"<regulars-recommendations {own}></regulars-recommendations>"))
    expect(page.get_by_role("heading", level=3)).to_have_text("Für dich")
    assert page.locator("[part=tools] button").all_inner_texts() == ["Warum?", "Nichts für mich"]


def test_popular_products_are_not_called_for_you(page: Page, shop: Shop) -> None:
    shop.recommendations["home"] = four()
    page.goto(shop.page("/", "<regulars-recommendations></regulars-recommendations>"))
    expect(page.get_by_role("heading")).to_have_text("Popular right now")


def test_what_a_catalog_says_never_becomes_script_or_markup(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = [
        item("A", 1, title="<b>x</b>", url="javascript:alert(1)", image_url="data:text/html,x")
    ]
    page.goto(shop.page("/", PRODUCT))
    title = page.locator("[part=title]")
    expect(title).to_have_text("<b>x</b>")
    assert title.get_attribute("href") is None
    assert page.locator("img").count() == 0


def test_shown_is_told_once_and_only_when_half_is_in_sight(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(
        shop.page(
            "/",
            f'<div class="text"></div><div class="text"></div><div class="text"></div>{PRODUCT}{TALL}',
            head=RESERVE,
        )
    )
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    page.evaluate("regulars.track('Marker')")
    shop.wait_for_event("Marker")
    assert shop.tracked("Recommendations Shown") == []
    page.locator("regulars-recommendations").scroll_into_view_if_needed()
    shown = shop.wait_for_event("Recommendations Shown")
    assert shown["properties"] == {
        "recommendation_id": "r_product",
        "slot": "product",
        "product_ids": ["A", "B", "C", "D"],
    }
    page.mouse.wheel(0, 2000)
    page.mouse.wheel(0, -2000)
    page.evaluate("regulars.track('Last')")
    shop.wait_for_event("Last")
    assert len(shop.tracked("Recommendations Shown")) == 1


def test_a_click_is_told_although_the_page_is_left(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    shop.pages["/p/B"] = "<!doctype html><title>B</title>"
    page.goto(shop.page("/", PRODUCT))
    page.get_by_role("link", name="Product B").click()
    clicked = shop.wait_for_event("Recommendation Clicked")
    assert clicked["properties"] == {
        "recommendation_id": "r_product",
        "slot": "product",
        "product_id": "B",
        "position": 2,
    }
    page.wait_for_url("**/p/B")


def test_the_whole_card_is_the_link_and_reached_by_keyboard(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    shop.pages["/p/A"] = "<!doctype html><title>A</title>"
    page.goto(shop.page("/", PRODUCT))
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    for name in ("Why these?", "Not for me", "Product A"):
        page.keyboard.press("Tab")
        focused = "document.querySelector('regulars-recommendations').shadowRoot.activeElement.textContent"
        assert page.evaluate(focused) == name
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/A")
    page.go_back()
    page.locator("[part=image]").first.click(force=True)
    page.wait_for_url("**/p/A")


def test_why_these_opens_with_the_keyboard(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(shop.page("/", PRODUCT))
    why = page.locator("[part=why]")
    expect(why).to_be_hidden()
    page.get_by_role("button", name="Why these?").press("Enter")
    expect(why).to_have_text("They are what most people choose here. The line under a product says why it is there.")
    expect(why).to_be_visible()
    page.keyboard.press("Escape")
    expect(why).to_be_hidden()


def test_not_for_me_hides_a_product_here_and_from_then_on(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(shop.page("/", PRODUCT))
    hide = page.get_by_role("button", name="Not for me: Product B")
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    expect(hide).to_have_count(0)
    page.get_by_role("button", name="Not for me", exact=True).click()
    hide.click()
    dismissed = shop.wait_for_event("Recommendation Dismissed")
    assert dismissed["properties"] == {"recommendation_id": "r_product", "slot": "product", "product_id": "B"}
    assert page.locator("[part=title]").all_inner_texts() == ["Product A", "Product C", "Product D"]
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".dismiss-one").first).to_be_hidden()
    page.reload()
    shop.wait(lambda: len(shop.questions) == 2)
    assert shop.questions[1][1]["exclude"] == "B"


def test_the_last_dismissed_product_leaves_a_word(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = [item("A", 1)]
    page.goto(shop.page("/", PRODUCT))
    page.get_by_role("button", name="Not for me", exact=True).click()
    page.get_by_role("button", name="Not for me: Product A").click()
    expect(page.locator(".note")).to_have_text("You will not see these again here.")
    expect(page.locator(".note")).to_be_focused()


def test_without_consent_nothing_about_the_visitor_is_asked_or_kept(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(shop.page("/", PRODUCT, tag='data-consent="ask"'))
    page.get_by_role("button", name="Not for me", exact=True).click()
    page.get_by_role("button", name="Not for me: Product A").click()
    assert "anonymous_id" not in shop.questions[0][1]
    assert page.evaluate("localStorage.length") == 0
    assert shop.deliveries == []


def test_another_product_on_the_element_is_another_question(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(shop.page("/", PRODUCT))
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    shop.recommendations["product"] = [item("Z", 1)]
    page.evaluate("document.querySelector('regulars-recommendations').setAttribute('item', 'SKU-2')")
    expect(page.locator("[part=title]", has_text="Product Z")).to_have_count(1)
    assert [question[1]["item"] for question in shop.questions] == ["SKU-1", "SKU-2"]


def test_a_live_row_follows_the_events_that_were_answered(page: Page, shop: Shop) -> None:
    shop.recommendations["home"] = four()
    page.goto(shop.page("/", "<regulars-recommendations live></regulars-recommendations>"))
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    shop.wait_for_event("Recommendations Shown")
    shop.recommendations["home"] = [item("Z", 1)]
    page.evaluate("regulars.track('Product Viewed', {product_id: 'Y'})")
    expect(page.locator("[part=title]", has_text="Product Z")).to_have_count(1)


def test_an_element_that_comes_later_is_found(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(shop.page("/"))
    assert page.evaluate("customElements.get('regulars-recommendations') === undefined")
    page.evaluate("(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", PRODUCT)
    expect(page.locator("li.item[part=item]")).to_have_count(4)


def test_a_bundle_has_a_sum_and_hands_its_products_to_the_shop(page: Page, shop: Shop) -> None:
    shop.recommendations["together"] = [item("A", 1, price="0.10"), item("B", 2, price="0.20")]
    page.goto(
        shop.page(
            "/",
            '<regulars-recommendations placement="together" item="SKU-1" item-price="49.00" layout="bundle" limit="2">'
            "</regulars-recommendations>",
        )
    )
    expect(page.locator("[part=sum]")).to_have_text("€49.30")
    page.evaluate("document.addEventListener('regulars:add-all', (event) => { window.added = event.detail })")
    page.get_by_role("button", name="Add all 3").click()
    assert page.evaluate("[added.recommendation_id, added.slot, added.product_ids]") == [
        "r_together",
        "together",
        ["SKU-1", "A", "B"],
    ]


def test_it_passes_the_accessibility_rules(page: Page, shop: Shop) -> None:
    shop.recommendations["product"] = four()
    page.goto(shop.page("/", f"<h1>Kettle</h1>{PRODUCT}"))
    expect(page.locator("li.item[part=item]")).to_have_count(4)
    page.get_by_role("button", name="Not for me", exact=True).click()
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], [node["target"] for node in v["nodes"]]) for v in violations] == []


def test_a_failing_server_leaves_the_page_alone(page: Page, shop: Shop) -> None:
    page.route("**/storefront/v1/**", lambda route: route.abort())
    page.goto(shop.page("/", PRODUCT))
    until(page, "!!customElements.get('regulars-recommendations')")
    expect(page.locator("section[aria-busy]")).to_have_count(0)
    assert page.locator("li.item[part=item]").count() == 0
