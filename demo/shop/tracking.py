"""What the shop tells the snippet about products, in the words of Segment's e-commerce events."""

from collections.abc import Iterable
from typing import Any

from demo.catalogue import Product, Variant
from demo.shop.carts import Cart
from demo.shop.money import decimal_text
from demo.shop.orders import Order


def of_product(product: Product, variant: Variant | None = None) -> dict[str, Any]:
    """Return the properties of a product that was looked at or put into the basket."""
    shown = variant or product.variants[0]
    return {
        "product_id": product.product_id,
        "sku": shown.variant_id,
        "variant": shown.colour,
        "name": product.name,
        "category": product.categories[-1],
        "price": float(product.price),
        "currency": product.currency,
        "url": product.url_path,
        "image_url": shown.image_path,
    }


def of_list(list_id: str, products: Iterable[Product]) -> dict[str, Any]:
    """Return the properties of a list of products, such as a shelf."""
    return {
        "list_id": list_id,
        "category": list_id,
        "products": [
            {
                "product_id": product.product_id,
                "name": product.name,
                "price": float(product.price),
                "position": position,
            }
            for position, product in enumerate(products, 1)
        ],
    }


def of_cart(cart: Cart) -> dict[str, Any]:
    """Return the properties of a basket."""
    return {
        "value": float(decimal_text(cart.goods)),
        "currency": "EUR",
        "products": [of_product(line.product, line.variant) | {"quantity": line.quantity} for line in cart.lines],
    }


def of_order(order: Order) -> dict[str, Any]:
    """Return the properties of an order; the webhook says the same, and is the one that is believed."""
    return {
        "order_id": order.order_id,
        "total": float(decimal_text(order.total)),
        "revenue": float(decimal_text(order.total - order.shipping)),
        "shipping": float(decimal_text(order.shipping)),
        "currency": "EUR",
        "products": [
            {
                "product_id": line.product_id,
                "sku": line.variant_id,
                "name": line.name,
                "price": float(decimal_text(line.price)),
                "quantity": line.quantity,
            }
            for line in order.lines
        ],
    }
