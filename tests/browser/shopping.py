"""What a shopper does at Kettle Lane, and what must come of it."""

import re
import time
from typing import Any

import httpx2
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.running import Demo
from tests.browser.visiting import EMAIL, KETTLE, KETTLE_ID, KETTLE_NAME, KETTLE_POINTS, NAME, PASSWORD, Visit
from tests.browser.watching import NARROW, WIDE
from tests.processes import wait_until

VISIBLE_WITHIN = 1.0  # seconds; benchmarks/thread.py holds it to 100 ms on a machine of its own
MILESTONES = ("order confirmed", "shipped", "out for delivery", "delivered")
# The mail, and what the shop's page and the page behind the mail's link call the state.
ON_THE_WAY = (
    ("shipped", "On its way", "In transit"),
    ("out for delivery", "Out for delivery", "Out for delivery"),
    ("delivered", "Delivered", "Delivered"),
)
OTHER_PAGES = (
    "c/tableware",
    "search?q=blue+mug",
    "search?q=bicycle",
    "orders",
    "account",
    "account/remembered",
    "account/forget",
)


def looks_around(visit: Visit) -> str:
    """Nobody is known yet; a viewed product changes the next page. Returns the visitor's anonymous id."""
    page = visit.window.go("/shop/")
    home = widget(page, "home")
    expect(home.locator("li.item:not(.empty)").first).to_be_visible()
    expect(widget(page, "continue").locator("li.item")).to_have_count(0)
    before = home.locator("a.title").all_inner_texts()
    visit.window.look(WIDE, NARROW)
    with page.expect_response(lambda answer: is_told(answer, KETTLE_ID)):
        visit.window.go(KETTLE)
    visit.window.look(WIDE, NARROW)
    page = visit.window.go("/shop/")
    expect(widget(page, "continue").locator("a.title", has_text=KETTLE_NAME)).to_be_visible()
    assert home.locator("a.title").all_inner_texts() != before
    visit.window.look()
    assert change_is_visible_after(visit.demo, "somebody-else") <= VISIBLE_WITHIN
    return next(str(one.get("value")) for one in page.context.cookies() if one.get("name") == "regulars_anonymous_id")


def is_told(answer: Response, words: str) -> bool:
    """Whether this is the answer to the events that hold these words."""
    return answer.url.endswith("/v1/batch") and words in (answer.request.post_data or "")


def widget(page: Page, placement: str) -> Locator:
    return page.locator(f"regulars-recommendations[placement={placement}]")


def change_is_visible_after(demo: Demo, anonymous_id: str) -> float:
    """How many seconds after a view was answered the recommendations have changed."""
    key = demo.keys["write_key"]
    event = {"event": "Product Viewed", "anonymousId": anonymous_id, "properties": {"product_id": KETTLE_ID}}
    question = {"write_key": key, "slot": "continue", "anonymous_id": anonymous_id}
    with httpx2.Client(base_url=demo.url) as client:
        assert client.get("/storefront/v1/recommendations", params=question).json()["items"] == []
        assert client.post("/v1/track", json={**event, "writeKey": key}).status_code == 200
        begun = time.perf_counter()
        while not client.get("/storefront/v1/recommendations", params=question).json()["items"]:
            assert time.perf_counter() - begun < 10, "the view changed nothing"
        return time.perf_counter() - begun


def registers(visit: Visit, anonymous_id: str) -> dict[str, Any]:
    """The anonymous visits become those of the person who opened an account."""
    page = visit.window.go("/shop/account/register")
    visit.window.look()
    visit.fill({"Name": NAME, "E-mail": EMAIL, "Password": PASSWORD})
    with page.expect_response(lambda answer: is_told(answer, "identityToken")):
        visit.press("Open the account")
    visit.window.look()
    visit.press("Sign out")
    page = visit.window.go("/shop/account/login")
    visit.window.look()
    visit.fill({"E-mail": EMAIL, "Password": PASSWORD})
    visit.press("Sign in")
    wait_until(lambda: visit.demo.api("people", search=NAME)["items"], "the person")
    (person,) = visit.demo.api("people", search=NAME)["items"]
    moved = [fact for fact in visit.demo.facts("identity moved") if fact["body"]["value"] == anonymous_id]
    assert len(moved) == 1
    moments = visit.demo.api(f"people/{person['person_id']}/timeline")["items"]
    assert any(moment["kind"] == "visits" and KETTLE_NAME in moment["detail"] for moment in moments)
    return dict(person)


def fill_address(visit: Visit) -> None:
    visit.fill({"Street and number": "Lindenweg 4", "Postal code": "04103", "Town": "Leipzig"})


def buys(visit: Visit) -> None:
    """Points by the rule that is on, and exactly one mail."""
    page = visit.window.go(KETTLE)
    visit.press("Add to basket")
    visit.window.look(WIDE, NARROW)
    page.get_by_role("link", name="Go to checkout").click()
    fill_address(visit)
    visit.window.look(WIDE, NARROW)
    visit.press("Place the order")
    page.wait_for_url("**/shop/thanks/*")
    visit.order_id = page.url.rsplit("/", 1)[1]
    visit.window.look()
    wait_until(lambda: visit.steps() == ["order confirmed"], "the confirmation")
    expect_points(visit, KETTLE_POINTS)
    (mail,) = visit.demo.mails(EMAIL)
    assert visit.order_id in mail["Subject"]


def expect_points(visit: Visit, points: int) -> None:
    """The shop's header says how many, sooner or later."""
    wait_until(lambda: points_in_the_header(visit) == f"{points} points", f"{points} points in the header")


def points_in_the_header(visit: Visit) -> str:
    return visit.window.go("/shop/points").locator("header regulars-points strong").inner_text()


def is_told_where_the_parcel_is(visit: Visit) -> None:
    """Each milestone once in the mailbox; the shop's page and the page behind the mail's link say the same."""
    page = visit.window.go(f"/shop/orders/{visit.order_id}")
    for step, words, elsewhere in ON_THE_WAY:
        while page.locator("#state").inner_text() != words:
            visit.press("Move the parcel on")
        wait_until(lambda step=step: step in visit.steps(), f"the mail “{step}”")
        visit.window.look(WIDE, NARROW)
        visit.window.go(order_page_of(visit.demo))
        expect(page.get_by_role("heading", level=2).first).to_contain_text(elsewhere)
        visit.window.look(WIDE, NARROW)
        visit.window.go(f"/shop/orders/{visit.order_id}")
    steps = visit.steps()
    assert [step for step in steps if step in MILESTONES] == list(MILESTONES)
    assert len(visit.demo.mails(EMAIL)) == len(steps)


def order_page_of(demo: Demo) -> str:
    """The address behind the link in a mail; every mail about the order has the same."""
    body = demo.mails(EMAIL)[0].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://\S+/order-pages/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found[0]


def returns_it(visit: Visit) -> None:
    """What is returned takes its points back with it."""
    visit.window.go(f"/shop/orders/{visit.order_id}")
    visit.page.get_by_role("button", name="Return this item").click()
    expect(visit.page.locator("main")).to_contain_text("1 returned")
    expect_points(visit, 0)
    expect(visit.page.locator(".movements")).to_contain_text(f"−{KETTLE_POINTS}")
    visit.window.look(WIDE, NARROW)


def sees_the_other_pages(visit: Visit) -> None:
    """The shop's pages that the walk did not come by."""
    visit.see(*(f"/shop/{path}" for path in OTHER_PAGES))


def buys_by_the_new_rule(visit: Visit) -> None:
    """The same kettle again: the rule that the marketer has turned on meanwhile gives two points for each euro."""
    visit.window.go(KETTLE)
    visit.press("Add to basket")
    visit.window.go("/shop/checkout")
    fill_address(visit)
    visit.press("Place the order")
    expect_points(visit, 2 * KETTLE_POINTS)
