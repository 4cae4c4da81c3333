"""What the tracker sends: the messages, when they leave, and that none is lost."""

import json
import threading
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.storefront_plugin.snippet.shop import Shop, queue_holds, stop_clock, until

pytestmark = pytest.mark.browser


def names(messages: list[dict[str, Any]]) -> list[str]:
    return [message.get("event") or message["type"] for message in messages]


def test_a_page_view_is_a_message_of_the_segment_protocol(page: Page, shop: Shop) -> None:
    address = shop.page("/p/kettle")
    page.goto(address + "?utm_campaign=autumn&utm_source=letter&size=2")
    shop.wait(lambda: shop.deliveries)
    [delivery] = shop.deliveries
    assert set(delivery.body) == {"batch", "sentAt", "writeKey"}
    assert delivery.body["writeKey"] == "wk_test"
    [message] = delivery.messages
    anonymous_id = page.evaluate("regulars.anonymousId()")
    described = {
        "path": "/p/kettle",
        "referrer": "",
        "search": "?utm_campaign=autumn&utm_source=letter&size=2",
        "title": "Shop /p/kettle",
        "url": address + "?utm_campaign=autumn&utm_source=letter&size=2",
    }
    assert message.pop("timestamp") <= delivery.body["sentAt"]
    assert len(message.pop("messageId")) == 32
    assert message == {
        "type": "page",
        "anonymousId": anonymous_id,
        "properties": described,
        "context": {
            "page": described,
            "campaign": {"name": "autumn", "source": "letter"},
            "locale": "en-GB",
            "library": {"name": "regulars.js", "version": "0.1.0"},
        },
    }


def test_from_another_origin_nothing_asks_for_a_preflight(page: Page, foreign_shop: Shop) -> None:
    page.goto(foreign_shop.page("/"))
    foreign_shop.wait(lambda: foreign_shop.deliveries)
    assert foreign_shop.deliveries[0].content_type == "text/plain;charset=UTF-8"
    assert foreign_shop.deliveries[0].headers["origin"] == foreign_shop.origin
    assert foreign_shop.preflights == []


def test_every_method_makes_its_message(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    page.evaluate(
        """() => {
          regulars.track('Product Viewed', {product_id: 'A'});
          regulars.identify('u1', {name: 'Ada'});
          regulars.page('Help', {topic: 'returns'});
          regulars.group('g1', {kind: 'club'});
          regulars.alias('u2', 'u1');
        }"""
    )
    shop.wait(lambda: len(shop.messages) == 6)
    _, track, identify, view, group, alias = shop.messages
    assert (track["event"], track["properties"], "userId" in track) == ("Product Viewed", {"product_id": "A"}, False)
    assert (identify["type"], identify["userId"], identify["traits"]) == ("identify", "u1", {"name": "Ada"})
    assert (view["name"], view["properties"]["topic"], view["properties"]["path"]) == ("Help", "returns", "/")
    assert (group["groupId"], group["traits"], group["userId"]) == ("g1", {"kind": "club"}, "u1")
    assert (alias["type"], alias["userId"], alias["previousId"]) == ("alias", "u2", "u1")
    assert len({message["messageId"] for message in shop.messages}) == 6


def test_events_of_one_moment_share_a_request(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    page.evaluate("['A', 'B', 'C'].forEach((name) => regulars.track(name))")
    shop.wait(lambda: len(shop.messages) == 4)
    assert [names(delivery.messages) for delivery in shop.deliveries] == [["page"], ["A", "B", "C"]]


def test_twenty_events_leave_without_waiting(page: Page, shop: Shop) -> None:
    stop_clock(page)  # only the count can make them leave
    page.goto(shop.page("/", tag='data-auto-page="off"'))
    page.evaluate("for (let n = 1; n < 20; n++) regulars.track('E' + n)")
    assert shop.deliveries == []
    page.evaluate("regulars.track('E20')")
    shop.wait(lambda: shop.deliveries)
    assert names(shop.deliveries[0].messages) == [f"E{n}" for n in range(1, 21)]


def test_calls_before_the_script_are_not_lost(page: Page, shop: Shop) -> None:
    stub = shop.script(
        "stub.js",
        """
        window.regulars = window.regulars || [];
        window.kept = window.regulars;
        regulars.push(['identify', 'u1']);
        regulars.track = (...values) => regulars.push(['track', ...values]);
        regulars.track('Early', {n: 1});
        regulars.push(() => { window.told = typeof regulars.anonymousId(); });
        """,
    )
    page.goto(shop.page("/", head=stub))
    page.evaluate("window.kept.push(['track', 'Late']); window.regulars.push(['track', 'Later'])")
    shop.wait(lambda: len(shop.messages) == 5)
    assert names(shop.messages) == ["identify", "page", "Early", "Late", "Later"]
    assert shop.messages[2]["properties"] == {"n": 1}
    assert page.evaluate("window.told") == "string"


def test_a_page_call_of_the_shop_replaces_the_automatic_view(page: Page, shop: Shop) -> None:
    stub = shop.script("stub.js", "window.regulars = [['page', 'Home'], ['track', 'A']]")
    page.goto(shop.page("/", head=stub))
    shop.wait(lambda: len(shop.messages) >= 2)
    assert [(m["type"], m.get("name")) for m in shop.messages] == [("page", "Home"), ("track", None)]


def test_loading_twice_is_harmless(page: Page, shop: Shop) -> None:
    again = '<script async src="/regulars.js" data-write-key="wk_other"></script>'
    page.goto(shop.page("/", head=again))
    page.wait_for_load_state()
    page.evaluate("regulars.track('Once')")
    shop.wait_for_event("Once")
    assert names(shop.messages) == ["page", "Once"]
    assert {delivery.body["writeKey"] for delivery in shop.deliveries} <= {"wk_test", "wk_other"}


def test_a_single_page_shop_is_viewed_once_per_address(page: Page, shop: Shop) -> None:
    address = shop.page("/")
    page.goto(address)
    shop.wait(lambda: shop.messages)
    page.evaluate(
        """() => {
          history.pushState({}, '', '/p/1');
          document.title = 'First';
          history.replaceState({}, '', '/p/1');
          history.replaceState({}, '', '/p/1#reviews');
          regulars.page();
        }"""
    )
    shop.wait(lambda: len(shop.messages) == 2)
    page.evaluate("history.pushState({}, '', '/p/2')")
    shop.wait(lambda: len(shop.messages) == 3)
    page.evaluate("history.back()")
    shop.wait(lambda: len(shop.messages) == 4)
    described = [message["context"]["page"] for message in shop.messages]
    assert [(p["path"], p["referrer"]) for p in described[1:]] == [
        ("/p/1", address),
        ("/p/2", address + "p/1"),
        ("/p/1", address + "p/2"),
    ]


def test_automatic_views_can_be_switched_off(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/", tag='data-auto-page="off"'))
    page.evaluate("history.pushState({}, '', '/p/1'); regulars.track('Alone')")
    shop.wait_for_event("Alone")
    assert names(shop.messages) == ["Alone"]


def test_an_event_at_the_last_moment_arrives(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/", '<a href="/next">next</a>'))
    shop.wait(lambda: shop.messages)
    shop.pages["/next"] = "<!doctype html><title>elsewhere</title>"
    page.evaluate("document.querySelector('a').addEventListener('click', () => regulars.track('Left'))")
    page.click("a")
    shop.wait_for_event("Left")


def test_a_browser_without_keepalive_sends_a_beacon(page: Page, shop: Shop) -> None:
    page.add_init_script("delete Request.prototype.keepalive")
    stop_clock(page)  # only leaving can make the event leave
    page.goto(shop.page("/"))
    shop.pages["/next"] = "<!doctype html><title>elsewhere</title>"
    page.goto(shop.origin + "/next")
    shop.wait(lambda: shop.messages)
    assert shop.deliveries[0].content_type == "text/plain;charset=UTF-8"


def test_a_tab_that_is_put_away_sends_what_it_has(page: Page, shop: Shop) -> None:
    stop_clock(page)  # only the change can make the event leave
    page.goto(shop.page("/"))
    page.evaluate(
        """Object.defineProperty(document, 'hidden', { get: () => true });
        document.dispatchEvent(new Event('visibilitychange'))"""
    )
    shop.wait(lambda: shop.messages)
    assert names(shop.messages) == ["page"]


def test_an_event_whose_request_dies_with_the_page_is_sent_by_the_next(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    shop.page("/next")
    shop.collect_answers.extend([(503, {"Retry-After": "60"})])
    page.evaluate("regulars.track('Left'); location.href = '/next'")
    shop.wait(lambda: len(shop.tracked("Left")) == 2)
    first, second = shop.tracked("Left")
    assert first == second


def test_a_busy_server_is_asked_again_when_it_said(page: Page, shop: Shop) -> None:
    shop.collect_answers.extend([(503, {"Retry-After": "30"}), (429, {"Retry-After": "40"})])
    stop_clock(page)
    page.goto(shop.page("/"))
    page.clock.run_for(200)
    shop.wait(lambda: len(shop.deliveries) == 1)
    until(page, queue_holds(1))
    page.clock.run_for(29_000)
    page.evaluate("regulars.track('Meanwhile')")
    page.clock.run_for(500)
    assert len(shop.deliveries) == 1
    page.clock.run_for(600)
    shop.wait(lambda: len(shop.deliveries) == 2)
    until(page, queue_holds(2))
    page.clock.run_for(41_000)
    shop.wait(lambda: len(shop.deliveries) == 3)
    assert names(shop.deliveries[2].messages) == ["page", "Meanwhile"]
    until(page, "!localStorage.regulars_queue")
    page.clock.run_for(600_000)
    assert len(shop.deliveries) == 3


def test_pauses_grow_while_the_server_fails(page: Page, shop: Shop) -> None:
    shop.collect_answers.extend([(500, {})] * 6)
    stop_clock(page)
    page.goto(shop.page("/"))
    page.clock.run_for(200)
    shop.wait(lambda: len(shop.deliveries) == 1)
    for failures in range(6):
        until(page, queue_holds(1))
        page.evaluate("localStorage.removeItem('regulars_queue')")  # the next failure writes it again
        # Between half of the pause and the whole of it, by chance.
        page.clock.run_for(2**failures * 500 - 50)
        assert len(shop.deliveries) == failures + 1
        page.clock.run_for(2**failures * 500 + 60)
        shop.wait(lambda count=failures + 2: len(shop.deliveries) == count)
    assert {message["messageId"] for message in shop.messages} == {shop.messages[0]["messageId"]}


def test_an_unreachable_server_loses_nothing(page: Page, shop: Shop) -> None:
    page.route("**/v1/batch", lambda route: route.abort())
    page.goto(shop.page("/"))
    page.evaluate("regulars.track('Offline')")
    until(page, queue_holds(2))
    page.unroute("**/v1/batch")
    page.reload()
    shop.wait_for_event("Offline")
    until(page, "!localStorage.regulars_queue")


def test_what_is_kept_for_the_next_page_is_bounded(page: Page, shop: Shop) -> None:
    shop.collect_answers.extend([(503, {"Retry-After": "300"})])
    page.goto(shop.page("/"))
    until(page, "!!localStorage.regulars_queue")
    page.evaluate("for (let n = 0; n < 150; n++) regulars.track('E' + n)")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    kept = json.loads(page.evaluate("localStorage.regulars_queue"))
    assert names(kept) == [f"E{n}" for n in range(50, 150)]


def test_a_refused_batch_is_not_sent_again(page: Page, shop: Shop) -> None:
    shop.collect_answers.extend([(401, {})])
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.deliveries)
    page.evaluate("regulars.track('Next')")
    shop.wait_for_event("Next")
    assert [names(delivery.messages) for delivery in shop.deliveries] == [["page"], ["Next"]]


def test_large_queues_leave_in_several_requests_below_the_limit(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    shop.wait(lambda: shop.messages)
    page.evaluate("for (let n = 0; n < 9; n++) regulars.track('E' + n, {text: 'é'.repeat(7000)})")
    shop.wait(lambda: len(shop.tracked("E")) == 9)
    assert names(shop.tracked()) == [f"E{n}" for n in range(9)]
    assert all(len(json.dumps(delivery.body, ensure_ascii=False).encode()) < 64_000 for delivery in shop.deliveries)


def test_an_event_above_the_limit_of_the_server_is_left_out(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    page.evaluate("regulars.track('Huge', {text: 'x'.repeat(33000)}); regulars.track('Small')")
    shop.wait_for_event("Small")
    assert names(shop.messages) == ["page", "Small"]


def test_wrong_calls_never_throw(page: Page, shop: Shop) -> None:
    page.goto(shop.page("/"))
    page.evaluate(
        """() => {
          const circle = {}; circle.self = circle;
          regulars.track(); regulars.track('Circle', circle); regulars.identify(null); regulars.consent();
          regulars.ready(5); regulars.push(['nothing']); regulars.push(5); regulars.push(null);
          regulars.ready(() => { throw new Error('the shop\\'s own') });
          regulars.on('sent', () => { throw new Error('the shop\\'s own') });
          regulars.track('Still here');
        }"""
    )
    shop.wait_for_event("Still here")


def test_a_page_without_storage_still_tells(browser: Browser, page: Page, shop: Shop) -> None:
    page.add_init_script(
        """Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"""
    )
    page.goto(shop.page("/"))
    page.evaluate("regulars.track('Told')")
    shop.wait_for_event("Told")


def test_sent_is_called_for_what_the_server_has_taken(page: Page, shop: Shop) -> None:
    shop.gates["collect"] = threading.Event()
    page.goto(shop.page("/"))
    page.evaluate("window.sent = []; regulars.on('sent', (batch) => sent.push(...batch.map((m) => m.type)))")
    shop.wait(lambda: shop.deliveries)
    assert page.evaluate("sent") == []
    shop.gates["collect"].set()
    until(page, "sent.length")
    assert page.evaluate("sent") == ["page"]
