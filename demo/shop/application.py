"""The shop as an ASGI application, mounted at `/shop` beside Regulars or served on its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex

import httpx2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from demo.shop import stock
from demo.shop.database import ShopDatabase
from demo.shop.errors import ShopError
from demo.shop.headers import SecurityHeaders
from demo.shop.pages import account, basket, browse, follow
from demo.shop.pages.pictures import art
from demo.shop.rendering import STATIC, show
from demo.shop.settings import ShopSettings
from demo.shop.visit import Shop, Visit, form, page
from demo.shop.webhooks import Sender
from demo.shop.worker import Worker

_SESSION_SECONDS = 30 * 24 * 3600

ROUTES = [
    Route("/", page(browse.home)),
    Route("/c/{slug}", page(browse.category)),
    Route("/search", page(browse.search_page)),
    Route("/p/{slug}", page(browse.product_page)),
    Route("/cart", page(basket.cart_page)),
    Route("/cart/add", form(basket.add), methods=["POST"]),
    Route("/cart/change", form(basket.change), methods=["POST"]),
    Route("/checkout", page(basket.checkout_page), methods=["GET"]),
    Route("/checkout", form(basket.place), methods=["POST"]),
    Route("/thanks/{order_id}", page(basket.thanks)),
    Route("/orders", page(follow.ask), methods=["GET"]),
    Route("/orders", form(follow.look_up), methods=["POST"]),
    Route("/orders/{order_id}", page(follow.order_page)),
    Route("/orders/{order_id}/advance", form(follow.advance), methods=["POST"]),
    Route("/orders/{order_id}/return", form(follow.give_back), methods=["POST"]),
    Route("/points", page(account.points)),
    Route("/account", page(account.account_page)),
    Route("/account/login", page(account.login_page), methods=["GET"]),
    Route("/account/login", form(account.login), methods=["POST"]),
    Route("/account/register", page(account.register_page), methods=["GET"]),
    Route("/account/register", form(account.register), methods=["POST"]),
    Route("/account/logout", form(account.logout), methods=["POST"]),
    Route("/account/remembered", page(account.remembered)),
    Route("/account/forget", page(account.forget_page), methods=["GET"]),
    Route("/account/forget", form(account.forget), methods=["POST"]),
    Route("/art/{name}", art),
    Mount("/static", StaticFiles(directory=STATIC), name="static"),
]


def create_shop(settings: ShopSettings, *, transport: httpx2.BaseTransport | None = None) -> Starlette:
    """Open the shop, to be mounted at `/shop`.

    Its background work begins with its own lifespan. A mounted application gets no lifespan: whoever mounts it calls
    `application.state.shop.worker.start()` once Regulars can be reached, and `stop()` at the end. `transport` replaces
    the network between the shop and Regulars.
    """
    database = ShopDatabase(settings.home)
    with database.write() as connection:
        stock.fill(connection)
    worker = Worker(settings, database, Sender(settings, database, transport))
    application = Starlette(
        routes=ROUTES,
        lifespan=_lifespan,
        middleware=[
            Middleware(SecurityHeaders, origin=settings.origin),
            Middleware(
                SessionMiddleware,
                secret_key=_session_key(settings.home),
                session_cookie="kettle_lane",
                max_age=_SESSION_SECONDS,
                same_site="lax",
                https_only=settings.base_url.startswith("https:"),
            ),
        ],
        exception_handlers={ShopError: _tell, HTTPException: _tell_http},
    )
    application.state.shop = Shop(settings, database, worker)
    return application


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncIterator[None]:
    worker: Worker = application.state.shop.worker
    worker.start()
    yield
    worker.stop()


def _tell(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShopError)
    return show(Visit(request), "error.html", status=error.status, sentence=str(error))


def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    sentence = "There is no page at this address."
    if error.status_code != HTTPStatus.NOT_FOUND:
        sentence = f"{HTTPStatus(error.status_code).phrase}."
    return show(Visit(request), "error.html", status=error.status_code, sentence=sentence)


def _session_key(home: Path) -> str:
    """Return the key that signs session cookies; made once and kept beside the database, for the owner's eyes only."""
    path = home / "session.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(token_hex(32), encoding="ascii")
    return path.read_text(encoding="ascii")
