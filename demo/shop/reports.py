"""What the shop reports, in the words of the `generic` webhook: amounts are decimal strings, times are ISO 8601."""

import hashlib
import json
import sqlite3
from typing import Any

from demo.catalogue import Product, Variant, products
from demo.shop import outbox, stock
from demo.shop.clock import Instant, iso
from demo.shop.money import cents, contained_tax, decimal_text
from demo.shop.orders import Order, Refund
from demo.shop.settings import ShopSettings


def catalogue(connection: sqlite3.Connection, settings: ShopSettings) -> None:
    """Report every product; what was reported before in the same words is not reported again."""
    left = stock.left(connection, [product.product_id for product in products()])
    for product in products():
        body = product_body(product, left[product.product_id], settings)
        mark = hashlib.sha256(json.dumps(body).encode()).hexdigest()[:16]
        _report(connection, "product.updated", f"{product.product_id}/{mark}", body, settings.clock())


def stock_after(
    connection: sqlite3.Connection, product: Product, quantity: int, order_id: str, settings: ShopSettings
) -> None:
    """Report what an order left of a product."""
    body = product_body(product, quantity, settings)
    _report(connection, "product.updated", f"{product.product_id}/{order_id}", body, settings.clock())


def order(connection: sqlite3.Connection, placed: Order, settings: ShopSettings) -> None:
    """Report a new order."""
    _report(connection, "order.created", placed.order_id, order_body(placed), settings.clock())


def refund(connection: sqlite3.Connection, made: Refund, settings: ShopSettings) -> None:
    """Report a refund."""
    _report(connection, "refund.created", made.refund_id, refund_body(made), settings.clock())


def product_body(product: Product, quantity: int, settings: ShopSettings) -> dict[str, Any]:
    """Return the document of a product. Its picture is the PNG, which mail programs show too."""
    return {
        "product_id": product.product_id,
        "name": product.name,
        "description": product.description,
        "url": settings.absolute(product.url_path),
        "image_url": _picture(product.image_path, settings),
        "price": decimal_text(cents(product.price)),
        "currency": product.currency,
        "stock": quantity,
        "categories": list(product.categories),
        "attributes": _attributes(product),
        "variants": [_variant(variant, settings) for variant in product.variants],
        "deleted": False,
    }


def order_body(placed: Order) -> dict[str, Any]:
    """Return the document of an order."""
    return {
        "order_id": placed.order_id,
        "occurred_at": iso(placed.placed_at),
        "currency": "EUR",
        "total": decimal_text(placed.total),
        "tax": decimal_text(contained_tax(placed.total)),
        "shipping": decimal_text(placed.shipping),
        "discount": "0.00",
        "email": placed.buyer.email,
        "user_id": placed.user_id,
        "anonymous_id": placed.anonymous_id,
        "promised_at": iso(placed.promised_at),
        "address": {
            "name": placed.buyer.name,
            "street": placed.buyer.street,
            "postal_code": placed.buyer.postal_code,
            "city": placed.buyer.city,
            "country": placed.buyer.country,
        },
        "lines": [
            {
                "line_id": line.line_id,
                "product_id": line.product_id,
                "variant_id": line.variant_id,
                "name": line.name,
                "quantity": line.quantity,
                "price": decimal_text(line.price),
            }
            for line in placed.lines
        ],
    }


def refund_body(made: Refund) -> dict[str, Any]:
    """Return the document of a refund."""
    return {
        "refund_id": made.refund_id,
        "order_id": made.order_id,
        "occurred_at": iso(made.created_at),
        "currency": "EUR",
        "amount": decimal_text(made.amount),
        "lines": [{"line_id": made.line_id, "quantity": made.quantity, "amount": decimal_text(made.amount)}],
    }


def _variant(variant: Variant, settings: ShopSettings) -> dict[str, Any]:
    return {
        "variant_id": variant.variant_id,
        "name": variant.colour,
        "image_url": _picture(variant.image_path, settings),
        "attributes": {"colour": variant.colour},
    }


def _picture(path: str, settings: ShopSettings) -> str:
    return settings.absolute(path.removesuffix(".svg") + ".png")


def _attributes(product: Product) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "kind": product.kind,
        "colour": product.colour,
        "colour_family": product.colour_family,
        "pattern": product.pattern,
    }
    return attributes | ({"lasts_days": product.lasts_days} if product.lasts_days else {})


def _report(connection: sqlite3.Connection, topic: str, key: str, body: dict[str, Any], now: Instant) -> None:
    outbox.write(connection, topic=topic, delivery_id=f"{topic}/{key}", body=body, now=now)
