"""Reading Segment's order events: Order Completed, Order Updated, Order Refunded, Order Cancelled.

Shops send numbers as texts, ids as numbers and leave things out, so everything is coerced. An event of a server that cannot be
counted raises UnreadableOrder; a browser's is kept with its problem.
"""

from decimal import Decimal
from typing import Any

import msgspec

from core import money
from core.log import Event
from tracking.orders import documents, pricing
from tracking.orders.errors import UnreadableOrder
from tracking.orders.pricing import Price, PricedLine, RawLine
from tracking.orders.reports import AskedLine, CancellationReport, OrderReport, Refund, RefundReport


class _Product(msgspec.Struct):
    product_id: Any = None
    sku: Any = None
    name: Any = None
    variant: Any = None
    line_id: Any = None
    price: Any = None
    quantity: Any = None


class _Properties(msgspec.Struct):
    order_id: Any = None
    refund_id: Any = None
    currency: Any = None
    total: Any = None
    tax: Any = None
    shipping: Any = None
    discount: Any = None
    products: list[_Product] = []


class _Call(msgspec.Struct):
    properties: _Properties = msgspec.field(default_factory=_Properties)


def order(event: Event, store_currency: str) -> OrderReport:
    """The order an event tells, in the store's currency where it names none; raises UnreadableOrder (a server's) or UnreadableBody."""
    told = event.read(_Call).properties
    order_id = _order_id(told)
    problem: str | None = None
    currency: str | None = None
    lines: tuple[PricedLine, ...] = ()
    price: Price | None = None
    try:
        currency = _currency(told, store_currency, order_id)
        lines, price = _priced(told, currency, order_id)
    except (UnreadableOrder, money.UnreadableAmount, ValueError) as error:
        problem = error.reason if isinstance(error, UnreadableOrder) else str(error)
        if event.trusted:
            raise UnreadableOrder(order_id, problem) from error
    return OrderReport(
        order_id=order_id,
        event=event,
        placed_at=event.occurred_at,
        rank=(0, 1 if event.name == "Order Updated" else 0, event.position),
        currency=currency,
        price=price,
        lines=lines,
        user_id=event.user_id,
        anonymous_id=event.anonymous_id,
        problem=problem,
    )


def refund(event: Event, _: str) -> RefundReport:
    """The refund an event tells. Without products and total it gives back everything.

    Segment's event has no id for a refund: a full one is known by its order, a partial one by its place in the log.
    """
    told = event.read(_Call).properties
    order_id = _order_id(told)
    is_full = told.total is None and not told.products
    refund_id = _text(told.refund_id) or (f"{order_id}:full" if is_full else f"{order_id}:{event.position}")
    lines = tuple(
        AskedLine(_refunded_id(product, order_id), _quantity(product, order_id), _refunded(product, order_id))
        for product in told.products
    )
    asked = Refund(
        order_id=order_id,
        refund_id=documents.identifier(refund_id, order_id),
        at=event.occurred_at,
        position=event.position,
        amount=documents.text(told.total, order_id),
        shipping=None,
        lines=lines,
    )
    return RefundReport(order_id=order_id, event=event, refund=asked)


def cancellation(event: Event, _: str) -> CancellationReport:
    """The cancellation an event tells."""
    order_id = _order_id(event.read(_Call).properties)
    return CancellationReport(order_id=order_id, event=event, at=event.occurred_at)


def _priced(told: _Properties, currency: str, order_id: str) -> tuple[tuple[PricedLine, ...], Price]:
    discount = pricing.amount(told.discount, currency)
    raw = [_line(at, product, currency, order_id) for at, product in enumerate(told.products, 1)]
    lines = pricing.priced(raw, discount)
    price = pricing.price(
        lines,
        total=None if told.total is None else pricing.amount(told.total, currency),
        tax=pricing.amount(told.tax, currency),
        shipping=pricing.amount(told.shipping, currency),
        discount=discount,
    )
    return lines, price


def _line(at: int, product: _Product, currency: str, order_id: str) -> RawLine:
    product_id = _text(product.product_id) or _text(product.sku)
    return RawLine(
        _line_id(at, product),
        documents.identifier(product_id, order_id),
        _text(product.variant)[: documents.LONGEST_ID] or None,
        _text(product.name)[:400],
        _quantity(product, order_id),
        pricing.amount(product.price, currency),
    )


def _refunded_id(product: _Product, order_id: str) -> str:
    return documents.identifier(_text(product.line_id) or _text(product.product_id) or _text(product.sku), order_id)


def _refunded(product: _Product, order_id: str) -> str | None:
    price = documents.text(product.price, order_id)
    return None if price is None else str(Decimal(price) * _quantity(product, order_id))


def _line_id(at: int, product: _Product) -> str:
    return _text(product.line_id)[: documents.LONGEST_ID] or str(at)


def _quantity(product: _Product, order_id: str) -> int:
    text = _text(product.quantity) or "1"
    try:
        quantity = int(float(text))
    except (ValueError, OverflowError) as error:
        raise UnreadableOrder(order_id, f"“{text[:20]}” is not a quantity") from error
    if not 0 < quantity <= documents.LARGEST_QUANTITY:
        raise UnreadableOrder(order_id, f"a line has the quantity {text[:20]}")
    return quantity


def _currency(told: _Properties, store_currency: str, order_id: str) -> str:
    currency = _text(told.currency).upper() or store_currency
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise UnreadableOrder(order_id, "it names no ISO 4217 currency such as EUR")
    return currency


def _order_id(told: _Properties) -> str:
    return documents.identifier(_text(told.order_id), "")


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\x00", "").strip()
