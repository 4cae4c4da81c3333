"""Tables of segments."""

from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class SegmentRow(Base):
    """A segment as it is now. `time_zone` is the calendar its days are counted in; `live_from` the position of its version.

    `traits` holds the kinds of the traits its condition reads, so that it means the same when people's traits change.
    """

    __tablename__ = "segment"
    __kind__ = "configuration"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    segment_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(400))
    condition: Mapped[dict[str, Any]] = mapped_column(JSON)
    traits: Mapped[dict[str, str]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(Integer)
    time_zone: Mapped[str] = mapped_column(String(60))
    live_from: Mapped[int] = mapped_column(BigSerial)
    created_at: Mapped[int] = mapped_column(BigSerial)
    archived_at: Mapped[int | None] = mapped_column(BigSerial)


class MembershipRow(Base):
    """One stay of a person in a segment, folded from the facts: inside from one position up to, but not at, another."""

    __tablename__ = "segment_membership"
    __kind__ = "projection"
    __subject__ = "person_id"
    __table_args__ = (
        Index("ix_segment_membership_person", "store_id", "person_id"),
        Index("ix_segment_membership_entered", "store_id", "segment_id", "entered_at"),
        Index("ix_segment_membership_left", "store_id", "segment_id", "left_at"),
        Index(
            "ix_segment_membership_inside",
            "store_id",
            "segment_id",
            "entered_position",
            sqlite_where=text("left_position IS NULL"),
            postgresql_where=text("left_position IS NULL"),
        ),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    segment_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    entered_position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    left_position: Mapped[int | None] = mapped_column(BigSerial)
    entered_at: Mapped[int] = mapped_column(BigSerial)
    left_at: Mapped[int | None] = mapped_column(BigSerial)


class StandingRow(Base):
    """What was decided last about a person and a segment, and when time alone can change it (`due_at`).

    It is the decider's own memory: it moves in the transaction that appends the facts, while the membership follows a
    moment later. Who is outside without a date has no row.
    """

    __tablename__ = "segment_due"
    __kind__ = "machine"
    __subject__ = "person_id"
    __table_args__ = (
        Index(
            "ix_segment_due_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    segment_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    inside: Mapped[bool] = mapped_column(Boolean)
    due_at: Mapped[int | None] = mapped_column(BigSerial)


class ThresholdRow(Base):
    """A figure that conditions name, as a sweep computed it last; `minor` in minor units of `currency`."""

    __tablename__ = "segment_threshold"
    __kind__ = "machine"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    minor: Mapped[int] = mapped_column(BigSerial)
    currency: Mapped[str] = mapped_column(String(3))
    computed_at: Mapped[int] = mapped_column(BigSerial)


class RefreshRow(Base):
    """A segment whose whole base has to be looked at again: how far the sweep is, why, and the log's head when it was asked."""

    __tablename__ = "segment_refresh"
    __kind__ = "machine"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    segment_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    after_person: Mapped[int] = mapped_column(BigSerial)
    asked_at: Mapped[int] = mapped_column(BigSerial)
    position: Mapped[int] = mapped_column(BigSerial)
    reason: Mapped[str] = mapped_column(String(20))


class SeenRow(Base):
    """How far the sweep of people who were seen has come: the last instant, and the last person of that instant."""

    __tablename__ = "segment_seen"
    __kind__ = "machine"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    seen_at: Mapped[int] = mapped_column(BigSerial)
    after_person: Mapped[int] = mapped_column(BigSerial)
