"""Sessions of staff in a real database."""

from typing import Any, cast

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from console.accounts import StaffAccounts, initials, may
from console.app import create_console
from console.pages import setup
from console.services import console_services
from core import clock
from core.db import Database
from core.log import Runner
from core.settings import load
from tracking.stores import service as stores
from tracking.stores.directory import Directory
from tracking.stores.errors import TooManyAttempts
from tracking.stores.schemas import NewStore, Role, User

MASTER = "a master key of the tests, forty characters"
NOW = clock.parse("2026-11-21T09:30:00Z")
RIGHT = ("mara@example.org", "slow mornings")


@pytest.fixture
def accounts(database: Database, new_store: NewStore) -> StaffAccounts:
    with database.write() as session:
        stores.create_user(session, email=RIGHT[0], role="owner", password=RIGHT[1], name="Mara Kessler")
    return StaffAccounts(database, Directory(database, master=MASTER))


def test_a_session_opens_the_stores_until_it_is_ended(accounts: StaffAccounts, new_store: NewStore) -> None:
    token = accounts.sign_in(*RIGHT, NOW)
    assert token is not None
    entered = accounts.entered(token, NOW)
    assert entered is not None
    assert (entered.user.email, entered.user.role) == (RIGHT[0], "owner")
    assert entered.stores == (new_store.store,)
    assert len(entered.csrf) >= 24
    accounts.sign_out(token)
    assert accounts.entered(token, NOW) is None


def test_a_session_ends_after_a_fortnight(accounts: StaffAccounts) -> None:
    token = accounts.sign_in(*RIGHT, NOW)
    assert token is not None
    assert accounts.entered(token, NOW + 14 * clock.DAY - 1) is not None
    assert accounts.entered(token, NOW + 14 * clock.DAY) is None


def test_the_sixth_wrong_password_blocks_the_address(accounts: StaffAccounts) -> None:
    for _ in range(6):
        assert accounts.sign_in(RIGHT[0], "wrong", NOW) is None
    with pytest.raises(TooManyAttempts) as refusal:
        accounts.sign_in(*RIGHT, NOW)
    assert refusal.value.seconds == 30
    assert accounts.sign_in(*RIGHT, NOW + 30 * clock.SECOND) is not None


@pytest.mark.parametrize(
    ("role", "needed", "allowed"),
    [("owner", "viewer", True), ("agent", "agent", True), ("agent", "marketer", False), ("viewer", "agent", False)],
)
def test_a_role_may_what_those_below_it_may(role: Role, needed: Role, allowed: bool) -> None:
    assert may(role, needed) is allowed


@pytest.mark.parametrize(
    ("name", "letters"), [("Mara Kessler", "MK"), ("Tom", "T"), ("Ana de la Cruz", "AC"), ("", "M")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials(User(user_id=1, email="m@example.org", name=name, role="viewer")) == letters


def test_the_console_opens_with_a_session_of_the_database(
    database: Database, new_store: NewStore, accounts: StaffAccounts
) -> None:
    settings = load(
        {"REGULARS_SECRET_KEY": MASTER, "HOME": "/nonexistent", "REGULARS_BASE_URL": "https://console.test"}
    )
    services = console_services(
        settings, database, Directory(database, master=MASTER), Runner(database, ()), cast(Any, None)
    )
    console = Starlette(routes=[Mount("/console", create_console(services, (setup.AREA,)))])
    with TestClient(console, base_url="https://console.test", follow_redirects=False) as client:
        form = client.get("/console/login").text
        sent = {
            "email": RIGHT[0].upper(),
            "password": RIGHT[1],
            "csrf_token": form.split('csrf_token" value="')[1][:64],
        }
        answer = client.post("/console/login", data=sent)
        assert answer.status_code == 303
        assert "Secure" in answer.headers["set-cookie"]
        shown = client.get("/console/setup").text
    assert "You are signed in to Test shop as mara@example.org." in shown
