"""Tables of parcels and their checkpoints; both are rebuilt from the log."""

from sqlalchemy import Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class ParcelRow(Base):
    """A parcel as its checkpoints say. `is_known` is false while only checkpoints of it have come."""

    __tablename__ = "parcel"
    __kind__ = "projection"
    __subject__ = "person_id"
    __table_args__ = (
        Index("ix_parcel_store_id_order_id", "store_id", "order_id"),
        Index("ix_parcel_store_id_person_id", "store_id", "person_id"),
        Index("ix_parcel_store_id_moved_at", "store_id", "moved_at"),
        Index("ix_parcel_store_id_is_open_promised_at", "store_id", "is_open", "promised_at"),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    parcel_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    is_known: Mapped[bool]
    order_id: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(BigSerial)
    carrier: Mapped[str | None] = mapped_column(String(80))
    tracking_number: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    told: Mapped[str] = mapped_column(String(20))  # the state the last fact told
    moved_at: Mapped[int] = mapped_column(BigSerial)
    place: Mapped[str | None] = mapped_column(String(200))
    is_open: Mapped[bool]
    delivered_at: Mapped[int | None] = mapped_column(BigSerial)
    stale_since: Mapped[int | None] = mapped_column(BigSerial)
    has_alarm: Mapped[bool]
    promised_at: Mapped[int | None] = mapped_column(BigSerial)
    created_at: Mapped[int] = mapped_column(BigSerial)
    position: Mapped[int] = mapped_column(BigSerial)


class CheckpointRow(Base):
    """One carrier scan, by its content. `state` is empty where its word only marks; the raw words stay."""

    __tablename__ = "checkpoint"
    __kind__ = "projection"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    parcel_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    at: Mapped[int] = mapped_column(BigSerial)
    state: Mapped[str | None] = mapped_column(String(20))
    mark: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(80))
    raw_code: Mapped[str | None] = mapped_column(String(80))
    place: Mapped[str | None] = mapped_column(String(200))
    is_ahead: Mapped[bool]  # dated after its receipt
    received_at: Mapped[int] = mapped_column(BigSerial)
    position: Mapped[int] = mapped_column(BigSerial)
