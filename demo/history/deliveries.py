"""The last day as signed deliveries of the `generic` webhook; these are new enough to send mail."""

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from core import clock
from demo.catalogue import Product
from demo.history.money import decimal_text
from demo.simulator.occurrences import Line, OrderPlaced, OrderRefunded, ParcelScanned


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook: `identifier` stays the same when it is sent again, so that it counts once."""

    identifier: str
    topic: str
    body: bytes

    def headers(self, secret_key: str, *, now: int) -> dict[str, str]:
        """The headers of one attempt; each attempt is signed anew, `now` in milliseconds."""
        seconds = str(now // clock.SECOND)
        signature = hmac.new(secret_key.encode(), seconds.encode() + b"." + self.body, sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Regulars-Topic": self.topic,
            "X-Regulars-Delivery": self.identifier,
            "X-Regulars-Signature": f"t={seconds},v1={signature}",
        }


class DeliveryWriter:
    """Turns what happened in the shop into deliveries; a parcel is announced with its first scan."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = products

    def write(self, occurrence: OrderPlaced | OrderRefunded | ParcelScanned) -> Iterator[Delivery]:
        if isinstance(occurrence, OrderPlaced):
            yield _delivery(occurrence.order_id, "order.created", self._order(occurrence))
        elif isinstance(occurrence, OrderRefunded):
            yield _delivery(occurrence.refund_id, "refund.created", self._refund(occurrence))
        else:
            if occurrence.status == "label_ready":
                yield _delivery(occurrence.parcel_id, "parcel.created", _parcel(occurrence))
            identifier = f"{occurrence.parcel_id}-{occurrence.raw_code}-{occurrence.scanned_at}"
            yield _delivery(identifier, "parcel.checkpoint", _checkpoint(occurrence))

    def _order(self, order: OrderPlaced) -> dict[str, Any]:
        return {
            "order_id": order.order_id,
            "occurred_at": clock.iso(order.at),
            "currency": "EUR",
            "total": decimal_text(order.amounts.total),
            "tax": decimal_text(order.amounts.tax),
            "shipping": decimal_text(order.amounts.shipping),
            "discount": decimal_text(order.amounts.discount),
            "email": order.email,
            "user_id": order.user_id,
            "anonymous_id": order.anonymous_id,
            "promised_at": clock.iso(order.promised_at),
            "address": msgspec.to_builtins(order.address),
            "lines": [self._line(line) for line in order.lines],
        }

    def _line(self, line: Line) -> dict[str, Any]:
        product = self._products[line.product]
        return {
            "line_id": product.product_id,
            "product_id": product.product_id,
            "name": product.name,
            "quantity": line.quantity,
            "price": decimal_text(line.price),
        }

    def _refund(self, refund: OrderRefunded) -> dict[str, Any]:
        return {
            "refund_id": refund.refund_id,
            "order_id": refund.order_id,
            "occurred_at": clock.iso(refund.at),
            "amount": decimal_text(refund.amount),
            "lines": [
                {"line_id": self._products[line.product].product_id, "quantity": line.quantity} for line in refund.lines
            ],
        }


def _parcel(scan: ParcelScanned) -> dict[str, Any]:
    return {
        "parcel_id": scan.parcel_id,
        "order_id": scan.order_id,
        "carrier": scan.carrier,
        "tracking_number": scan.tracking_number,
        "occurred_at": clock.iso(scan.scanned_at),
    }


def _checkpoint(scan: ParcelScanned) -> dict[str, Any]:
    return {
        "parcel_id": scan.parcel_id,
        "status": scan.status,
        "raw_code": scan.raw_code,
        "occurred_at": clock.iso(scan.scanned_at),
        "place": scan.place,
    }


def _delivery(identifier: str, topic: str, document: dict[str, Any]) -> Delivery:
    return Delivery(f"{topic}/{identifier}", topic, msgspec.json.encode(document))
