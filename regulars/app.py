"""The ASGI application: collect and serve as raw callables in front, everything else as Starlette routes."""

import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from core import db, http, settings
from core.settings import Settings
from regulars import metrics, routes
from regulars.services import Services, close_services, open_services
from tasks.embedded import Embedded
from tracking.collect import endpoints as collect

# Python hands the interpreter from thread to thread every 5 ms by default; then one busy reaction triples the tail of the intake.
_SWITCH_INTERVAL = 0.0005


class Front:
    """Hot paths are looked up in a dictionary before Starlette sees the request: its routing costs a third of their rate."""

    def __init__(self, application: Starlette, hot: dict[str, ASGIApp]) -> None:
        self.application = application
        self.state = application.state
        self._hot = hot

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                # No address of ours holds NUL, and PostgreSQL takes it in no text: refused here for every page.
                await http.problem(400, "The address holds a NUL character")(scope, receive, send)
                return
            found = self._hot.get(scope["path"])
            if found is not None:
                await found(scope, receive, send)
                return
        await self.application(scope, receive, send)


def create_app(given: Settings | None = None, *, mounts: Callable[[Services], list[BaseRoute]] | None = None) -> Front:
    """The application over the settings of the environment; `mounts` adds routes in front of ours (the demo's shop)."""
    sys.setswitchinterval(_SWITCH_INTERVAL)
    services = open_services(given or settings.load())
    extra = mounts(services) if mounts else []
    application = Starlette(
        routes=[*extra, *_health(services), *routes.everything(services)],
        middleware=[Middleware(http.SecurityHeaders)],
        lifespan=_lifespan(services),
        exception_handlers={
            http.Problem: http.render_problem,
            HTTPException: http.render_http_error,
            Exception: http.render_fault,
        },
    )
    application.state.services = services
    door = collect.Collect(services.intake, services.directory)
    return Front(application, {**dict.fromkeys(collect.PATHS, door), **routes.hot(services)})


def _lifespan(services: Services) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(_: Starlette) -> AsyncIterator[None]:
        # With Redis the sweeps run in `regulars worker`; without it here, in the one process.
        embedded = None if services.settings.redis_url else Embedded()
        services.recommender.start()
        if embedded:
            embedded.start()
        # What stands now stands until the end: looking through it held every thread for a tenth of a second, write lane included.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            gc.unfreeze()
            if embedded:
                embedded.stop()
            close_services(services)

    return run


def _health(services: Services) -> list[BaseRoute]:
    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok")

    def ready(_: Request) -> Response:
        if not db.is_ready(services.database):
            return http.problem(503, "The database does not answer")
        return PlainTextResponse("ready")

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics.endpoint(services))]
