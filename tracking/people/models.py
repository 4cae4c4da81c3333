"""Tables of identities, their links, people, traits and consent."""

from typing import Any

from sqlalchemy import JSON, Boolean, Float, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class IdentityRow(Base):
    """An identity and whose it is now. `identity_id` is also the id of the person it is while it belongs to nobody else.

    The times are those of its own events: one with a user id is the user's.
    """

    __tablename__ = "identity"
    __kind__ = "projection"
    __subject__ = "person_id"
    __table_args__ = (Index("ix_identity_person", "store_id", "person_id"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    identity_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(String(320))
    person_id: Mapped[int] = mapped_column(BigSerial)
    proved: Mapped[bool] = mapped_column(Boolean)
    shared: Mapped[bool] = mapped_column(Boolean)
    first_seen_at: Mapped[int | None] = mapped_column(BigSerial)
    last_seen_at: Mapped[int | None] = mapped_column(BigSerial)


class IdentityLinkRow(Base):
    """The set of links: for each pair the earliest proved and the earliest claimed mention."""

    __tablename__ = "identity_link"
    __kind__ = "projection"
    __subject__ = "left_id"
    __table_args__ = (Index("ix_identity_link_right", "store_id", "right_id"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    left_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    right_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    proved: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    at: Mapped[int] = mapped_column(BigSerial)
    position: Mapped[int] = mapped_column(BigSerial)


class IdentityTraitRow(Base):
    """The best value each identity was given for a trait: the highest rank, then the latest."""

    __tablename__ = "identity_trait"
    __kind__ = "projection"
    __subject__ = "identity_id"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    identity_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[int] = mapped_column(BigSerial)
    value: Mapped[str] = mapped_column(Text)  # JSON


class PersonRow(Base):
    """A person as they are now. The folded columns are what conditions and search compare."""

    __tablename__ = "person"
    __kind__ = "projection"
    __subject__ = "person_id"
    __table_args__ = (
        Index("ix_person_last_seen", "store_id", "last_seen_at", "person_id"),
        Index("ix_person_email", "store_id", "email"),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    known: Mapped[bool] = mapped_column(Boolean)
    user_id: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(320))
    name: Mapped[str | None] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(60))
    country_folded: Mapped[str | None] = mapped_column(String(120))
    city: Mapped[str | None] = mapped_column(String(120))
    city_folded: Mapped[str | None] = mapped_column(String(240))
    searched: Mapped[str] = mapped_column(Text)
    first_seen_at: Mapped[int] = mapped_column(BigSerial)
    last_seen_at: Mapped[int] = mapped_column(BigSerial)
    traits: Mapped[dict[str, Any]] = mapped_column(JSON)


class PersonMergeRow(Base):
    """From which position on a person's id means another person; the newest row holds."""

    __tablename__ = "person_merge"
    __kind__ = "projection"
    __subject__ = "person_from"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_from: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    person_to: Mapped[int] = mapped_column(BigSerial)


class PersonEventRow(Base):
    """The way from a person, by their identities, to every position of the log that speaks of them.

    `at` is when it occurred. A fact stands under the person it names, who is an identity too.
    """

    __tablename__ = "person_event"
    __kind__ = "projection"
    __subject__ = "identity_id"
    __table_args__ = ({"sqlite_with_rowid": False},)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    identity_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    at: Mapped[int] = mapped_column(BigSerial)


class PersonTraitRow(Base):
    """What facts `trait set` said, every version: the value as of a position is the newest row up to it."""

    __tablename__ = "person_trait"
    __kind__ = "projection"
    __subject__ = "person_id"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(Text)  # JSON
    owner: Mapped[str] = mapped_column(String(60))


class TraitRow(Base):
    """A person's traits as they are now, one typed column each, for conditions: exactly one of the three is set."""

    __tablename__ = "trait"
    __kind__ = "projection"
    __subject__ = "person_id"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    text: Mapped[str | None] = mapped_column(Text)  # casefolded
    number: Mapped[float | None] = mapped_column(Float(53))
    flag: Mapped[bool | None] = mapped_column(Boolean)


class ConsentRow(Base):
    """The newest yes and the newest no an identity gave for a purpose; the later of the two holds, a no at a tie."""

    __tablename__ = "consent"
    __kind__ = "book"
    __subject__ = "identity_id"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    identity_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    purpose: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    at: Mapped[int] = mapped_column(BigSerial)
    said_by: Mapped[str] = mapped_column(String(60))
