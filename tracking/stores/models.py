"""Tables of stores, keys, staff and audit."""

from sqlalchemy import JSON, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class StoreRow(Base):
    __tablename__ = "store"
    __kind__ = "configuration"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(120))
    currency: Mapped[str] = mapped_column(String(3))
    locale: Mapped[str] = mapped_column(String(20))
    time_zone: Mapped[str] = mapped_column(String(60))
    origins: Mapped[list[str]] = mapped_column(JSON)
    sealed_secret: Mapped[str] = mapped_column(String(400))
    asks_consent_first: Mapped[bool] = mapped_column(default=False)
    storefront_url: Mapped[str] = mapped_column(String(400), default="")
    postal_address: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[int] = mapped_column(BigSerial)


class KeyRow(Base):
    """A write key (public) or an API key (server). Only the hash is stored; a write key is public and kept as it is."""

    __tablename__ = "store_key"
    __kind__ = "configuration"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    shown: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[int] = mapped_column(BigSerial)
    revoked_at: Mapped[int | None] = mapped_column(BigSerial)


class UserRow(Base):
    """A person who works with the console."""

    __tablename__ = "staff_user"
    __kind__ = "configuration"
    __subject__ = None

    user_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    password: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int] = mapped_column(BigSerial)


class SignInRow(Base):
    """A console session; the cookie holds the token, the table its hash."""

    __tablename__ = "staff_session"
    __kind__ = "machine"
    __subject__ = None

    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigSerial)
    csrf: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[int] = mapped_column(BigSerial)


class SignInAttempt(Base):
    """Failed sign-ins, to slow down guessing."""

    __tablename__ = "staff_attempt"
    __kind__ = "machine"
    __subject__ = None

    subject: Mapped[str] = mapped_column(String(320), primary_key=True)
    failures: Mapped[int]
    blocked_until: Mapped[int] = mapped_column(BigSerial)


class AuditRow(Base):
    """What a person (or an API key) changed. Never updated."""

    __tablename__ = "audit"
    __kind__ = "book"
    __subject__ = None
    __table_args__ = (UniqueConstraint("store_id", "audit_id"),)

    audit_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=True)
    store_id: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[int] = mapped_column(BigSerial)
    actor: Mapped[str] = mapped_column(String(320))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
