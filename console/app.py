"""The console as an ASGI application, to be mounted at /console."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import assets, templating
from console.door import Door
from console.errors import http_error
from console.frame import current_page, path_to
from console.navigation import Area, Navigation
from console.pages import AREAS, find, login, preferences
from console.services import ConsoleServices

LARGEST_FORM = 1_048_576  # bytes


def create_console(services: ConsoleServices, areas: Sequence[Area] = AREAS) -> Starlette:
    """The console over `services`; `areas` are the sections it shows."""
    navigation = Navigation(areas)
    app = Starlette(
        routes=[
            Route("/", first_page, name="first_page"),
            Route("/static/{name:path}", assets.serve, name="static"),
            *login.ROUTES,
            *preferences.ROUTES,
            *find.ROUTES,
            *(route for area in areas for route in area.routes),
        ],
        middleware=[Middleware(Door, services=services, navigation=navigation)],
        exception_handlers={HTTPException: http_error},
        max_body_size=LARGEST_FORM,
    )
    app.state.templates = templating.environment()
    app.state.login_brake = login.make_brake()
    return app


def first_page(request: Request) -> Response:
    """Go to the first section the user may open."""
    page = current_page()
    _label, items = page.navigation.groups(page)[0]
    return RedirectResponse(path_to(request, items[0].key), 303)
