"""The door of the console: one ASGI middleware that every request passes.

It finds out who asks, refuses a changing request without its CSRF token, sends the signed-out to the login page, and
turns errors into pages. What is not named in OPEN_PATHS is closed.
"""

from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console import cookies, language
from console.accounts import Entered
from console.answers import to_login
from console.errors import NoStore, WrongToken, error_answer
from console.format import Formatter
from console.frame import PageContext, enter
from console.headers import with_headers
from console.navigation import Navigation
from console.services import ConsoleServices
from core import clock, security
from tracking.stores.schemas import Store

OPEN_PATHS = ("/login", "/preferences")
_STATIC = "/static/"
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SIGNED_OUT_LOCALE = "en_GB"


class Door:
    """Middleware around the console's routes."""

    def __init__(self, app: ASGIApp, services: ConsoleServices, navigation: Navigation) -> None:
        self._app = app
        self._services = services
        self._navigation = navigation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _local_path(scope).startswith(_STATIC):
            await self._app(scope, receive, with_headers(send))
        else:
            await self._answer(Request(scope, receive), send)

    async def _answer(self, request: Request, send: Send) -> None:
        seed = request.cookies.get(cookies.SEED) or cookies.new_seed()
        page = self._page_for_anybody(request, seed)
        enter(page)
        watched = _Watched(with_headers(send, _cookie_lines(request, page, seed)))
        try:
            answer = await self._pass(request, page)
            await (answer or self._app)(request.scope, request.receive, watched)
        except Exception as error:
            if watched.has_started:
                raise
            answer = await run_in_threadpool(error_answer, request, error)
            await answer(request.scope, request.receive, watched)

    async def _pass(self, request: Request, page: PageContext) -> Response | None:
        """Complete the page's context; an answer where the request goes no further."""
        if request.method in _CHANGING:
            page = replace(page, form=await request.form(max_files=4, max_fields=500))
        page = await self._page_for_visitor(request, page)
        language.use(page.format.locale)
        enter(page)
        if page.visitor is None and _local_path(request.scope) not in OPEN_PATHS:
            return to_login(request, page)
        if request.method in _CHANGING and not _has_token(request, page):
            raise WrongToken
        return None

    def _page_for_anybody(self, request: Request, seed: str) -> PageContext:
        """What is known without asking the database."""
        now, secret_key = clock.now(), self._services.secret_key
        theme = request.cookies.get(cookies.THEME, "")
        return PageContext(
            services=self._services,
            navigation=self._navigation,
            root=request.scope.get("root_path", ""),
            path=request.scope["path"],
            query=request.query_params,
            form=FormData(),
            now=now,
            format=Formatter(_SIGNED_OUT_LOCALE, "UTC", now),
            csrf_token=cookies.csrf_token(seed, secret_key),
            theme=theme if theme in ("light", "dark") else "",
            has_shortcuts=request.cookies.get(cookies.SHORTCUTS) != "off",
            wants_fragment="HX-Request" in request.headers,
            toast=cookies.read_toast(request, secret_key),
        )

    async def _page_for_visitor(self, request: Request, page: PageContext) -> PageContext:
        """The same with the user and the store, where a session stands behind the request."""
        token = cookies.session_token(request, self._services.secret_key)
        visitor = await run_in_threadpool(self._services.accounts.entered, token, page.now) if token else None
        if token is None or visitor is None:
            return page
        if not visitor.stores:
            raise NoStore
        store = _chosen_store(request, visitor)
        return replace(
            page,
            visitor=visitor,
            chosen_store=store,
            csrf_token=visitor.csrf,
            format=Formatter(store.locale, store.time_zone, page.now),
        )


class _Watched:
    """A `send` that remembers whether the answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        self.has_started = True
        await self._send(message)


def _local_path(scope: Scope) -> str:
    """The path below the mount point."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _has_token(request: Request, page: PageContext) -> bool:
    given = request.headers.get("X-CSRF-Token") or str(page.form.get("csrf_token", ""))
    return security.same(given, page.csrf_token)


def _chosen_store(request: Request, visitor: Entered) -> Store:
    wanted = request.cookies.get(cookies.STORE, "")
    return next((store for store in visitor.stores if str(store.store_id) == wanted), visitor.stores[0])


def _cookie_lines(request: Request, page: PageContext, seed: str) -> list[str]:
    """A seed for who has none, and the end of a toast that this answer shows."""
    lines = []
    if cookies.SEED not in request.cookies:
        lines.append(cookies.line(page, cookies.SEED, seed, cookies.YEAR))
    if page.toast is not None and request.method == "GET" and not page.wants_fragment:
        lines.append(cookies.line(page, cookies.TOAST, "", 0))
    return lines
