"""A console over fakes: accounts in memory, no database, a section for every name of the left bar."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from console.accounts import Role, SignedIn, StoreFacts
from console.answers import redirect
from console.app import create_console
from console.frame import Toast, current_page, render, requires
from console.navigation import GROUPS, Area, Count, Hit
from console.pages import setup
from console.services import ConsoleServices
from core import clock

NOW = clock.parse("2026-11-21T09:30:00Z")
PASSWORD = "slow mornings"
KETTLE_LANE = StoreFacts(1, "Kettle Lane", "EUR", "en_GB", "Europe/Berlin")
SECOND_STORE = StoreFacts(2, "Chai Road", "INR", "en_IN", "Asia/Kolkata")
COUNTS = {
    "people": Count(18_440),
    "segments": Count(14),
    "parcels": Count(14, True),
    "rules": Count(6),
    "log": Count(3, True),
}


@dataclass
class FakeAccounts:
    """Users and sessions in memory."""

    users: dict[str, SignedIn]
    sessions: dict[str, SignedIn] = field(default_factory=dict)
    asked: int = 0

    def sign_in(self, email: str, password: str, now: int) -> str | None:
        self.asked += 1
        if email not in self.users or password != PASSWORD:
            return None
        token = f"token-{len(self.sessions)}-{email}"
        self.sessions[token] = self.users[email]
        return token

    def signed_in(self, token: str, now: int) -> SignedIn | None:
        return self.sessions.get(token)

    def sign_out(self, token: str) -> None:
        self.sessions.pop(token, None)


def _user(number: int, name: str, role: Role, *stores: StoreFacts) -> SignedIn:
    return SignedIn(number, f"{name.split()[0].lower()}@example.org", name, role, stores or (KETTLE_LANE,))


def _area(key: str) -> Area:
    """A page for a section: shows a word, posts back with a toast, fails on demand."""

    @requires(Role.AGENT if key == "log" else Role.VIEWER)
    def show(request: Request) -> Response:
        if "fail" in request.query_params:
            raise RuntimeError("the secret inside")
        return render(request, "find.html", text="", hits=[], columns=(), section=key)

    def save(request: Request) -> Response:
        return redirect(
            f"{current_page().root}/{key}", Toast("Saved <b>it</b>", f"{current_page().root}/{key}", {"was": "1"})
        )

    count = COUNTS.get(key)
    return Area(
        key,
        (Route(f"/{key}", show, name=key, methods=["GET"]), Route(f"/{key}", save, methods=["POST"])),
        (lambda page: count) if count else None,
        (lambda page, text: [Hit("/console/people/1", "Ines Falk", "Person")] if text == "ines" else [])
        if key == "people"
        else None,
    )


@pytest.fixture
def accounts() -> FakeAccounts:
    people = [
        _user(1, "Mara Kessler", Role.OWNER, KETTLE_LANE, SECOND_STORE),
        _user(2, "Tom Wirth", Role.VIEWER),
        _user(3, "Solo Owner", Role.OWNER),
    ]
    return FakeAccounts({user.email: user for user in people})


@pytest.fixture
def console(accounts: FakeAccounts) -> Starlette:
    """The console mounted at /console, as it is in production."""
    services = ConsoleServices(accounts, cast(Any, None), "a secret of at least thirty-two letters")
    keys = [section.key for group in GROUPS for section in group.sections if section.key != "setup"]
    areas = (*(_area(key) for key in keys), setup.AREA)
    return Starlette(routes=[Mount("/console", create_console(services, areas))])


@pytest.fixture
def client(console: Starlette) -> Iterator[TestClient]:
    """Nobody is signed in yet; the clock stands still."""
    with clock.frozen(NOW), TestClient(console, base_url="http://console.test", follow_redirects=False) as opened:
        yield opened
