"""A console over fakes: accounts in memory, no database, a section for every name of the left bar."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any, cast

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from console.accounts import Entered
from console.answers import redirect
from console.app import create_console
from console.frame import Toast, current_page, render, requires
from console.navigation import GROUPS, Area, Count, Hit
from console.pages import setup
from console.services import ConsoleServices
from core import clock
from core.settings import load
from tracking.stores.errors import TooManyAttempts
from tracking.stores.schemas import Role, Store, User

NOW = clock.parse("2026-11-21T09:30:00Z")
PASSWORD = "slow mornings"
SECRET = "a secret of at least thirty-two letters"


def make_store(number: int, name: str, currency: str, locale: str, time_zone: str) -> Store:
    return Store(
        store_id=number, name=name, currency=currency, locale=locale, time_zone=time_zone,
        origins=(), asks_consent_first=False, storefront_url="", postal_address="", secret_key="sk",
    )  # fmt: skip


KETTLE_LANE = make_store(1, "Kettle Lane", "EUR", "en_GB", "Europe/Berlin")
SECOND_STORE = make_store(2, "Chai Road", "INR", "en_IN", "Asia/Kolkata")
COUNTS = {
    "people": Count(18_440),
    "segments": Count(14),
    "parcels": Count(14, True),
    "rules": Count(6),
    "log": Count(3, True),
}


@dataclass
class FakeAccounts:
    """Users and sessions in memory; an e-mail in `blocked` may not try."""

    users: dict[str, Entered]
    sessions: dict[str, Entered] = field(default_factory=dict)
    blocked: dict[str, int] = field(default_factory=dict)

    def sign_in(self, email: str, password: str, now: int) -> str | None:
        if email in self.blocked:
            raise TooManyAttempts(self.blocked[email])
        if email not in self.users or password != PASSWORD:
            return None
        token = f"token-{len(self.sessions)}-{email}"
        self.sessions[token] = replace(self.users[email], csrf=f"csrf of {token}")
        return token

    def entered(self, token: str, now: int) -> Entered | None:
        return self.sessions.get(token)

    def sign_out(self, token: str) -> None:
        self.sessions.pop(token, None)


def _staff(number: int, name: str, role: Role, *stores: Store) -> Entered:
    user = User(user_id=number, email=f"{name.split()[0].lower()}@example.org", name=name, role=role)
    return Entered(user, stores, "")


def _area(key: str) -> Area:
    """A page for a section: shows a word, posts back with a toast, fails on demand."""

    @requires("agent" if key == "log" else "viewer")
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
        _staff(1, "Mara Kessler", "owner", KETTLE_LANE, SECOND_STORE),
        _staff(2, "Tom Wirth", "viewer", KETTLE_LANE),
        _staff(3, "Early Bird", "owner"),
    ]
    return FakeAccounts({entered.user.email: entered for entered in people})


@pytest.fixture
def console(accounts: FakeAccounts) -> Starlette:
    """The console mounted at /console, as it is in production."""
    settings = load({"REGULARS_SECRET_KEY": SECRET, "HOME": "/nonexistent"})
    nothing = cast(Any, None)
    services = ConsoleServices(
        settings=settings, database=nothing, runner=nothing, accounts=accounts, backtests=nothing
    )
    keys = [section.key for group in GROUPS for section in group.sections if section.key != "setup"]
    areas = (*(_area(key) for key in keys), setup.AREA)
    return Starlette(routes=[Mount("/console", create_console(services, areas))])


@pytest.fixture
def client(console: Starlette) -> Iterator[TestClient]:
    """Nobody is signed in yet; the clock stands still."""
    with clock.frozen(NOW), TestClient(console, base_url="http://console.test", follow_redirects=False) as opened:
        yield opened


def csrf_of(text: str) -> str:
    """The token in the first form of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found is not None
    return found[1]


@pytest.fixture
def enter(client: TestClient) -> Callable[[str], TestClient]:
    """Sign in as one of mara@ (owner, two stores), tom@ (viewer) and early@ (owner, no store yet)."""

    def sign_in(name: str) -> TestClient:
        token = csrf_of(client.get("/console/login").text)
        form = {"email": f"{name}@example.org", "password": PASSWORD, "csrf_token": token}
        assert client.post("/console/login", data=form).status_code == 303
        return client

    return sign_in


@pytest.fixture
def token() -> Callable[[str], str]:
    """Reads the CSRF token out of a page."""
    return csrf_of


@pytest.fixture
def address(console: Starlette) -> Iterator[str]:
    """The console behind a real server on a free port."""
    server = uvicorn.Server(uvicorn.Config(console, port=0, log_level="warning", ws="none", lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/console"
    server.should_exit = True
    thread.join()
