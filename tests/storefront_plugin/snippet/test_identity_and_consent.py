"""Who the tracker says is there, and what it keeps in the browser with and without consent."""

import base64
import json
import time

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.storefront_plugin.snippet.shop import Shop, queue_holds, stop_clock, until

pytestmark = pytest.mark.browser

COOKIE = "regulars_anonymous_id"
STORED = "Object.keys(localStorage).sort()"


def token_for(user_id: str) -> str:
    """The shape of an identity token; its signature is the server's business."""

    def part(value: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode().rstrip("=")

    return f"{part({'alg': 'HS256'})}.{part({'sub': user_id, 'aud': '1'})}.c2ln"


def test_the_anonymous_id_lives_in_a_cookie_for_400_days(page: Page, context: BrowserContext, shop: Shop) -> None:
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    [cookie] = context.cookies()
    assert (cookie["name"], cookie["value"]) == (COOKIE, shop.messages[0]["anonymousId"])
    assert (cookie["path"], cookie["sameSite"], cookie["secure"]) == ("/", "Lax", False)
    assert cookie["expires"] - time.time() == pytest.approx(400 * 86400, abs=60)
    context.clear_cookies()
    page.reload()
    shop.wait(lambda: len(shop.messages) == 2)
    assert shop.messages[1]["anonymousId"] == cookie["value"]
    assert context.cookies()[0]["value"] == cookie["value"]


def test_a_cookie_set_by_the_shop_is_taken(page: Page, context: BrowserContext, shop: Shop) -> None:
    context.add_cookies([{"name": COOKIE, "value": "from-the-proxy", "url": shop.origin}])
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    assert shop.messages[0]["anonymousId"] == "from-the-proxy"


def test_the_cookie_can_be_shared_by_the_hosts_of_a_shop(page: Page, context: BrowserContext, shop: Shop) -> None:
    shop.origin = shop.api_origin = shop.origin.replace("127.0.0.1", "www.shop.test")
    page.goto(shop.page("/", tag='data-cookie-domain="shop.test"'))
    shop.wait(lambda: shop.messages)
    assert [(cookie["name"], cookie["domain"]) for cookie in context.cookies()] == [(COOKIE, ".shop.test")]


def test_the_user_stays_known_until_reset(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    page.evaluate("regulars.identify('u1')")
    shop.wait(lambda: len(shop.messages) == 2)
    page.reload()
    shop.wait(lambda: len(shop.messages) == 3)
    assert shop.messages[2]["userId"] == "u1"
    before = shop.messages[2]["anonymousId"]
    page.evaluate("regulars.reset(); regulars.track('After')")
    after = shop.wait_for_event("After")
    assert "userId" not in after
    assert after["anonymousId"] != before


def test_a_token_travels_in_the_body_and_says_who_is_there(page: Page, shop: Shop) -> None:
    token = token_for("käufer-1")
    page.goto(shop.page("/", tag=f'data-identity-token="{token}"'))
    shop.wait(lambda: shop.deliveries)
    assert shop.deliveries[0].body["identityToken"] == token
    assert shop.messages[0]["userId"] == "käufer-1"
    assert "authorization" not in shop.deliveries[0].headers
    assert token not in page.evaluate("JSON.stringify(localStorage)")


def test_a_token_given_to_identify_is_used_from_then_on(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.deliveries)
    token = token_for("u1")
    page.evaluate("(token) => regulars.identify('u1', {}, {token})", token)
    shop.wait(lambda: len(shop.deliveries) == 2)
    assert "identityToken" not in shop.deliveries[0].body
    assert shop.deliveries[1].body["identityToken"] == token


def test_events_of_somebody_else_never_travel_with_a_token(page: Page, shop: Shop) -> None:
    """On a shared device the queue of the person before must not be proved to belong to the person now."""
    page.route("**/v1/batch", lambda route: route.abort())
    page.goto(shop.page("/"))
    page.evaluate("regulars.identify('ada'); regulars.track('Of Ada')")
    until(page, queue_holds(3))
    page.evaluate("regulars.reset()")
    page.unroute("**/v1/batch")
    page.goto(shop.page("/next", tag=f'data-identity-token="{token_for("bob")}"'))
    shop.wait(lambda: len(shop.messages) == 4)
    proved = {m["messageId"] for d in shop.deliveries if "identityToken" in d.body for m in d.messages}
    assert proved == {m["messageId"] for m in shop.messages if m.get("userId") == "bob"}
    assert len(proved) == 1


def test_a_broken_token_breaks_nothing(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/", tag='data-identity-token="nonsense"'))
    shop.wait(lambda: shop.messages)
    assert "userId" not in shop.messages[0]


def test_ask_first_stores_and_sends_nothing(page: Page, context: BrowserContext, shop: Shop) -> None:
    stop_clock(page)
    page.goto(shop.page("/", tag='data-consent="ask"'))
    page.evaluate("regulars.identify('u1'); regulars.track('Waiting'); dispatchEvent(new Event('pagehide'))")
    page.clock.run_for(60_000)
    assert shop.deliveries == []
    assert context.cookies() == []
    assert page.evaluate(STORED) == []
    assert page.evaluate("sessionStorage.length") == 0


def test_ask_first_sends_what_waited_once_allowed(page: Page, context: BrowserContext, shop: Shop) -> None:
    page.goto(shop.page("/", tag='data-consent="ask"'))
    page.evaluate(
        "regulars.track('Waiting'); regulars.consent({analytics: true, personalization: true, marketing: false})"
    )
    shop.wait(lambda: len(shop.messages) == 3)
    answers = {"analytics": True, "personalization": True, "marketing": False}
    assert [m.get("event") or m["type"] for m in shop.messages] == [
        "page",
        "Waiting",
        "Segment Consent Preference Updated",
    ]
    assert {json.dumps(m["context"]["consent"]) for m in shop.messages} == {
        json.dumps({"categoryPreferences": answers})
    }
    assert context.cookies()[0]["value"] == shop.messages[0]["anonymousId"]
    page.reload()
    shop.wait(lambda: len(shop.messages) == 4)
    assert shop.messages[3]["anonymousId"] == shop.messages[0]["anonymousId"]


def test_ask_first_refused_forgets_what_waited(page: Page, context: BrowserContext, shop: Shop) -> None:
    stop_clock(page)
    page.goto(shop.page("/", tag='data-consent="ask"'))
    page.evaluate("regulars.consent({analytics: false}); regulars.track('Unwanted')")
    page.clock.run_for(60_000)
    assert shop.deliveries == []
    assert (context.cookies(), page.evaluate(STORED)) == ([], [])


def test_cookieless_sends_without_storing(page: Page, context: BrowserContext, shop: Shop) -> None:
    page.goto(shop.page("/", tag='data-consent="cookieless"'))
    shop.wait(lambda: shop.messages)
    assert "consent" not in shop.messages[0]["context"]
    page.evaluate("regulars.consent({analytics: false}); regulars.track('Counted')")
    assert shop.wait_for_event("Counted")["context"]["consent"] == {"categoryPreferences": {"analytics": False}}
    assert (context.cookies(), page.evaluate(STORED)) == ([], [])


def test_a_withdrawal_is_told_with_the_old_id_and_wipes_the_browser(
    page: Page, context: BrowserContext, shop: Shop
) -> None:
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    page.evaluate("regulars.consent({analytics: false, marketing: false}); regulars.track('Unwanted')")
    told = shop.wait_for_event("Segment Consent Preference Updated")
    assert told["anonymousId"] == shop.messages[0]["anonymousId"]
    assert told["context"]["consent"] == {"categoryPreferences": {"analytics": False, "marketing": False}}
    assert context.cookies() == []
    assert page.evaluate(STORED) == ["regulars_consent"]
    page.reload()
    page.evaluate("regulars.consent({analytics: true}); regulars.track('Wanted')")
    assert shop.wait_for_event("Wanted")["anonymousId"] != told["anonymousId"]
    assert shop.tracked("Unwanted") == []


def test_only_a_true_answer_is_a_yes(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    page.evaluate("regulars.consent({analytics: true, personalization: 'yes', marketing: 1}); regulars.track('A')")
    assert shop.wait_for_event("A")["context"]["consent"] == {
        "categoryPreferences": {"analytics": True, "personalization": False, "marketing": False}
    }


def test_global_privacy_control_is_told(page: Page, shop: Shop) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })")
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    assert shop.messages[0]["context"]["globalPrivacyControl"] is True
