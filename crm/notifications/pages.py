"""Tokens of order pages: unguessable, the same for the same order, and stored only as a hash."""

import base64
import hashlib
import hmac

from sqlalchemy import select

from core import security
from core.db import Session, upsert
from crm.notifications.models import OrderPage


def token(master: str, store_id: int, order_id: str) -> str:
    """The order's token: HMAC-SHA256 under REGULARS_SECRET_KEY, so a reaction needs no chance to make it."""
    digest = hmac.new(master.encode(), f"order page/{store_id}/{order_id}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def url(base_url: str, master: str, store_id: int, order_id: str) -> str:
    """Where the page is."""
    return f"{base_url.rstrip('/')}/storefront/v1/order-pages/{token(master, store_id, order_id)}"


def open_pages(session: Session, master: str, orders: list[tuple[int, str, int, int]]) -> None:
    """Let the pages of these orders (store, order, person, cause) be opened by their tokens."""
    rows = [
        {
            "hashed": security.hash_key(token(master, store_id, order_id)),
            "store_id": store_id,
            "order_id": order_id,
            "person_id": person_id,
            "cause": cause,
        }
        for store_id, order_id, person_id, cause in orders
    ]
    upsert(session, OrderPage, rows, key=("hashed",))


def order_of(session: Session, presented: str) -> tuple[int, str] | None:
    """The store and order whose page a presented token opens, or None."""
    statement = select(OrderPage.store_id, OrderPage.order_id).where(OrderPage.hashed == security.hash_key(presented))
    row = session.execute(statement).one_or_none()
    return None if row is None else (row.store_id, row.order_id)
