"""What the marketer finds in the console after a shopper's day, and what they change."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.visiting import EMAIL, KETTLE_NAME, KETTLE_POINTS, NAME, RULE, Visit
from tests.browser.watching import NARROW, WIDE

OTHER_PAGES = (
    "people",
    "rules/new",
    "log/set-aside",
    "log/audit",
    "log/reactions",
    "setup",
    "find?q=ines",
    "products?q=nosuch",
)


def signs_in(visit: Visit) -> None:
    """With the password that the demo printed."""
    login = visit.demo.login("Console")
    page = visit.window.go("/console")
    visit.window.look(WIDE, NARROW)
    visit.fill({"E-mail": login.email, "Password": login.password})
    visit.press("Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.locator("#shop-feed")).not_to_be_empty()
    visit.window.look(WIDE, NARROW)


def looks_at_the_person(visit: Visit, person: dict[str, Any]) -> None:
    """The whole way from the first view to the return is in the timeline, and the points can be asked why."""
    page = visit.window.go(f"/console/people?q={NAME.replace(' ', '+')}")
    visit.window.look()
    page.get_by_role("link", name=NAME).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    assert page.url.endswith(person["person_id"])
    timeline = page.get_by_role("region", name="Timeline")
    for words in (KETTLE_NAME, visit.order_id, f"{KETTLE_POINTS} points", "elivered"):
        expect(timeline).to_contain_text(words)
    visit.window.look(WIDE, NARROW)
    points = timeline.locator("li", has_text=f"{KETTLE_POINTS} points").last
    points.get_by_role("button", name="why?").click()
    expect(page.locator("[popover]:popover-open")).to_contain_text(RULE)
    visit.window.look()


def writes_a_better_rule(visit: Visit) -> None:
    """A changed sentence changes the preview; turned on, it is the rule from here on."""
    page = visit.window.go("/console/rules")
    visit.window.look()
    page.get_by_role("link", name=RULE).click()
    given = page.locator(".four div", has_text="Points given").locator("output")
    before = given.inner_text()
    page.get_by_label("Points", exact=True).fill("2")
    expect(given).not_to_have_text(before)
    doubled = given.inner_text()
    assert number(doubled) > number(before)
    page.get_by_label("What counts").select_option(label=kettles(page))
    expect(given).not_to_have_text(doubled)
    assert 0 < number(given.inner_text()) < number(doubled)
    visit.window.look(WIDE, NARROW)
    visit.press("Save draft")
    expect(page.locator(".toast")).to_contain_text("is saved")
    visit.press("Review and turn on…")
    visit.window.look()
    visit.press("Turn on version 2")
    expect(page.locator(".toast")).to_contain_text("is on")
    page.get_by_role("link", name="History").click()
    visit.window.look()
    (rule,) = visit.demo.api("loyalty/rules")["items"]
    assert [version["state"] for version in rule["versions"] if version["version"] == 2] == ["on"]


def number(text: str) -> int:
    return int(text.replace(",", ""))


def kettles(page: Page) -> str:
    """What the kettles are called among the things that may count."""
    options = page.get_by_label("What counts").locator("option").all_inner_texts()
    return next(option for option in options if "ettles" in option)


def looks_at_segments(visit: Visit) -> None:
    """Each with how many people are in it."""
    page = visit.window.go("/console/segments")
    for name in ("New", "Loyal", "At risk", "Lapsed", "Big spenders"):
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
        assert number(row.get_by_role("cell").first.inner_text()) > 0, name
    visit.window.look(WIDE, NARROW)
    page.get_by_role("link", name="New", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New")
    expect(page.get_by_role("table", name="People in the segment")).to_contain_text(NAME)
    visit.window.look()


def looks_at_the_order(visit: Visit) -> None:
    """The order, its parcel and its product, each from its list."""
    for section, name in (("orders", visit.order_id), ("parcels", visit.order_id), ("products", KETTLE_NAME)):
        page = visit.window.go(f"/console/{section}")
        visit.window.look()
        visit.window.go(f"/console/{section}?q={name.replace(' ', '+')}")
        visit.window.look(NARROW)
        page.locator("tbody th a").first.click()
        expect(page.locator("main")).to_contain_text(name)
        visit.window.look(WIDE, NARROW)


def reads_the_mail(visit: Visit) -> None:
    """The mailbox holds the same mails, as the buyer sees them: light, dark and as text."""
    page = visit.window.go(f"/console/order-news?q={EMAIL}")
    rows = page.get_by_role("table", name="Mailbox").locator("tbody tr")
    expect(rows).to_have_count(len(visit.steps()))
    expect(rows.filter(has_text="confirmed")).to_have_count(1)
    visit.window.look(WIDE, NARROW)
    rows.filter(has_text="confirmed").get_by_role("link").click()
    expect(page.frame_locator("iframe.mail").locator("body")).to_contain_text(KETTLE_NAME)
    visit.window.look()
    page.get_by_role("link", name="Dark", exact=True).click()
    expect(page.locator("iframe.mail.dark")).to_be_visible()
    visit.window.look()
    page.get_by_role("link", name="Text", exact=True).click()
    expect(page.locator(".mail-text")).to_contain_text(f"1 x {KETTLE_NAME}")
    visit.window.look()


def looks_behind_it(visit: Visit) -> None:
    """The log and what runs."""
    page = visit.window.go("/console/log")
    visit.window.look(WIDE, NARROW)
    page.get_by_label("Name of the event").select_option("points awarded")
    visit.press("Show")
    page.get_by_role("table", name="Events").get_by_role("link", name="points awarded").first.click()
    expect(page.locator("main")).to_contain_text("points awarded")
    visit.window.look()
    visit.see(*(f"/console/{path}" for path in OTHER_PAGES))
