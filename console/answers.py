"""Answers that are no page: going on after a form was accepted, to the login page, and a table as CSV."""

import csv as csv_format
import io
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console import cookies
from console.frame import PageContext, Toast, current_page, path_to

_MINUTE = 60


def redirect(path: str, toast: Toast | None = None) -> Response:
    """Go on to `path` (303) after a form was accepted, and say there what was done."""
    page = current_page()
    response = leave_to(page, path)
    if toast is not None:
        value = cookies.toast_value(toast, page.services.secret_key)
        response.headers.append("Set-Cookie", cookies.line(page, cookies.TOAST, value, _MINUTE))
    return response


def csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table as a download `name`.csv in UTF-8; a text that a spreadsheet would take for a formula gets a quote before it."""
    text = io.StringIO()
    writer = csv_format.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=headers)


def to_login(request: Request, page: PageContext) -> Response:
    """Ask to sign in, then come back to the view that was asked for."""
    back = page.link_with() if request.method == "GET" and not page.wants_fragment else ""
    query = f"?{urlencode({'next': back})}" if back and back != f"{page.root}/" else ""
    return leave_to(page, path_to(request, "login") + query)


def leave_to(page: PageContext, path: str) -> Response:
    """A redirect of the whole page, also where only a part of it was asked for."""
    if page.wants_fragment:
        return Response(headers={"HX-Redirect": path})
    return RedirectResponse(path, 303)


def local_path(page: PageContext, wanted: str) -> str:
    """`wanted` where it is a path inside the console, else the console's first page: never another site."""
    parts = urlsplit(wanted)
    inside = wanted.startswith(f"{page.root}/") and not wanted.startswith("//") and "\\" not in wanted
    return wanted if inside and not parts.scheme and not parts.netloc else f"{page.root}/"


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
