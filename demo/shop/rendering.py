"""Templates, and what the frame round every page shows."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from demo import carrier
from demo.carrier import Parcel
from demo.shop import carts
from demo.shop.accounts import Account
from demo.shop.carts import Cart
from demo.shop.clock import day, day_and_time, iso
from demo.shop.identity import identity_token
from demo.shop.money import cents, decimal_text, euros
from demo.shop.shelf import departments
from demo.shop.visit import Visit

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@dataclass(frozen=True)
class Frame:
    """The typed context of the frame: head, strip, basket, account, and what the snippet is told."""

    account: Account | None
    token: str | None
    cart: Cart
    csrf: str
    parcel: Parcel | None
    identify: bool
    reset: bool
    notice: str | None


def show(visit: Visit, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a page in its frame."""
    body = _environment.get_template(template).render(
        frame=_frame(visit), settings=visit.shop.settings, here=visit.request.url.path, **context
    )
    return HTMLResponse(body, status_code=status)


def _frame(visit: Visit) -> Frame:
    with visit.shop.database.read() as connection:
        cart = carts.cart_of(connection, visit.session_id)
        parcel = carrier.on_its_way(connection, user_id=visit.user_id, order_ids=visit.own_orders)
    return Frame(
        account=visit.account,
        token=identity_token(visit.shop.settings, visit.user_id) if visit.user_id else None,
        cart=cart,
        csrf=visit.csrf,
        parcel=parcel,
        identify=bool(visit.told("identify")),
        reset=bool(visit.told("reset")),
        notice=visit.told("notice"),
    )


def _version() -> str:
    """Change the addresses of static files when one of them changes, so that browsers may keep them."""
    digest = sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _make_environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(euros=euros, cents=cents, decimal=decimal_text, day=day, moment=day_and_time, iso=iso)
    environment.globals.update(departments=departments, version=_version())
    return environment


_environment = _make_environment()
