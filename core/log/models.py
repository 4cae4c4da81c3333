"""The log's tables."""

from sqlalchemy import Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class EventRow(Base):
    """One event or fact. Only erasure ever updates a row."""

    __tablename__ = "event"
    __kind__ = "log"
    __subject__ = "position"  # people keep the way from a person to positions
    __table_args__ = (
        UniqueConstraint("store_id", "key"),
        Index("ix_event_name_position", "name", "position"),
        {"sqlite_autoincrement": True},  # without it SQLite hands erased positions out again and cursors skip rows
    )

    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=True)
    store_id: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[str] = mapped_column(String(40))
    key: Mapped[bytes] = mapped_column(LargeBinary(16))
    type: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    occurred_at: Mapped[int] = mapped_column(BigSerial)
    received_at: Mapped[int] = mapped_column(BigSerial)
    anonymous_id: Mapped[str | None] = mapped_column(String(255))
    user_id: Mapped[str | None] = mapped_column(String(255))
    consent: Mapped[str] = mapped_column(String(120), default="")
    proof: Mapped[str | None] = mapped_column(String(255))
    cause: Mapped[int | None] = mapped_column(BigSerial)
    depth: Mapped[int] = mapped_column(SmallInteger, default=0)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    flags: Mapped[str] = mapped_column(String(200), default="")


class ReactionCursor(Base):
    """How far a reaction has read. The lane is always 0 today; several lanes per reaction stay possible."""

    __tablename__ = "reaction_cursor"
    __kind__ = "machine"
    __subject__ = None

    reaction: Mapped[str] = mapped_column(String(80), primary_key=True)
    lane: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=0)
    position: Mapped[int] = mapped_column(BigSerial, default=0)


class SetAside(Base):
    """An event that a reaction could not handle: kept with its error, shown, and replayable."""

    __tablename__ = "set_aside"
    __kind__ = "machine"
    __subject__ = "position"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    reaction: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    error: Mapped[str] = mapped_column(String(2000))
    at: Mapped[int] = mapped_column(BigSerial)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=1)
    replayed_at: Mapped[int | None] = mapped_column(BigSerial)
