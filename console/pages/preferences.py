"""What each user sets for this browser: theme, single-key shortcuts, the store looked at."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import cookies
from console.answers import local_path
from console.frame import current_page

# Form field, cookie, and the values it takes; an empty value is the default and deletes the cookie.
_CHOICES = {"theme": (cookies.THEME, ("light", "dark")), "shortcuts": (cookies.SHORTCUTS, ("off",))}


def change(request: Request) -> Response:
    """Keep what the form says in cookies and go back to the page it was sent from."""
    page = current_page()
    response = RedirectResponse(local_path(page, page.answer("next")), 303)
    for field, (cookie, values) in _CHOICES.items():
        if field in page.form:
            value = page.answer(field)
            lasts = cookies.YEAR if value in values else 0
            response.headers.append("Set-Cookie", cookies.line(page, cookie, value if lasts else "", lasts))
    value = page.answer("store")
    if page.visitor is not None and any(str(store.store_id) == value for store in page.visitor.stores):
        response.headers.append("Set-Cookie", cookies.line(page, cookies.STORE, value, cookies.YEAR))
    return response


ROUTES = (Route("/preferences", change, name="preferences", methods=["POST"]),)
