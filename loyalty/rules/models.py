"""Tables of rules."""

from sqlalchemy import JSON, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class RuleRow(Base):
    __tablename__ = "loyalty_rule"
    __kind__ = "configuration"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    rule_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[int] = mapped_column(BigSerial)


class RuleVersionRow(Base):
    """One version: a draft until it is turned on, then on until another is, then past. Its body never changes once on."""

    __tablename__ = "loyalty_rule_version"
    __kind__ = "configuration"
    __subject__ = None
    __table_args__ = (Index("ix_loyalty_rule_version_state", "store_id", "state"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    rule_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(10))
    body: Mapped[dict[str, object]] = mapped_column(JSON)
    saved_at: Mapped[int] = mapped_column(BigSerial)
    saved_by: Mapped[str] = mapped_column(String(320))
    on_at: Mapped[int | None] = mapped_column(BigSerial)
    on_from: Mapped[int | None] = mapped_column(BigSerial)
    on_until: Mapped[int | None] = mapped_column(BigSerial)


class ReturnedLine(Base):
    """What of an order was given back, so far as points are concerned: the record that later refunds build upon.

    A cancelled order has one row for the line `EVERYTHING`.
    """

    __tablename__ = "loyalty_returned_line"
    __kind__ = "book"
    __subject__ = None
    __table_args__ = (Index("ix_loyalty_returned_line_order", "store_id", "order_id"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    refund_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    line_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    order_id: Mapped[str] = mapped_column(String(255))
    amount: Mapped[int] = mapped_column(BigSerial)
    cause: Mapped[int] = mapped_column(BigSerial)
