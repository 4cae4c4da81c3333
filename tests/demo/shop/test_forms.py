"""No form is taken without the token of the session that it was shown to."""

import pytest
from starlette.applications import Starlette

from tests.demo.shop.browsing import Browser


def posts(shop: Starlette) -> list[str]:
    return [
        route.path.format(order_id="W20001") for route in shop.routes if "POST" in (getattr(route, "methods", ()) or ())
    ]


def test_every_form_is_refused_without_its_token(shop: Starlette, browser: Browser) -> None:
    paths = posts(shop)
    assert len(paths) == 10
    for path in paths:
        answer = browser.client.post(f"/shop{path}", data={"variant_id": "KL-0017"})
        assert (path, answer.status_code) == (path, 403)
    assert "It is empty" in browser.see("/cart").text


def test_the_token_of_another_session_is_refused(browser: Browser, other_browser: Browser) -> None:
    answer = browser.send("/cart/add", {"variant_id": "KL-0017"}, csrf=other_browser.csrf())
    assert answer.status_code == 403


@pytest.mark.parametrize("csrf", ["é", "x" * 5000])
def test_a_strange_token_is_refused_too(browser: Browser, csrf: str) -> None:
    assert browser.send("/cart/add", {"variant_id": "KL-0017"}, csrf=csrf).status_code == 403


def test_a_forged_cookie_is_a_new_session(browser: Browser) -> None:
    browser.register()
    browser.client.cookies.set("kettle_lane", "eyJ1c2VyX2lkIjogIngifQ==.x.y", domain="regulars.test", path="/")
    assert browser.client.get("/shop/account", follow_redirects=False).headers["Location"] == "/shop/account/login"
