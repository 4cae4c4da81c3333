"""The living shop over a clock that the test turns."""

import asyncio

import httpx2
import jwt
import msgspec
import pytest

from core import clock
from demo import visitors
from demo.catalogue import products
from demo.history.calls import CallWriter
from demo.history.sending import Doors
from demo.simulator.live import LiveVisits
from demo.visitors import LivingShop
from tests.demo.years import END, SMALL

DOORS = Doors(base_url="http://regulars.example", store_id=7, write_key="wk", api_key="ak", secret_key="s" * 32)
MINUTES = 10


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[httpx2.Request]:
    """What ten minutes of living shop send."""
    now, sent = [END], []

    async def sleep(seconds: float) -> None:
        now[0] += max(1, int(seconds * clock.SECOND))

    monkeypatch.setattr(clock, "now", lambda: now[0])
    monkeypatch.setattr(visitors.asyncio, "sleep", sleep)

    async def run() -> None:
        transport = httpx2.MockTransport(lambda request: sent.append(request) or httpx2.Response(200))
        async with httpx2.AsyncClient(base_url=DOORS.base_url, transport=transport) as http:
            writer = CallWriter(products(), base_url="http://shop.example")
            shop = LivingShop(http, DOORS, LiveVisits(SMALL, products(), seed=END), writer)
            await shop.run(lambda: now[0] > END + MINUTES * clock.MINUTE)

    asyncio.run(run())
    return sent


def test_somebody_is_always_in_the_shop(requests: list[httpx2.Request]) -> None:
    assert MINUTES * 60 * 0.8 <= len(requests) <= MINUTES * 60 * 3


def test_visitors_speak_as_browsers_do(requests: list[httpx2.Request]) -> None:
    bodies = [msgspec.json.decode(request.content) for request in requests]
    calls = [body["batch"][0] for body in bodies]
    assert {request.url.path for request in requests} == {"/v1/batch"}
    assert len({call["messageId"] for call in calls}) == len(calls)
    assert not {"Order Completed", "Checkout Started"} & {call.get("event") for call in calls}
    assert [call["timestamp"] for call in calls] == sorted(call["timestamp"] for call in calls)
    known = [body for body in bodies if "userId" in body["batch"][0]]
    assert known
    for body in known:
        claims = jwt.decode(
            body["identityToken"],
            "s" * 32,
            algorithms=["HS256"],
            audience="7",
            options={"verify_exp": False, "verify_iat": False},
        )
        assert claims["sub"] == body["batch"][0]["userId"]


def test_another_start_brings_other_people() -> None:
    first = LiveVisits(SMALL, products(), seed=1).begin(END)
    second = LiveVisits(SMALL, products(), seed=2).begin(END)
    assert first[0].message_id != second[0].message_id
    assert first == LiveVisits(SMALL, products(), seed=1).begin(END)
