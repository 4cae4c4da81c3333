import hashlib
import hmac

import msgspec

from demo.catalogue import products
from demo.history.deliveries import Delivery, DeliveryWriter
from demo.simulator.occurrences import Line, OrderRefunded, ParcelScanned

SCAN = ParcelScanned(
    at=1_764_000_000_000,
    parcel_id="P-1",
    order_id="KL1",
    carrier="Slow Lane Parcels",
    tracking_number="SL1",
    status="label_ready",
    raw_code="LBL",
    scanned_at=1_763_999_990_000,
    place="Leipzig",
)


def test_each_attempt_is_signed_with_its_own_time() -> None:
    delivery = Delivery("order.created/KL1", "order.created", b'{"order_id":"KL1"}')
    headers = delivery.headers("secret", now=1_764_000_000_999)
    digest = hmac.new(b"secret", b'1764000000.{"order_id":"KL1"}', hashlib.sha256).hexdigest()
    assert headers["X-Regulars-Signature"] == f"t=1764000000,v1={digest}"
    assert headers["X-Regulars-Topic"] == "order.created"
    assert headers["X-Regulars-Delivery"] == "order.created/KL1"
    assert delivery.headers("secret", now=1_764_000_001_000) != headers


def test_a_parcel_is_announced_with_its_first_scan() -> None:
    announced, scanned = DeliveryWriter(products()).write(SCAN)
    assert (announced.topic, scanned.topic) == ("parcel.created", "parcel.checkpoint")
    assert msgspec.json.decode(announced.body)["tracking_number"] == "SL1"
    assert msgspec.json.decode(scanned.body) == {
        "parcel_id": "P-1",
        "status": "label_ready",
        "raw_code": "LBL",
        "occurred_at": "2025-11-24T15:59:50.000Z",
        "place": "Leipzig",
    }


def test_a_later_scan_comes_alone() -> None:
    (scanned,) = DeliveryWriter(products()).write(msgspec.structs.replace(SCAN, status="delivered", raw_code="DLV"))
    assert scanned.identifier == "parcel.checkpoint/P-1-DLV-1763999990000"


def test_a_refund_names_its_lines() -> None:
    refund = OrderRefunded(
        at=1_764_000_000_000,
        refund_id="R1",
        order_id="KL1",
        lines=(Line(product=3, quantity=2, price=500),),
        amount=1_000,
    )
    (delivery,) = DeliveryWriter(products()).write(refund)
    body = msgspec.json.decode(delivery.body)
    assert body["amount"] == "10.00"
    assert body["lines"] == [{"line_id": "KL-0003", "quantity": 2}]
