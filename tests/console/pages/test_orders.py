"""Orders in the console: the list with its filters and pages, and one order's page."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from console.pages.order_record import _address
from tests.console.pages.test_rules import text_of

Enter = Callable[[str], TestClient]


def rows(html: str) -> list[str]:
    """The links that name the rows of a page."""
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', html)


def test_the_newest_orders_come_first_and_pages_go_on_and_back(enter: Enter) -> None:
    client = enter("tom")
    first = client.get("/console/orders")
    assert rows(first.text)[:5] == ["99001", "10492", "10490", "10482", "10491"]
    assert len(rows(first.text)) == 50
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&"))
    assert not set(rows(first.text)) & set(rows(second.text))
    assert "51–100" in second.text
    back = re.search(r'rel="prev" href="([^"]+)"', second.text)
    assert back is not None
    assert rows(client.get(back[1].replace("&amp;", "&")).text) == rows(first.text)


def test_the_first_sentence_counts_today_and_the_week(enter: Enter) -> None:
    text = text_of(enter("tom").get("/console/orders").text)
    # Today 10482, 10490 and 10492, not 10491 that was cancelled and 99001 that nobody confirmed; before, 10407 to 10409.
    assert "3 orders today." in text
    assert "In the last 7 days 6 of 6 came from people who had bought before; all of them together €262." in text


def test_filters_and_search_narrow_the_list(enter: Enter) -> None:
    client = enter("tom")
    assert rows(client.get("/console/orders?status=cancelled").text) == ["10491"]
    assert rows(client.get("/console/orders?status=reported").text) == ["99001"]
    assert rows(client.get("/console/orders?q=1048").text) == ["10482"]
    nothing = client.get("/console/orders?q=nosuch&status=placed")
    assert "No order matches." in nothing.text
    assert client.get("/console/orders?q=%00&after=99999999999999999999999:1&first=x&status=odd").status_code == 200


def test_one_order_shows_what_every_part_knows(enter: Enter) -> None:
    text = text_of(enter("ada").get("/console/orders/10482").text)
    assert "Ines Falk bought 4 things for €53.40, today 07:30. It earned 137 points." in text
    assert "Goods €48.50 Shipping €4.90 Tax €0.00 Total €53.40 Given back −€14.00 Kept by the shop €39.40" in text
    assert "Tuesday beans, 500 g 3 €11.50 €34.50 –" in text
    assert "Dip glaze mug 1 €14.00 €14.00 −€14.00" in text
    assert "Lange Gasse 1 Leipzig DE" in text
    assert "Step 3 of 4: out for delivery" in text
    assert "Mail “Thank you for your order 10482” Sent" in text
    assert "Who reported this order agrees on its total." in text


def test_points_are_explained(enter: Enter) -> None:
    text = text_of(enter("tom").get("/console/orders/10482").text)
    assert "103 points, because of the rule “Double points on beans”." in text
    assert "€34.50 of Beans × 3 103" in text
    assert "Rule version 2" in text
    assert "14 of the 48 points of order 10482 were taken back: it was refunded." in text


def test_what_happened_stands_above_its_cause(enter: Enter) -> None:
    page = enter("tom").get("/console/orders/10492").text
    timeline = page[page.index("What happened</h2>") :]
    assert timeline.index("Points earned") < timeline.index("Order placed")


def test_sources_that_differ_are_shown_with_the_difference(enter: Enter) -> None:
    client = enter("ada")
    text = text_of(client.get("/console/orders/10490").text)
    assert "Order Completed today 08:30 Browser €4.00 −€49.40" in text
    assert "The sources do not agree." in text
    page = client.get("/console/orders/10490").text
    assert re.search(r'<a href="/console/log/\d+">Order Completed</a>', page)


def test_a_viewer_gets_no_links_into_the_log(enter: Enter) -> None:
    assert "/console/log/" not in enter("tom").get("/console/orders/10490").text


def test_an_order_that_only_a_browser_reported_says_so(enter: Enter) -> None:
    text = text_of(enter("tom").get("/console/orders/99001").text)
    assert "Only reported" in text
    assert "This order moved no points" in text
    assert "No parcel yet." in text


def test_unknown_orders_are_not_found_and_known_ones_are_found_by_key(enter: Enter) -> None:
    client = enter("tom")
    assert client.get("/console/orders/nosuch").status_code == 404
    assert client.get("/console/find?q=10482&go=1").headers["location"] == "/console/orders/10482"


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            {"city": "Berlin", "country": "DE", "name": "Toni Voss", "postcode": "10155", "street": "Schulstrasse 45"},
            ["Toni Voss", "Schulstrasse 45", "10155 Berlin", "DE"],
        ),
        ({"zip": 1010, "city": "Wien", "floor": "3", "geo": {"lat": 1}, "name": " "}, ["1010 Wien", "3"]),
        ({}, []),
    ],
)
def test_an_address_reads_as_on_a_parcel(address: dict[str, object], lines: list[str]) -> None:
    assert _address(address) == lines
