"""The pages that order mails link to."""

from sqlalchemy import Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class OrderPage(Base):
    """An order page opens by an unguessable token, not by its order's number; only the token's hash is stored."""

    __tablename__ = "order_page"
    __kind__ = "book"
    __subject__ = "person_id"
    __table_args__ = (Index("ix_order_page_order", "store_id", "order_id"),)

    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)
    store_id: Mapped[int] = mapped_column(SmallInteger)
    order_id: Mapped[str] = mapped_column(String(255))
    person_id: Mapped[int] = mapped_column(BigSerial)
    cause: Mapped[int] = mapped_column(BigSerial)
