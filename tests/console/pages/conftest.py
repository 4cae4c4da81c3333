"""The console over a real database with a year of trade in it, and nothing faked but the backtest's own process."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from console.app import create_console
from console.services import ConsoleServices, console_services
from core import clock
from core.db import Database
from core.log import Runner
from core.settings import Settings, load
from loyalty.backtest import service as backtest
from loyalty.backtest.schemas import Question, Result
from regulars.wiring import reactions
from tests.console.conftest import csrf_of
from tests.console.pages.trading import MASTER, NOW, PASSWORD, trade
from tracking.stores.directory import Directory


@dataclass
class BacktestsHere:
    """Backtests in this process; remembers what was asked."""

    database: Database
    asked: list[Question] = field(default_factory=list)

    def run(self, question: Question) -> Result:
        self.asked.append(question)
        return backtest.run(self.database, question)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load({"REGULARS_SECRET_KEY": MASTER, "HOME": "/nonexistent"})


@pytest.fixture(scope="session")
def year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A database with a year of trade, made once."""
    path = tmp_path_factory.mktemp("year") / "year.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    trade(database, settings)
    database.restart_wal()
    database.close()
    return path


@pytest.fixture
def shop_database(year: Path, tmp_path: Path) -> Iterator[Database]:
    """A copy of it for one test."""
    path = tmp_path / "regulars.db"
    shutil.copy(year, path)
    opened = Database(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def services(shop_database: Database, settings: Settings) -> ConsoleServices:
    directory = Directory(shop_database, master=MASTER)
    runner = Runner(shop_database, reactions(settings))
    return console_services(settings, shop_database, directory, runner, BacktestsHere(shop_database))


@pytest.fixture
def console(services: ConsoleServices) -> Starlette:
    """The console mounted at /console, as it is in production."""
    return Starlette(routes=[Mount("/console", create_console(services))])


@pytest.fixture
def client(console: Starlette) -> Iterator[TestClient]:
    """Nobody is signed in yet; the clock stands still."""
    with clock.frozen(NOW), TestClient(console, base_url="http://console.test", follow_redirects=False) as opened:
        yield opened


@pytest.fixture
def enter(client: TestClient) -> Callable[[str], TestClient]:
    """Sign in as one of mara@ (owner), mika@ (marketer), ada@ (agent), tom@ (viewer)."""

    def sign_in(name: str) -> TestClient:
        token = csrf_of(client.get("/console/login").text)
        form = {"email": f"{name}@example.org", "password": PASSWORD, "csrf_token": token}
        assert client.post("/console/login", data=form).status_code == 303
        return client

    return sign_in
