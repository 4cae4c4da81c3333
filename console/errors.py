"""Errors as pages: what happened, what to do, and for a fault of ours a reference that stands in the server's log."""

import secrets

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console.frame import NotAllowed, current_page, render

_log = structlog.get_logger("console")


class WrongToken(Exception):
    """A form came without the token of its session: it is old, or another site sent it."""

    def __init__(self) -> None:
        super().__init__("The form has expired. Go back, reload the page and send it again.")


class NoStore(Exception):
    """There is no store yet that a page could be about."""

    def __init__(self) -> None:
        super().__init__("There is no store yet. Make one with `regulars store create`.")


def error_answer(request: Request, error: Exception) -> Response:
    """The page (or, for a request of htmx, the card) for an error; faults of ours are logged with their reference."""
    if isinstance(error, NotAllowed):
        return _page(request, "no_right.html", 403, needed=error.needed)
    if isinstance(error, WrongToken):
        return _page(request, "expired.html", 403)
    if isinstance(error, NoStore):
        return _page(request, "no_store.html", 409)
    if isinstance(error, HTTPException) and error.status_code < 500:
        return _page(request, "refused.html", error.status_code)
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    _log.error("page failed", reference=reference, path=request.url.path, exc_info=error)
    return _page(request, "fault.html", 500, reference=reference, was_sending=request.method != "GET")


def http_error(request: Request, error: Exception) -> Response:
    """Handler for Starlette's own exceptions, such as an unknown path."""
    return error_answer(request, error)


def _page(request: Request, template: str, status_code: int, **context: object) -> Response:
    layout = "errors/card.html" if current_page().wants_fragment else "errors/page.html"
    return render(request, f"errors/{template}", status_code=status_code, status=status_code, layout=layout, **context)
