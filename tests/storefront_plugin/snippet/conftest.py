"""A real Chromium before a small shop. Every test fails on a script error, a policy violation or a call to a foreign host."""

import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from tests.storefront_plugin.snippet.shop import Shop, build_app

WATCH = """
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""


class Stage:
    """The server that stays, and the shop of the running test on it."""

    def __init__(self) -> None:
        self.shop = Shop()
        config = uvicorn.Config(
            build_app(lambda: self.shop), host="127.0.0.1", port=0, log_level="error", lifespan="off"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    @property
    def port(self) -> int:
        return int(self.server.servers[0].sockets[0].getsockname()[1])


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    stage = Stage()
    started = threading.Event()
    startup = stage.server.startup

    async def startup_and_tell(sockets: object = None) -> None:
        await startup()
        started.set()

    stage.server.startup = startup_and_tell  # type: ignore[method-assign]
    stage.thread.start()
    assert started.wait(10)
    yield stage
    stage.server.should_exit = True
    stage.thread.join(10)


@pytest.fixture
def shop(stage: Stage) -> Iterator[Shop]:
    stage.shop = Shop(origin=f"http://127.0.0.1:{stage.port}", api_origin=f"http://127.0.0.1:{stage.port}")
    yield stage.shop
    for gate in stage.shop.gates.values():
        gate.set()


@pytest.fixture
def foreign_shop(shop: Shop) -> Shop:
    """The same shop, whose pages have another origin than the API."""
    shop.api_origin = shop.origin.replace("127.0.0.1", "localhost")
    return shop


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1000, "height": 700}, locale="en-GB")
    context.add_init_script(WATCH)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, shop: Shop) -> Iterator[Page]:
    page = context.new_page()
    errors: list[str] = []
    hosts: set[str] = set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    yield page
    violations = page.evaluate("window.violations || []")
    assert errors == []
    assert violations == []
    assert hosts <= {urlsplit(shop.origin).netloc, urlsplit(shop.api_origin).netloc}
