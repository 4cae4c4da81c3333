"""Tables of orders. All are projections: the log holds what was reported."""

from typing import Any

from sqlalchemy import JSON, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class OrderRow(Base):
    """An order as the report that counts says it; amounts in minor units of `currency`.

    `updated_at`, `revision` and `position` rank the report: the highest of a trusted source counts, else the first browser's.
    """

    __tablename__ = "customer_order"
    __kind__ = "projection"
    __subject__ = "person_id"
    __table_args__ = (
        Index("ix_customer_order_store_id_person_id", "store_id", "person_id", "placed_at"),
        Index("ix_customer_order_store_id_placed_at", "store_id", "placed_at"),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    order_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial)
    status: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigSerial)
    goods: Mapped[int] = mapped_column(BigSerial)
    tax: Mapped[int] = mapped_column(BigSerial)
    shipping: Mapped[int] = mapped_column(BigSerial)
    discount: Mapped[int] = mapped_column(BigSerial)
    refunded: Mapped[int] = mapped_column(BigSerial)
    email: Mapped[str | None] = mapped_column(String(320))
    user_id: Mapped[str | None] = mapped_column(String(255))
    anonymous_id: Mapped[str | None] = mapped_column(String(255))
    placed_at: Mapped[int] = mapped_column(BigSerial)
    promised_at: Mapped[int | None] = mapped_column(BigSerial)
    cancelled_at: Mapped[int | None] = mapped_column(BigSerial)
    address: Mapped[dict[str, Any]] = mapped_column(JSON)
    updated_at: Mapped[int] = mapped_column(BigSerial)
    revision: Mapped[int] = mapped_column(SmallInteger)
    position: Mapped[int] = mapped_column(BigSerial)


class LineRow(Base):
    """A line of an order. `total` is after its share of the discount; `refunded` and `returned` are what was taken back."""

    __tablename__ = "order_line"
    __kind__ = "projection"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    order_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    line_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int]
    product_id: Mapped[str] = mapped_column(String(200))
    variant_id: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(400))
    quantity: Mapped[int] = mapped_column(BigSerial)
    price: Mapped[int] = mapped_column(BigSerial)
    total: Mapped[int] = mapped_column(BigSerial)
    returned: Mapped[int] = mapped_column(BigSerial)
    refunded: Mapped[int] = mapped_column(BigSerial)


class RefundRow(Base):
    """A refund a trusted source reported. While its order is not there it waits; `asked` is the amount as reported."""

    __tablename__ = "order_refund"
    __kind__ = "projection"
    __subject__ = None
    __table_args__ = (Index("ix_order_refund_store_id_order_id", "store_id", "order_id"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    refund_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    order_id: Mapped[str] = mapped_column(String(200))
    waits: Mapped[bool]
    asked: Mapped[str | None] = mapped_column(String(40))
    asked_shipping: Mapped[str | None] = mapped_column(String(40))
    amount: Mapped[int] = mapped_column(BigSerial)
    at: Mapped[int] = mapped_column(BigSerial)
    position: Mapped[int] = mapped_column(BigSerial)


class RefundLineRow(Base):
    """What of a line a refund gives back; while the refund waits `asked` and `quantity` are as reported."""

    __tablename__ = "refund_line"
    __kind__ = "projection"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    refund_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    line_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    quantity: Mapped[int] = mapped_column(BigSerial)
    asked: Mapped[str | None] = mapped_column(String(40))
    amount: Mapped[int] = mapped_column(BigSerial)


class ReportRow(Base):
    """What one source said about an order, kept so that a difference to what counts stays visible.

    `kind` is order, refund or cancellation. `total` is None where the report named none that can be read; `problem` says why.
    """

    __tablename__ = "order_report"
    __kind__ = "projection"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    order_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    at: Mapped[int] = mapped_column(BigSerial)
    currency: Mapped[str | None] = mapped_column(String(3))
    total: Mapped[int | None] = mapped_column(BigSerial)
    problem: Mapped[str | None] = mapped_column(String(200))


class PersonOrdersRow(Base):
    """What a person has bought: placed orders only, `total_minor` net of refunds in the currency of the latest order."""

    __tablename__ = "person_orders"
    __kind__ = "projection"
    __subject__ = "person_id"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    first_order_at: Mapped[int] = mapped_column(BigSerial)
    last_order_at: Mapped[int] = mapped_column(BigSerial)
    order_count: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(BigSerial)
    refund_count: Mapped[int]
