"""Tables of products."""

from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class ProductRow(Base):
    """A product as it is now. `described` is false while only browsers have told of it."""

    __tablename__ = "product"
    __kind__ = "projection"
    __subject__ = None
    __table_args__ = (Index("ix_product_order", "store_id", "name_folded", "product_id"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    product_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    described: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(400))
    name_folded: Mapped[str] = mapped_column(String(800))
    url: Mapped[str | None] = mapped_column(Text)
    image_url: Mapped[str | None] = mapped_column(Text)
    price: Mapped[int | None] = mapped_column(BigSerial)
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int | None] = mapped_column(Integer)
    categories: Mapped[list[str]] = mapped_column(JSON)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    variants: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    deleted: Mapped[bool] = mapped_column(Boolean)
    updated_at: Mapped[int] = mapped_column(BigSerial)
    position: Mapped[int] = mapped_column(BigSerial)


class ProductVersionRow(Base):
    """A product as it was from a position on, until its next row."""

    __tablename__ = "product_version"
    __kind__ = "projection"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    product_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    described: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(400))
    url: Mapped[str | None] = mapped_column(Text)
    image_url: Mapped[str | None] = mapped_column(Text)
    price: Mapped[int | None] = mapped_column(BigSerial)
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int | None] = mapped_column(Integer)
    categories: Mapped[list[str]] = mapped_column(JSON)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON)
    variants: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    deleted: Mapped[bool] = mapped_column(Boolean)
    updated_at: Mapped[int] = mapped_column(BigSerial)


class ProductCategoryRow(Base):
    """One row for each category a product is in now, with its casefolded name for conditions."""

    __tablename__ = "product_category"
    __kind__ = "projection"
    __subject__ = None
    __table_args__ = (Index("ix_product_category_category", "store_id", "category"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    product_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    category: Mapped[str] = mapped_column(String(200), primary_key=True)
    category_folded: Mapped[str] = mapped_column(String(400))
