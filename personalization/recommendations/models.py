"""The table of exposures."""

from sqlalchemy import JSON, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class ExposureRow(Base):
    """One recommendation answer that was really shown, with the propensity of each position. Never updated."""

    __tablename__ = "exposure"
    __kind__ = "book"
    __subject__ = "position"  # people keep the way from a person to positions
    __table_args__ = (Index("ix_exposure_store_id_at", "store_id", "at"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    recommendation_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(BigSerial)
    at: Mapped[int] = mapped_column(BigSerial)
    anonymous_id: Mapped[str | None] = mapped_column(String(255))
    user_id: Mapped[str | None] = mapped_column(String(255))
    slot: Mapped[str] = mapped_column(String(20))
    model: Mapped[str] = mapped_column(String(40))
    arm: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(20))
    items: Mapped[list[dict[str, object]]] = mapped_column(JSON)
