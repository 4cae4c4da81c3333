"""A demo that runs for the whole folder."""

from collections.abc import Iterator

import pytest

from tests.browser.running import Demo, running


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Kettle Lane with a small year behind it."""
    with running(tmp_path_factory.mktemp("demo")) as started:
        yield started
