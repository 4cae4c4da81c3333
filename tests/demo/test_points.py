import asyncio

import httpx2
import msgspec
import pytest

from demo.history.errors import Refused
from demo.points import NAME, turn_on


class Loyalty:
    """Rules as the REST API keeps them."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.asked: list[tuple[str, str]] = []
        self.drafted: list[object] = []

    def rule(self) -> dict[str, object]:
        return {"rule_id": "r_1", "name": NAME, "versions": [{"state": state, "version": 1} for state in self.states]}

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append((request.method, request.url.path))
        if request.headers["Authorization"] != "Bearer ak":
            return httpx2.Response(401, json={"title": "Unknown key"})
        if request.method == "GET":
            return httpx2.Response(200, json={"items": [self.rule()] if self.states else [], "next": None})
        if request.url.path.endswith("/turn-on"):
            self.states = ["on"]
        else:
            self.drafted.append(msgspec.json.decode(request.content))
            self.states = ["draft"]
        return httpx2.Response(200, json=self.rule())


def run(loyalty: Loyalty, key: str = "ak") -> None:
    async def inside() -> None:
        transport = httpx2.MockTransport(loyalty)
        async with httpx2.AsyncClient(base_url="http://regulars.example", transport=transport) as http:
            await turn_on(http, key)

    asyncio.run(inside())


def test_the_rule_is_drafted_and_turned_on() -> None:
    loyalty = Loyalty()
    run(loyalty)
    assert loyalty.states == ["on"]
    assert loyalty.drafted == [{"name": NAME, "rule": {"kind": "spend", "points": 1, "per": 100}}]


def test_a_draft_left_behind_is_turned_on() -> None:
    loyalty = Loyalty("draft")
    run(loyalty)
    assert loyalty.states == ["on"]
    assert loyalty.drafted == []


@pytest.mark.parametrize("states", [("on",), ("past",), ("draft", "on")])
def test_the_marketers_rule_is_left_alone(states: tuple[str, ...]) -> None:
    loyalty = Loyalty(*states)
    run(loyalty)
    assert loyalty.asked == [("GET", "/api/v1/loyalty/rules")]


def test_a_wrong_key_is_said() -> None:
    with pytest.raises(Refused, match="answered 401"):
        run(Loyalty(), key="other")
