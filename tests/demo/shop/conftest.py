"""A shop with a folder of its own, a clock that stands still until it is moved, and a Regulars that only takes notes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from demo.shop import accounts
from demo.shop.application import create_shop
from demo.shop.database import ShopDatabase
from demo.shop.settings import ShopSettings
from tests.demo.shop.browsing import Browser

TUESDAY_MORNING = 1_795_507_200_000  # Tuesday 24 November 2026, 08:00 UTC, 09:00 in Berlin


@dataclass
class StillClock:
    """A clock that tests move by hand."""

    now: int = TUESDAY_MORNING

    def __call__(self) -> int:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


@dataclass
class Regulars:
    """What the shop takes for Regulars: it answers with the next of `answers`, else 200, and keeps the requests."""

    requests: list[httpx2.Request] = field(default_factory=list)
    answers: list[httpx2.Response | Exception] = field(default_factory=list)

    def take(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else httpx2.Response(200)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def topics(self) -> list[str]:
        return [request.headers["X-Regulars-Topic"] for request in self.requests]


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with argon2 still, but not for long."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: hasher)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def settings(tmp_path: Path, clock: StillClock) -> ShopSettings:
    return ShopSettings(
        base_url="http://regulars.test",
        write_key="write-key",
        secret_key="a secret of thirty-two characters",
        store_id=7,
        home=tmp_path,
        console_url="http://regulars.test/console",
        carrier_step_seconds=60,
        clock=clock,
    )


@pytest.fixture
def regulars() -> Regulars:
    return Regulars()


@pytest.fixture
def shop(settings: ShopSettings, regulars: Regulars) -> Starlette:
    return create_shop(settings, transport=httpx2.MockTransport(regulars.take))


@pytest.fixture
def database(shop: Starlette) -> ShopDatabase:
    found: ShopDatabase = shop.state.shop.database
    return found


@pytest.fixture
def browser(shop: Starlette) -> Iterator[Browser]:
    with TestClient(Starlette(routes=[Mount("/shop", shop)]), base_url="http://regulars.test") as client:
        yield Browser(client)


@pytest.fixture
def other_browser(shop: Starlette) -> Iterator[Browser]:
    with TestClient(Starlette(routes=[Mount("/shop", shop)]), base_url="http://regulars.test") as client:
        yield Browser(client)
