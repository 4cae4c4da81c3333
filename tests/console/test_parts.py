"""The page that shows every part, in a real Chromium: accessible, within its width, without a policy violation."""

import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
VIEWS: list[tuple[Scheme, int]] = [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)]
STRUCTURE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Visitor:
    """A page of the console as mara sees it; what the browser complains about is collected."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self) -> None:
        self.page.goto(f"{self.address}/login")
        self.page.get_by_label("E-mail").fill("mara@example.org")
        self.page.get_by_label("Password").fill("slow mornings")
        self.page.get_by_role("button", name="Sign in").click()

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def findings(self, inside: str | None = None) -> list[tuple[str, str]]:
        """What axe has to say about the page, or what is `inside` a selector: (rule, element)."""
        found: list[dict[str, Any]] = Axe().run(self.page, inside, STRUCTURE).response["violations"]
        return [(finding["id"], node["html"]) for finding in found for node in finding["nodes"]]

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return max(0, int(self.page.evaluate(wider)))  # below zero where room is kept for a scrollbar


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    """Opens a signed-in page of a scheme and a width."""
    contexts = []

    def open_page(scheme: Scheme = "light", width: int = 1440, script: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            has_touch=width < 800,
        )
        contexts.append(context)
        visitor = Visitor(context.new_page(), address)
        visitor.sign_in()
        return visitor

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_every_part_is_accessible(visit: Any, scheme: Scheme, width: int) -> None:
    visitor = visit(scheme, width)
    visitor.open("/setup/parts")
    assert visitor.findings() == []
    assert visitor.overflow() == 0
    assert visitor.complaints == []


@pytest.mark.parametrize("width", [320, 390, 832, 1024])
def test_nothing_is_wider_than_its_window(visit: Any, width: int) -> None:
    visitor = visit("light", width)
    for path in ("/setup/parts", "/setup", "/find?q=ines", "/nowhere"):
        visitor.open(path)
        assert visitor.overflow() == 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_other_pages_of_the_frame_are_accessible(visit: Any, scheme: Scheme) -> None:
    visitor = visit(scheme)
    for path in ("/setup", "/find?q=ines", "/log"):
        visitor.open(path)
        assert visitor.findings() == [], path
    assert visitor.complaints == []
    visitor.page.context.clear_cookies()
    visitor.open("/login")
    assert visitor.findings() == []


def test_the_line_is_drawn_from_the_table_behind_it(visit: Any) -> None:
    page = visit().open("/setup/parts")
    expect(page.locator("figure[data-chart] canvas")).to_have_count(1)
    page.locator("figure .u-over").hover(position={"x": 4, "y": 40})
    expect(page.locator("figure .tip")).to_contain_text("€2,920")
    page.get_by_text("Show as a table").click()
    expect(page.locator("#revenue tbody tr")).to_have_count(28)


def test_why_opens_by_keyboard_and_gives_focus_back(visit: Any) -> None:
    page = visit().open("/setup/parts")
    why = page.get_by_role("button", name="why?").first
    why.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why-116")).to_be_visible()
    expect(page.locator("#why-116")).to_contain_text("needed: 2 or more")
    page.keyboard.press("Escape")
    expect(page.locator("#why-116")).to_be_hidden()
    expect(why).to_be_focused()


@pytest.mark.parametrize("opened", ["why-116", "more-parts", "me", "stores", "shortcuts"])
def test_what_floats_is_accessible(visit: Any, opened: str) -> None:
    visitor = visit("dark")
    page = visitor.open("/setup/parts")
    page.evaluate(f"document.getElementById('{opened}').showPopover()")
    expect(page.locator(f"#{opened}")).to_be_visible()
    assert visitor.findings(f"#{opened}") == []


def test_keys_find_go_move_and_explain(visit: Any) -> None:
    visitor = visit()
    page = visitor.open("/setup/parts")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("g")
    page.keyboard.press("Escape")
    page.locator("#find").blur()
    page.keyboard.press("j")
    expect(page.locator("table[data-rows] tbody th a").first).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("table[data-rows] tbody th a").nth(1)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(f"{visitor.address}/people")


def test_keys_can_be_turned_off(visit: Any) -> None:
    visitor = visit()
    page = visitor.open("/setup")
    page.keyboard.press("?")
    page.get_by_role("button", name="Turn single-key shortcuts off").click()
    expect(page.locator("body")).to_have_attribute("data-shortcuts", "off")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(f"{visitor.address}/setup")


def test_the_theme_is_switched_at_once_and_kept(visit: Any) -> None:
    visitor = visit("light")
    page = visitor.open("/setup")
    with page.expect_response("**/preferences"):
        page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    visitor.open("/setup")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 19, 17)"


def test_the_bar_opens_on_a_phone(visit: Any) -> None:
    visitor = visit("light", 390)
    page = visitor.open("/setup")
    expect(page.locator("#side")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(page.locator("#side")).to_be_visible()
    assert visitor.findings() == []
    page.get_by_role("link", name="Orders").click()
    expect(page).to_have_url(f"{visitor.address}/orders")


def test_a_refused_form_takes_focus_and_leads_to_its_field(visit: Any) -> None:
    page = visit().open("/setup/parts")
    expect(page.locator(".errors")).to_be_focused()
    page.get_by_role("link", name="Enter a price of 100 points or more").click()
    expect(page.locator("#field-price")).to_be_focused()


def test_picked_rows_bring_up_the_bar(visit: Any) -> None:
    page = visit().open("/setup/parts")
    expect(page.locator(".bulk")).to_be_hidden()
    page.get_by_label("Select all rows shown").check()
    expect(page.locator(".bulk")).to_be_visible()
    expect(page.locator("[data-picked-count]")).to_contain_text("3")


def test_the_preview_follows_the_sentence_and_focus_stays(visit: Any) -> None:
    visitor = visit()
    page = visitor.open("/setup/parts")
    shown = page.locator("#sample-preview output").first
    expect(shown).to_have_text("3,912")
    word = page.get_by_label("Number of items")
    word.fill("4")
    expect(shown).to_have_text("1,956")
    expect(word).to_be_focused()
    assert visitor.complaints == []


def test_a_feed_renews_itself_unless_it_is_held(visit: Any) -> None:
    page = visit().page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/feed") else None)
    page.clock.install()
    page.goto(page.url.split("/console")[0] + "/console/setup/parts")
    with page.expect_response("**/setup/parts/feed"):
        page.clock.run_for(5_000)
    page.get_by_role("button", name="Hold the list").click()
    count = len(asked)
    page.clock.run_for(20_000)
    assert len(asked) == count
    page.get_by_role("button", name="Hold the list").click()
    with page.expect_response("**/setup/parts/feed"):
        page.clock.run_for(5_000)


def test_requests_of_htmx_carry_the_token(visit: Any) -> None:
    page = visit().open("/setup")
    with page.expect_response("**/people") as answered:
        page.evaluate("htmx.ajax('POST', '/console/people', {target: 'main', swap: 'none'})")
    # An accepted form leads the whole page on, also where htmx sent it.
    assert answered.value.headers["hx-redirect"] == "/console/people"


def test_a_toast_leaves_by_itself_but_not_from_under_the_hand(visit: Any) -> None:
    context_page = visit().page
    context_page.clock.install()
    context_page.goto(context_page.url.split("/console")[0] + "/console/setup/parts")
    toast = context_page.locator(".toast")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Undo").focus()
    context_page.clock.run_for(60_000)
    expect(toast).to_be_visible()
    context_page.locator("h1").focus()
    context_page.clock.run_for(12_000)
    expect(toast).to_have_count(0)


def test_forms_and_links_work_without_script(visit: Any) -> None:
    page = visit("dark", 1440, script=False).open("/setup")
    page.get_by_label("Light or dark").select_option("light")
    page.get_by_role("button", name="Keep this choice").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.get_by_role("searchbox").fill("ines")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/people/1$"))


def test_texts_that_are_longer_by_two_fifths_still_fit(visit: Any) -> None:
    visitor = visit("light", 390)
    page = visitor.open("/setup/parts")
    page.evaluate(
        """() => { const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) { const node = walk.currentNode, text = node.textContent.trim();
          if (text.length > 3) node.textContent += ' ' + text.slice(0, Math.ceil(text.length * .4)); } }"""
    )
    assert visitor.overflow() == 0


def test_right_to_left_mirrors_the_frame(visit: Any) -> None:
    visitor = visit("light", 1440)
    page = visitor.open("/setup/parts")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert visitor.overflow() == 0
    assert page.locator("#side").bounding_box()["x"] > 1000
