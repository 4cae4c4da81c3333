"""Tables of the ledger."""

from sqlalchemy import JSON, Index, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, BigSerial


class LedgerTransaction(Base):
    """One movement of points with its reason. Never updated."""

    __tablename__ = "ledger_transaction"
    __kind__ = "book"
    __subject__ = "person_id"
    __table_args__ = (
        Index("ix_ledger_transaction_person", "store_id", "person_id", "effective_at"),
        Index("ix_ledger_transaction_rule", "store_id", "rule_id", "effective_at"),
        Index("ix_ledger_transaction_order", "store_id", "order_id"),
        Index("ix_ledger_transaction_effective", "store_id", "effective_at"),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(BigSerial)
    points: Mapped[int] = mapped_column(BigSerial)
    order_id: Mapped[str | None] = mapped_column(String(255))
    rule_id: Mapped[int | None] = mapped_column(BigSerial)
    rule_version: Mapped[int | None]
    cause: Mapped[int | None] = mapped_column(BigSerial)
    effective_at: Mapped[int] = mapped_column(BigSerial)
    recorded_at: Mapped[int] = mapped_column(BigSerial)
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    explanation: Mapped[dict[str, object]] = mapped_column(JSON)


class LedgerEntry(Base):
    """One side of a transaction; the sides of a transaction sum to zero. Never updated."""

    __tablename__ = "ledger_entry"
    __kind__ = "book"
    __subject__ = "person_id"
    __table_args__ = (Index("ix_ledger_entry_account", "store_id", "account", "person_id"),)

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    account: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(BigSerial)
    lot: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    points: Mapped[int] = mapped_column(BigSerial)


class Lot(Base):
    """The points of one award and what is left of them; `remaining` is the fold of the entries that name the lot."""

    __tablename__ = "ledger_lot"
    __kind__ = "book"
    __subject__ = "person_id"
    __table_args__ = (
        Index("ix_ledger_lot_person", "store_id", "person_id", "expires_at"),
        Index("ix_ledger_lot_order", "store_id", "order_id"),
        Index("ix_ledger_lot_expires", "expires_at"),
    )

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    lot: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial)
    order_id: Mapped[str | None] = mapped_column(String(255))
    rule_id: Mapped[int | None] = mapped_column(BigSerial)
    awarded: Mapped[int] = mapped_column(BigSerial)
    remaining: Mapped[int] = mapped_column(BigSerial)
    available_from: Mapped[int] = mapped_column(BigSerial)
    expires_at: Mapped[int | None] = mapped_column(BigSerial)


class Balance(Base):
    """What a person holds, kept by one atomic statement per movement; the fold of the person's entries."""

    __tablename__ = "ledger_balance"
    __kind__ = "book"
    __subject__ = "person_id"

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    person_id: Mapped[int] = mapped_column(BigSerial, primary_key=True, autoincrement=False)
    points: Mapped[int] = mapped_column(BigSerial)


class Program(Base):
    """A store's terms: how many points are worth one unit of its currency."""

    __tablename__ = "loyalty_program"
    __kind__ = "configuration"
    __subject__ = None

    store_id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    points_per_unit: Mapped[int] = mapped_column(default=200)
