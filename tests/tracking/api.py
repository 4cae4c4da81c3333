"""A client of the REST API over a test's database."""

from collections.abc import Sequence
from types import SimpleNamespace

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from core import http
from core.db import Database
from tests.conftest import MASTER
from tracking.stores.directory import Directory


def client(database: Database, routes: Sequence[BaseRoute], key: str) -> TestClient:
    """The routes, asked with an API key."""
    application = Starlette(routes=routes, exception_handlers={http.Problem: http.render_problem})
    directory = Directory(database, master=MASTER)
    application.state.services = SimpleNamespace(database=database, directory=directory)
    return TestClient(application, headers={"authorization": f"Bearer {key}"})
