"""Small pieces for JSON endpoints: parse, reply, pages, and problem documents (RFC 9457)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

import msgspec
import structlog
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import ids
from core.db import Database

LARGEST_BODY = 512 * 1024
LARGEST_PAGE = 200
_logger = structlog.get_logger(__name__)
Schema = TypeVar("Schema")


class Problem(Exception):
    """A request is refused; rendered as a problem document. `detail` says what to do."""

    def __init__(self, status: int, title: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(detail or title)
        self.status = status
        self.title = title
        self.detail = detail
        self.retry_after = retry_after


@dataclass(frozen=True)
class Cursor:
    """Where a page starts and how long it is, from `?after=` and `?limit=`."""

    after: str | None
    limit: int


def database(request: Request) -> Database:
    """The database this application serves."""
    opened: Database = request.app.state.services.database
    return opened


async def parse(request: Request, schema: type[Schema]) -> Schema:
    """The request's JSON body as `schema`; raises Problem 400 or 413."""
    body = await limited_body(request)
    try:
        return msgspec.json.decode(body, type=schema)
    except RecursionError as error:
        raise Problem(400, "The body cannot be read", "It nests too deep.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Problem(400, "The body cannot be read", str(error)) from error


async def limited_body(request: Request) -> bytes:
    """The bytes as they came; raises Problem 413 before more than LARGEST_BODY is held."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            raise Problem(413, "The body is too large", f"Send at most {LARGEST_BODY // 1024} KiB.")
        parts.append(part)
    return b"".join(parts)


def with_body(schema: type[Schema]) -> Callable[[Callable[[Request, Schema], Response]], Callable[[Request], Any]]:
    """Make an endpoint of a function that gets the parsed body; it runs in the threadpool, where it may wait for the database."""

    def decorate(function: Callable[[Request, Schema], Response]) -> Callable[[Request], Any]:
        @wraps(function)
        async def endpoint(request: Request) -> Response:
            body = await parse(request, schema)
            return await run_in_threadpool(function, request, body)

        return endpoint

    return decorate


def cursor(request: Request, *, default: int = 50) -> Cursor:
    """Paging parameters; raises Problem 400 for a limit that is not 1 to 200."""
    limit = ids.whole(request.query_params.get("limit", str(default)))
    if limit is None or not 1 <= limit <= LARGEST_PAGE:
        raise Problem(400, "Wrong limit", f"`limit` must be a whole number from 1 to {LARGEST_PAGE}.")
    return Cursor(request.query_params.get("after") or None, limit)


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer; structs and dataclasses are encoded as objects."""
    return Response(msgspec.json.encode(data), status, headers, media_type="application/json")


def page(items: Sequence[Any], next_cursor: str | int | None) -> Response:
    """One page of a list: `{items, next}`; `next` is null on the last one."""
    return reply({"items": items, "next": None if next_cursor is None else str(next_cursor)})


def problem(status: int, title: str, detail: str = "", *, headers: dict[str, str] | None = None) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {})
    return Response(msgspec.json.encode(body), status, headers, media_type="application/problem+json")


async def render_problem(_: Request, error: Exception) -> Response:
    """The exception handler for Problem."""
    assert isinstance(error, Problem)
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    return problem(error.status, error.title, error.detail, headers=headers)


async def render_http_error(_: Request, error: Exception) -> Response:
    """The exception handler for Starlette's own HTTPException (404, 405, …)."""
    assert isinstance(error, HTTPException)
    return problem(error.status_code, error.detail, headers=dict(error.headers or {}))


async def render_fault(_: Request, error: Exception) -> Response:
    """The exception handler of last resort: a reference to quote, nothing of the inside."""
    reference = ids.token(6)
    _logger.error("request failed", reference=reference, error=type(error).__name__, exc_info=error)
    return problem(500, "Something failed on our side", f"Nothing of the request was kept. Reference {reference}.")


class SecurityHeaders:
    """ASGI middleware: the headers an answer carries unless it says something else. What may frame a page, the page says."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _SECURITY if pair[0] not in present)]
            await send(message)

        await self.app(scope, receive, send_with_headers)


_SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)
