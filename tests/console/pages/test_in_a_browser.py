"""The pages in a real Chromium: accessible in both themes and on a phone, and the rule workbench with and without script."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core import clock
from core.db import Database
from tests.console.pages.test_order_news import address as message_address
from tests.console.pages.test_order_news import messages
from tests.console.pages.test_rules import BEANS, named
from tests.console.pages.test_rules import address as rule_address
from tests.console.pages.trading import NOW, PASSWORD
from tests.console.test_parts import Scheme, Visitor

pytestmark = pytest.mark.browser

PATHS = (
    "/rules", "/rules/new?add=least&name=&points=x&per=y&kind=spend", "/orders", "/orders?q=nosuch", "/orders/10482", "/orders/10490",
    "/parcels", "/parcels/P10400", "/products", "/products/mug", "/order-news", "/log", "/log?name=nosuch",
    "/log/870", "/log/set-aside", "/log/audit", "/log/reactions",
)  # fmt: skip

Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Opens a page as mara; the clock stands still for server and shop, and the shop's pictures are one pixel each."""
    contexts = []

    def open_page(scheme: Scheme = "light", width: int = 1440, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script, has_touch=width < 800
        )  # fmt: skip
        picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
        context.route("http://shop.test/**", lambda route: route.fulfill(body=picture, content_type="image/svg+xml"))
        contexts.append(context)
        visitor = Visitor(context.new_page(), address)
        visitor.page.goto(f"{address}/login")
        visitor.page.get_by_label("E-mail").fill("mara@example.org")
        visitor.page.get_by_label("Password").fill(PASSWORD)
        visitor.page.get_by_role("button", name="Sign in").click()
        return visitor

    with clock.frozen(NOW):
        yield open_page
        for context in contexts:
            context.close()


def workbench(visitor: Visitor, database: Database) -> Page:
    return visitor.open(rule_address(named(database, BEANS)).removeprefix("/console"))


def number(page: Page, name: str) -> str:
    return page.locator(".four div", has_text=name).locator("output").inner_text()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_every_page_is_accessible(visit: Visit, shop_database: Database, scheme: Scheme, width: int) -> None:
    visitor = visit(scheme, width)
    rule = rule_address(named(shop_database, BEANS)).removeprefix("/console")
    mail = message_address(messages(shop_database, "sent")[0]).removeprefix("/console")
    broken = message_address(messages(shop_database, "failed")[0]).removeprefix("/console")
    own = (rule, f"{rule}/history", f"{rule}/review", mail, f"{mail}?look=dark", f"{mail}?look=text", f"{broken}/again")
    for path in (*PATHS, *own):
        page = visitor.open(path)
        page.wait_for_load_state("networkidle")
        assert visitor.findings() == [], path
        assert visitor.overflow() == 0, path
        assert visitor.complaints == [], path


def test_a_changed_word_changes_the_numbers_and_the_past_orders(visit: Visit, shop_database: Database) -> None:
    visitor = visit()
    page = workbench(visitor, shop_database)
    expect(page.locator("#past-orders tbody tr")).to_have_count(5)
    before = number(page, "Points given")
    page.get_by_label("Points", exact=True).fill("4")
    expect(page.locator(".four div", has_text="Points given").locator("output")).not_to_have_text(before)
    assert int(number(page, "Points given").replace(",", "")) > 1.9 * int(before.replace(",", ""))
    expect(page.locator("#past-orders tbody tr").filter(has_text="10482")).to_contain_text("× 4")
    expect(page.get_by_label("Points", exact=True)).to_be_focused()
    page.get_by_label("Points", exact=True).fill("many")
    expect(page.locator("[data-preview]")).to_contain_text("Enter a whole number of points")
    page.get_by_role("link", name="Enter a whole number of points").click()
    assert visitor.complaints == []


def test_a_select_changes_the_preview_too(visit: Visit, shop_database: Database) -> None:
    page = workbench(visit(), shop_database)
    expect(page.locator(".four")).to_be_visible()
    before = number(page, "People rewarded")
    page.get_by_label("What counts").select_option("")
    expect(page.locator(".four div", has_text="People rewarded").locator("output")).not_to_have_text(before)


def test_a_bonus_hides_the_words_of_spending(visit: Visit, shop_database: Database) -> None:
    page = workbench(visit(), shop_database)
    expect(page.get_by_label("Amount spent")).to_be_visible()
    page.get_by_label("What they are given for").select_option("bonus")
    expect(page.get_by_label("Amount spent")).to_be_hidden()


def test_enter_in_a_word_keeps_the_sentence_and_adds_nothing(visit: Visit, shop_database: Database) -> None:
    page = workbench(visit(), shop_database)
    page.get_by_label("Points", exact=True).fill("7")
    page.get_by_label("Points", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"points=7"))
    assert "csrf" not in page.url
    expect(page.get_by_label("Points", exact=True)).to_have_value("7")
    expect(page.get_by_label("Smallest number of pieces")).to_have_count(0)


def test_a_rule_is_changed_and_turned_on_with_undo(visit: Visit, shop_database: Database) -> None:
    visitor = visit()
    page = workbench(visitor, shop_database)
    page.get_by_label("Points", exact=True).fill("5")
    page.get_by_role("button", name="Review and turn on…").click()
    expect(page.get_by_role("heading", name="Turn on version 3?")).to_be_visible()
    page.get_by_role("button", name="Turn on version 3").click()
    expect(page.locator(".toast")).to_contain_text("Version 3 of “Double points on beans” is on")
    assert named(shop_database, BEANS).on.version == 3  # type: ignore[union-attr]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("is as it was before")
    assert named(shop_database, BEANS).on.body.points == 3  # type: ignore[union-attr]
    assert visitor.complaints == []


def test_the_workbench_works_without_script(visit: Visit, shop_database: Database) -> None:
    page = workbench(visit("dark", 1440, script=False), shop_database)
    page.get_by_role("button", name="and it holds … pieces").click()
    page.get_by_label("Smallest number of pieces").fill("4")
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".four")).to_be_visible()
    expect(page.get_by_label("Smallest number of pieces")).to_have_value("4")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".toast")).to_contain_text("The draft of “Double points on beans” is saved")
    draft = named(shop_database, BEANS).draft
    assert draft is not None
    assert {"field": "order.pieces", "op": ">=", "value": 4} in (draft.body.condition or {})["all"]


def test_why_of_points_opens_in_an_order(visit: Visit) -> None:
    page = visit().open("/orders/10482")
    page.locator("aside .why").first.click()
    expect(page.locator("#why-points-0")).to_be_visible()
    expect(page.locator("#why-points-0")).to_contain_text("points, because of the rule")
    page.keyboard.press("Escape")
    expect(page.locator("#why-points-0")).to_be_hidden()


def test_the_mail_is_drawn_in_its_frame(visit: Visit, shop_database: Database) -> None:
    visitor = visit()
    page = visitor.open(message_address(messages(shop_database, "sent")[0]).removeprefix("/console"))
    frame = page.frame_locator("iframe.mail")
    expect(frame.locator("body")).to_contain_text("Kettle Lane")
    assert visitor.complaints == []
