"""One request to the shop: who it is, what the session holds, and the checks that every form passes."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from secrets import token_hex
from typing import Any
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from demo.shop import accounts
from demo.shop.accounts import Account
from demo.shop.clock import Instant
from demo.shop.database import ShopDatabase
from demo.shop.errors import FormExpired
from demo.shop.settings import ShopSettings
from demo.shop.worker import Worker

ANONYMOUS_COOKIE = "regulars_anonymous_id"  # set by the snippet
_MOST_ORDERS = 20  # a signed cookie holds 4 KiB


@dataclass(frozen=True)
class Shop:
    """What every page needs; one for each application."""

    settings: ShopSettings
    database: ShopDatabase
    worker: Worker


@dataclass
class Visit:
    """A request together with the session in its signed cookie."""

    request: Request

    @property
    def shop(self) -> Shop:
        """The shop that is asked."""
        shop: Shop = self.request.app.state.shop
        return shop

    @property
    def now(self) -> Instant:
        """The present moment."""
        return self.shop.settings.clock()

    @property
    def session_id(self) -> str:
        """The name of the session, made when it is first asked for."""
        name: str = self.request.session.setdefault("id", token_hex(16))
        return name

    @property
    def csrf(self) -> str:
        """The token that the forms of this session carry."""
        token: str = self.request.session.setdefault("csrf", token_hex(16))
        return token

    @cached_property
    def account(self) -> Account | None:
        """Who is signed in; `None` also after the account was deleted elsewhere."""
        user_id = self.request.session.get("user_id")
        if user_id is None:
            return None
        with self.shop.database.read() as connection:
            return accounts.find(connection, user_id)

    @property
    def user_id(self) -> str | None:
        """The account's id, when somebody is signed in."""
        return self.account.user_id if self.account else None

    @property
    def anonymous_id(self) -> str | None:
        """The id that the snippet keeps in its cookie on the shop's host."""
        value = unquote(self.request.cookies.get(ANONYMOUS_COOKIE, ""))
        # Anybody can write a cookie; what the snippet writes is short and printable.
        return value if value.isprintable() and 0 < len(value) <= 100 else None

    @property
    def own_orders(self) -> list[str]:
        """Orders that this session placed or looked up."""
        return list(self.request.session.get("orders", ()))

    def remember_order(self, order_id: str) -> None:
        """Let this session see an order."""
        others = [one for one in self.own_orders if one != order_id]
        self.request.session["orders"] = [*others, order_id][-_MOST_ORDERS:]

    def sign_in(self, account: Account) -> str:
        """Make the session the account's, under a new name; return the old name."""
        old = self.session_id
        self.request.session.update(id=token_hex(16), csrf=token_hex(16), user_id=account.user_id)
        self.tell_once("identify", True)
        return old

    def sign_out(self) -> None:
        """Begin a new session that knows nothing."""
        self.request.session.clear()
        self.tell_once("reset", True)

    def tell_once(self, name: str, value: Any) -> None:
        """Leave word for the next page."""
        self.request.session[f"once.{name}"] = value

    def told(self, name: str) -> Any:
        """Take the word that was left, or `None`."""
        return self.request.session.pop(f"once.{name}", None)


Page = Callable[[Visit], Response]
Handler = Callable[[Visit, FormData], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(answer: Page) -> Endpoint:
    """Make an endpoint of a function that shows a page."""

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, Visit(request))

    return endpoint


def form(answer: Handler) -> Endpoint:
    """Make an endpoint of a function that takes a form; a form without this session's token is refused with 403."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request)
        fields = await request.form()
        if not hmac.compare_digest(text(fields, "csrf").encode(), visit.csrf.encode()):
            raise FormExpired
        return await run_in_threadpool(answer, visit, fields)

    return endpoint


def text(fields: FormData, name: str) -> str:
    """Return a field without control characters and the spaces around it; "" when it is missing or a file."""
    value = fields.get(name, "")
    return "".join(filter(str.isprintable, value)).strip() if isinstance(value, str) else ""


def whole(fields: FormData, name: str, otherwise: int) -> int:
    """Return a field as a whole number; `otherwise` when it is none."""
    value = text(fields, name)
    return int(value) if value.isdecimal() and len(value) < 7 else otherwise


def see(path: str) -> Response:
    """Send the browser on after a form."""
    return RedirectResponse(path, status_code=303)
