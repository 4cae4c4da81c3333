"""The shop in a real Chromium: what it tells the snippet, and that its pages suit everybody in both themes and on a phone."""

import shutil
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Thread
from typing import Any, Literal, TypeVar

import httpx2
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount

from demo.shop.application import create_shop
from demo.shop.settings import ShopSettings
from tests.demo.shop.conftest import Regulars

Result = TypeVar("Result")

pytestmark = pytest.mark.browser

WATCH = "addEventListener('securitypolicyviolation', ({ violatedDirective }) => (window.broken = violatedDirective))"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
OPEN_TO_ALL = (
    *("/", "/c/tableware", "/search?q=blue+mug", "/search?q=bicycle", "/p/toast-striped-stove-kettle", "/orders"),
    *("/points", "/account/login", "/account/register", "/account/remembered", "/account/forget", "/nothing"),
)


@dataclass(frozen=True)
class Window:
    """How somebody looks at the shop."""

    theme: Literal["light", "dark"] = "light"
    width: int = 1440


@dataclass(frozen=True)
class Chromium:
    """A browser before a shop that listens at `url`."""

    url: str
    executable: str

    def run(self, walk: Callable[[Page], Result], window: Window = Window()) -> Result:
        """Walk through the shop in a new window. In a thread of its own: another test's browser may still be open."""
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(self._run, walk, window).result(timeout=120)

    def _run(self, walk: Callable[[Page], Result], window: Window) -> Result:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=self.executable, args=["--no-sandbox"])
            context = browser.new_context(
                base_url=self.url, viewport={"width": window.width, "height": 900}, color_scheme=window.theme
            )
            context.add_init_script(WATCH)
            return walk(context.new_page())


@pytest.fixture
def chromium(settings: ShopSettings, regulars: Regulars) -> Iterator[Chromium]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no chromium on this machine: install it (Debian: apt-get install chromium)")
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    shop = create_shop(replace(settings, base_url=url), transport=httpx2.MockTransport(regulars.take))
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[Mount("/shop", shop)]), log_level="error", lifespan="off", ws="none")
    )
    thread = Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield Chromium(url, executable)
    server.should_exit = True
    thread.join(10)


def told(page: Page) -> list[Any]:
    """What this page has put into the snippet's queue."""
    calls: list[Any] = page.evaluate("window.regulars")
    return calls


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def register(page: Page) -> None:
    page.goto("/shop/account/register")
    for name, value in (("Name", "Ines Falk"), ("E-mail", "ines@example.org"), ("Password", "a slow morning")):
        page.get_by_label(name).fill(value)
    press(page, "Open the account")


def order(page: Page) -> None:
    page.goto("/shop/p/toast-striped-stove-kettle")
    press(page, "Add to basket")
    page.goto("/shop/checkout")
    for name, value in (("Street and number", "Lindenweg 4"), ("Postal code", "04103"), ("Town", "Leipzig")):
        page.get_by_label(name).fill(value)
    press(page, "Place the order")


def test_each_step_is_told_to_the_snippet(chromium: Chromium) -> None:
    def walk(page: Page) -> list[list[Any]]:
        page.goto("/shop/p/toast-striped-stove-kettle?colour=KL-0019-1")
        seen = [told(page)]
        # The page is left at once, so what is told at the last moment is kept where the next page can be asked for it.
        page.evaluate(
            "addEventListener('pagehide', () => sessionStorage.setItem('last', JSON.stringify(regulars.at(-1))))"
        )
        page.get_by_label("How many").select_option("3")
        press(page, "Add to basket")
        return [*seen, [page.evaluate("JSON.parse(sessionStorage.getItem('last'))")], told(page)]

    viewed, added, cart = chromium.run(walk)
    product = {
        "product_id": "KL-0019",
        "sku": "KL-0019-1",
        "variant": "bark",
        "name": "Toast striped stove kettle",
        "category": "Kettles",
        "price": 46,
        "currency": "EUR",
        "url": "/shop/p/toast-striped-stove-kettle",
        "image_url": "/shop/art/19-1.svg",
    }
    assert viewed == [["track", "Product Viewed", product]]
    assert added == [["track", "Product Added", {**product, "quantity": 3}]]
    assert cart == [
        ["track", "Cart Viewed", {"value": 138, "currency": "EUR", "products": [{**product, "quantity": 3}]}]
    ]


def test_a_bundle_goes_into_the_basket_as_one(chromium: Chromium) -> None:
    def walk(page: Page) -> str:
        page.goto("/shop/p/toast-striped-stove-kettle")
        page.evaluate(
            """document.querySelector('[placement=together]').dispatchEvent(new CustomEvent('regulars:add-all', {
                bubbles: true, composed: true, detail: { recommendation_id: 'r', product_ids: ['KL-0019', 'KL-0017'],
                items: [{ product_id: 'KL-0017', title: 'Tuesday beans, 500 g', price: '18.50' }] } }))"""
        )
        page.wait_for_url("**/shop/cart")
        return page.locator("main").inner_text()

    text = chromium.run(walk)
    assert "2 things" in text
    assert "€64.50" in text


def test_login_and_logout_are_told_once(chromium: Chromium) -> None:
    def walk(page: Page) -> list[list[Any]]:
        register(page)
        entered = told(page)
        page.goto("/shop/account")
        again = told(page)
        press(page, "Sign out")
        return [entered, again, told(page)]

    [[method, user_id, traits, options]], again, left = chromium.run(walk)
    assert (method, user_id[:2], traits, set(options)) == ("identify", "u_", {"name": "Ines Falk"}, {"token"})
    assert (again, left) == ([], [["reset"]])


@pytest.mark.parametrize("window", [Window("dark"), Window("light", 390)])
def test_pages_suit_everybody(chromium: Chromium, window: Window) -> None:
    def walk(page: Page) -> list[str]:
        found: list[str] = []
        for path in OPEN_TO_ALL:
            page.goto(f"/shop{path}")
            found += findings(page)
        register(page)
        page.goto("/shop/checkout")
        order(page)
        found += findings(page)
        page.get_by_role("link", name="Follow the order").click()
        press(page, "Move the parcel on")
        found += findings(page)
        for path in ("/cart", "/account", "/account/forget", "/points"):
            page.goto(f"/shop{path}")
            found += findings(page)
        return found

    assert chromium.run(walk, window) == []


def test_the_points_page_says_where_points_came_from(chromium: Chromium) -> None:
    movements = [
        {"kind": "take back", "points": -1040, "at": "2026-11-23T10:00:00Z", "why": "Order W2 was returned."},
        {"kind": "award", "points": 49, "at": "2026-11-02T10:00:00Z", "why": "<b>49 points</b>"},
    ]

    def walk(page: Page) -> tuple[list[str], str | None]:
        asked: list[str | None] = []

        def answer(route: Route) -> None:
            asked.append(route.request.headers.get("authorization"))
            route.fulfill(json={"movements": movements})

        page.route("**/storefront/v1/me?write_key=write-key", answer)
        register(page)
        page.goto("/shop/points")
        page.locator(".movements li").nth(1).wait_for()
        return page.locator(".movements li").all_inner_texts(), asked[0]

    lines, authorization = chromium.run(walk)
    assert [line.split("\n") for line in lines] == [
        ["Mon 23 Nov", "Order W2 was returned.", "−1,040"],
        ["Mon 2 Nov", "<b>49 points</b>", "+49"],
    ]
    assert authorization is not None
    assert authorization.startswith("Bearer ey")


def test_a_refused_form_takes_the_focus(chromium: Chromium) -> None:
    def walk(page: Page) -> tuple[str, list[str]]:
        page.goto("/shop/account/register")
        press(page, "Open the account")
        return page.evaluate("document.activeElement.innerText"), findings(page)

    text, found = chromium.run(walk)
    assert "3 answers need a change" in text
    assert found == []


def findings(page: Page) -> list[str]:
    """What axe finds on this page, what its policy refused, and whether it scrolls sideways."""
    at = page.url.split("/shop", 1)[1]
    found = [
        f"{at}: {violation['id']} {violation['nodes'][0]['target']}"
        for violation in Axe().run(page, options=RULES).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{at}: scrolls sideways")
    refused = page.evaluate("window.broken")
    return [*found, f"{at}: the policy refused {refused}"] if refused else found
