"""Every path of the storefront API, and the files of the snippet."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from core import http
from storefront_plugin.crossing import preflight, with_crossing
from storefront_plugin.me import me
from storefront_plugin.order_pages import order_page

_FOLDER = Path(__file__).parent
_BUILT = _FOLDER / "snippet" / "built"
_LOADER_AGE = "public, max-age=300"  # the loader may change; what it loads has its hash in its name
_FOR_EVER = "public, max-age=31536000, immutable"


def loader(request: Request) -> Response:
    """`/regulars.js`."""
    return _script(request, "regulars.js", _LOADER_AGE)


def widgets(request: Request) -> Response:
    """`/regulars-widgets-<hash>.js`, loaded where a page holds a widget."""
    name = f"regulars-widgets-{request.path_params['hash']}.js"
    return _script(request, name, _FOR_EVER)


def stylesheet(request: Request) -> Response:
    """`/regulars.css`: reserves the widgets' places before any script has run."""
    return _script(request, "regulars.css", _LOADER_AGE)


def _script(request: Request, name: str, age: str) -> Response:
    path = _BUILT / name
    if not path.is_file():
        return http.problem(404, "There is no such file")
    response = with_crossing(request, FileResponse(path, headers={"cache-control": age}))
    response.headers["access-control-allow-origin"] = "*"
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response


ROUTES = [
    Route("/regulars.js", loader),
    Route("/regulars.css", stylesheet),
    Route("/regulars-widgets-{hash:str}.js", widgets),
    Route("/storefront/v1/me", me, methods=["GET"]),
    Route("/storefront/v1/me", preflight, methods=["OPTIONS"]),
    Route("/storefront/v1/order-pages/{token}", order_page),
    Mount("/storefront/static", StaticFiles(directory=_FOLDER / "static")),
]
