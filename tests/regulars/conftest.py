"""The whole application, once per engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import clock
from tests.conftest import NOON
from tests.regulars.world import World, a_world


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """The application at noon of a day in November."""
    with clock.frozen(NOON), a_world(database_url, tmp_path / "home") as made:
        yield made
