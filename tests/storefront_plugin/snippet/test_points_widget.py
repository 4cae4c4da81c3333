"""The line of points: only for whoever is signed in, and never points without what they are worth."""

import pytest
from playwright.sync_api import Page, expect

from tests.storefront_plugin.snippet.shop import Shop
from tests.storefront_plugin.snippet.test_identity_and_consent import token_for

pytestmark = pytest.mark.browser

POINTS = {"available": 1240, "pending": 60, "worth": "12.40", "currency": "EUR"}


def test_a_signed_in_person_sees_points_and_their_worth(page: Page, foreign_shop: Shop) -> None:
    foreign_shop.points = POINTS
    token = token_for("u1")
    page.goto(foreign_shop.page("/", "<regulars-points></regulars-points>", tag=f'data-identity-token="{token}"'))
    expect(page.locator("[part=points]")).to_have_text("1,240 points")
    expect(page.locator("[part=worth]")).to_have_text("worth €12.40")
    expect(page.locator("[part=pending]")).to_have_text("60 on the way")
    assert [(path, authorization) for path, _, authorization in foreign_shop.questions] == [
        ("/storefront/v1/me", f"Bearer {token}")
    ]


def test_one_point_is_one_point(page: Page, shop: Shop) -> None:
    shop.points = {"available": 1, "pending": 0, "worth": "0.01", "currency": "EUR"}
    page.goto(shop.page("/", "<regulars-points></regulars-points>", tag=f'data-identity-token="{token_for("u1")}"'))
    expect(page.locator("[part=points]")).to_have_text("1 point")
    assert page.locator("[part=pending]").count() == 0


def test_nobody_signed_in_sees_nothing_and_nothing_is_asked(page: Page, shop: Shop) -> None:
    shop.points = POINTS
    page.goto(shop.page("/", "<regulars-points></regulars-points>"))
    page.evaluate("regulars.track('Marker')")
    shop.wait_for_event("Marker")
    assert shop.questions == []
    assert page.locator("regulars-points").inner_text() == ""


def test_points_come_with_the_login_and_go_with_the_logout(page: Page, shop: Shop) -> None:
    shop.points = POINTS
    page.goto(shop.page("/", "<regulars-points></regulars-points>"))
    page.evaluate("(token) => regulars.identify('u1', {}, {token})", token_for("u1"))
    expect(page.locator("[part=points]")).to_have_text("1,240 points")
    page.evaluate("regulars.reset()")
    expect(page.locator("[part=points]")).to_have_count(0)


def test_a_token_that_the_server_refuses_shows_nothing(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/", "<regulars-points></regulars-points>", tag=f'data-identity-token="{token_for("u1")}"'))
    shop.wait(lambda: shop.questions)
    page.evaluate("regulars.track('Marker')")
    shop.wait_for_event("Marker")
    assert page.locator("[part=points]").count() == 0
