"""The main job in a real Chromium, from the first page view to the delivered mail, the return, and the marketer's new rule."""

import pytest
from playwright.sync_api import Browser

from tests.browser import marketing, shopping
from tests.browser.running import Demo
from tests.browser.visiting import Visit
from tests.browser.watching import open_window

pytestmark = pytest.mark.browser


def test_from_the_first_page_view_to_the_delivered_mail_and_back(demo: Demo, browser: Browser) -> None:
    """Every page on the way is also looked at in both themes; a complaint of any window fails the test at its end."""
    shopper = Visit(demo, open_window(browser, demo.url))
    anonymous_id = shopping.looks_around(shopper)
    person = shopping.registers(shopper, anonymous_id)
    shopping.buys(shopper)
    shopping.is_told_where_the_parcel_is(shopper)
    shopping.returns_it(shopper)
    shopping.sees_the_other_pages(shopper)
    marketer = Visit(demo, open_window(browser, demo.url), shopper.order_id)
    marketing.signs_in(marketer)
    marketing.looks_at_the_person(marketer, person)
    marketing.writes_a_better_rule(marketer)
    marketing.looks_at_segments(marketer)
    marketing.looks_at_the_order(marketer)
    marketing.reads_the_mail(marketer)
    marketing.looks_behind_it(marketer)
    shopping.buys_by_the_new_rule(shopper)
    assert shopper.window.complaints == []
    assert marketer.window.complaints == []
    assert_that_replay_gives_the_same(demo)


def assert_that_replay_gives_the_same(demo: Demo) -> None:
    """Every invariant holds, and a rebuild from the log gives the same projections."""
    checked = demo.check()
    assert checked.returncode == 0, checked.stdout + checked.stderr
