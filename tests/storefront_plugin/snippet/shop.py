"""A small shop with strict security headers that also plays the server's part: it keeps what it is sent and answers as told."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

BUILT = Path(__file__).parents[3] / "storefront_plugin" / "snippet" / "built"
PATIENCE = 10.0  # seconds that a test waits for the browser at most

SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' {api}; style-src 'self' {api}; img-src 'self' data:; "
    "connect-src 'self' {api}; base-uri 'none'; form-action 'self'"
)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><rect width="300" height="300" fill="#cde"/></svg>'
SHEET = "body { margin: 0; font: 16px/1.5 sans-serif } .tall { height: 3000px } .text { height: 200px } regulars-recommendations { margin-block: 40px }"


@dataclass
class Delivery:
    """One request to /v1/batch, as it came in."""

    body: dict[str, Any]
    content_type: str
    headers: dict[str, str]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return list(self.body["batch"])


@dataclass
class Shop:
    """What the shop serves, what its server answers next, and what it was sent."""

    origin: str = ""
    api_origin: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    collect_answers: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    recommendations: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    points: dict[str, Any] | None = None
    gates: dict[str, threading.Event] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    questions: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    preflights: list[str] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def page(self, path: str, body: str = "", *, tag: str = "", head: str = "", language: str = "en") -> str:
        """Puts a page with the snippet into the shop and returns its address."""
        self.pages[path] = (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Shop {path}</title>'
            f'<link rel="stylesheet" href="/shop.css">{head}'
            f'<script async src="{self.api_origin}/regulars.js" data-write-key="wk_test" {tag}></script></head>'
            f"<body><main>{body}</main></body></html>"
        )
        return self.origin + path

    def script(self, name: str, text: str) -> str:
        """Puts a script into the shop and returns the tag that loads it before anything else goes on."""
        self.scripts[name] = text
        return f'<script src="/scripts/{name}"></script>'

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Every message received, in the order of arrival."""
        return [message for delivery in self.deliveries for message in delivery.messages]

    def tracked(self, prefix: str = "") -> list[dict[str, Any]]:
        """The track calls received whose event begins so."""
        return [m for m in self.messages if m["type"] == "track" and m["event"].startswith(prefix)]

    def wait(self, condition: Callable[[], object]) -> None:
        """Waits until the browser has done what makes this true."""
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE), "the browser did not do this in time"

    def wait_for_event(self, name: str) -> dict[str, Any]:
        """The first track call of this name, once it is there."""
        self.wait(lambda: self.tracked(name))
        return self.tracked(name)[0]

    def note(self, change: Callable[[], None]) -> None:
        with self.changed:
            change()
            self.changed.notify_all()


def item(product_id: str, position: int, **values: Any) -> dict[str, Any]:
    """One item of an answer, as the storefront API gives it."""
    return {
        "product_id": product_id,
        "position": position,
        "title": f"Product {product_id}",
        "url": f"/p/{product_id}",
        "image_url": "/picture.svg",
        "price": "12.50",
        "currency": "EUR",
        "reason": {"code": "together", "text": f"{position} of 40 people chose {product_id}", "evidence": {}},
        **values,
    }


def build_app(current: Callable[[], Shop]) -> Starlette:
    """The application; `current` gives the shop of the running test."""

    async def page(request: Request) -> Response:
        html = current().pages.get(request.url.path)
        policy = SECURITY_POLICY.format(api=current().api_origin)
        return HTMLResponse(html or "<!doctype html>", 200 if html else 404, {"Content-Security-Policy": policy})

    async def built(request: Request) -> Response:
        name = request.url.path.lstrip("/")
        await pass_gate(name)
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        return Response((BUILT / name).read_bytes(), media_type=kind)

    async def script(request: Request) -> Response:
        return Response(current().scripts[request.path_params["name"]], media_type="text/javascript")

    async def pass_gate(name: str) -> None:
        gate = current().gates.get(name)
        if gate:
            await run_in_threadpool(gate.wait, PATIENCE)

    def open_to(request: Request) -> dict[str, str]:
        origin = request.headers.get("origin")
        headers = {"Vary": "Origin", "Access-Control-Expose-Headers": "Retry-After"}
        return headers | ({"Access-Control-Allow-Origin": origin} if origin else {})

    async def collect(request: Request) -> Response:
        shop = current()
        body = json.loads(await request.body())
        delivery = Delivery(body, request.headers.get("content-type", ""), dict(request.headers))
        status, headers = shop.collect_answers.popleft() if shop.collect_answers else (200, {})
        shop.note(lambda: shop.deliveries.append(delivery))
        await pass_gate("collect")
        return JSONResponse({"success": status == 200}, status, open_to(request) | headers)

    async def ask(request: Request) -> Response:
        shop = current()
        question = (request.url.path, dict(request.query_params), request.headers.get("authorization", ""))
        shop.note(lambda: shop.questions.append(question))
        await pass_gate("ask")
        if request.url.path.endswith("/me"):
            body: dict[str, Any] = {"person": {"id": "p_1"}, "points": shop.points, "tier": None}
            return JSONResponse(body, 200 if shop.points else 401, open_to(request))
        slot = request.query_params["slot"]
        return JSONResponse(
            {
                "recommendation_id": f"r_{slot}",
                "slot": slot,
                "model": "popular",
                "level": "popular",
                "arm": None,
                "items": shop.recommendations.get(slot, []),
                "next": None,
            },
            200,
            open_to(request),
        )

    async def preflight(request: Request) -> Response:
        shop = current()
        shop.note(lambda: shop.preflights.append(request.url.path))
        headers = {"Access-Control-Allow-Headers": "authorization"}
        return Response(status_code=204, headers=open_to(request) | headers)

    def fixed(text: str, kind: str) -> Callable[[Request], Response]:
        return lambda request: Response(text, media_type=kind)

    return Starlette(
        routes=[
            Route("/v1/batch", collect, methods=["POST"]),
            Route("/storefront/v1/{name}", ask, methods=["GET"]),
            Route("/{path:path}", preflight, methods=["OPTIONS"]),
            Route("/shop.css", fixed(SHEET, "text/css")),
            Route("/picture.svg", fixed(PICTURE, "image/svg+xml")),
            Route("/favicon.ico", fixed("", "image/x-icon")),
            Route("/scripts/{name}", script),
            *(Route("/" + file.name, built) for file in BUILT.iterdir() if file.suffix in (".js", ".css")),
            Route("/{path:path}", page),
        ]
    )


def until(page: Page, expression: str) -> None:
    """Asks the page until the expression is true there. (Playwright's own way needs eval, which the policy forbids.)"""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"the page never came to: {expression}"


def stop_clock(page: Page) -> None:
    """From the next page on, time passes there only by `page.clock.run_for`."""
    page.clock.install(time="2026-01-05T09:00:00Z")
    page.clock.pause_at("2026-01-05T10:00:00Z")


def queue_holds(count: int) -> str:
    """The expression that is true in a page whose stored queue has so many events."""
    return f"JSON.parse(localStorage.regulars_queue || '[]').length === {count}"
