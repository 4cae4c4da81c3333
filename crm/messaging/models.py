"""Tables of the outbox."""

from sqlalchemy import JSON, Index, LargeBinary, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class MessageRow(Base):
    """One message to one person: queued → claimed → handed over → sent, or skipped, failed, unknown."""

    __tablename__ = "message"
    __kind__ = "book"
    __subject__ = "person_id"
    __table_args__ = (
        UniqueConstraint("store_id", "subject", "step", "channel"),
        Index("ix_message_due", "state", "due_at"),
        Index("ix_message_person", "store_id", "person_id"),
        Index("ix_message_queued", "store_id", "queued_at"),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    message_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(String(300))
    step: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int] = mapped_column(SmallInteger)
    person_id: Mapped[int] = mapped_column(BigSerial)
    recipient: Mapped[str] = mapped_column(String(320))
    data: Mapped[dict[str, object]] = mapped_column(JSON)
    template_version: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300), default="")
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    queued_at: Mapped[int] = mapped_column(BigSerial)
    due_at: Mapped[int] = mapped_column(BigSerial)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[int | None] = mapped_column(BigSerial)
    subject_line: Mapped[str | None] = mapped_column(String(300))
    body_text: Mapped[str | None] = mapped_column(Text)
    body_html: Mapped[str | None] = mapped_column(Text)
    mime: Mapped[bytes | None] = mapped_column(LargeBinary)
    sent_at: Mapped[int | None] = mapped_column(BigSerial)
    cause: Mapped[int | None] = mapped_column(BigSerial)


class SuppressionRow(Base):
    """An address that must not be written to again; kept as a hash, so that it outlives an erasure."""

    __tablename__ = "suppression"
    __kind__ = "book"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(60))
    at: Mapped[int] = mapped_column(BigSerial)
