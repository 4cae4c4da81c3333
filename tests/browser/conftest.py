"""A demo that runs for the whole folder, and a real Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.running import Demo, running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium: the one named by CHROMIUM, else the one on the path."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Kettle Lane with a small year behind it."""
    with running(tmp_path_factory.mktemp("demo")) as started:
        yield started
