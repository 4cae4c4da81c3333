"""The list of orders and one order's page."""

from collections.abc import Callable

from starlette.testclient import TestClient


def test_the_list_shows(enter: Callable[[str], TestClient]) -> None:
    client = enter("mara")
    for path in ("/orders", "/orders/10482", "/orders/10490", "/orders/99001", "/parcels", "/parcels/P10482", "/products", "/products/kettle", "/products/mug", "/order-news", "/rules"):
        assert client.get(f"/console{path}").status_code == 200, path
    for path in ("/log", "/log/set-aside", "/log/audit", "/log/reactions", "/log/40", "/rules/new", "/rules/new?try=1&points=2"):
        assert client.get(f"/console{path}").status_code == 200, path
