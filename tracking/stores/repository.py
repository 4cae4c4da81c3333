"""Queries over stores, keys, staff and audit."""

from typing import Any

from sqlalchemy import delete, func, insert, select, update

from core.clock import Instant
from core.db import Session, upsert
from tracking.stores.models import AuditRow, KeyRow, SignInAttempt, SignInRow, StoreRow, UserRow


def insert_store(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(StoreRow), row)


def next_store_id(session: Session) -> int:
    return int(session.execute(select(func.coalesce(func.max(StoreRow.store_id), 0))).scalar_one()) + 1


def stores(session: Session) -> list[StoreRow]:
    rows = session.execute(select(StoreRow.__table__).order_by(StoreRow.store_id))
    return [StoreRow(**row._mapping) for row in rows]


def insert_key(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(KeyRow), row)


def keys(session: Session) -> list[KeyRow]:
    rows = session.execute(select(KeyRow.__table__).where(KeyRow.revoked_at.is_(None)))
    return [KeyRow(**row._mapping) for row in rows]


def insert_user(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(UserRow), row)


def user_by_email(session: Session, email: str) -> UserRow | None:
    row = session.execute(select(UserRow.__table__).where(UserRow.email == email)).one_or_none()
    return UserRow(**row._mapping) if row else None


def insert_sign_in(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(SignInRow), row)


def sign_in(session: Session, hashed: str, now: Instant) -> tuple[SignInRow, UserRow] | None:
    statement = select(SignInRow.__table__).where(SignInRow.hashed == hashed, SignInRow.expires_at > now)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    user = session.execute(select(UserRow.__table__).where(UserRow.user_id == row.user_id)).one_or_none()
    return (SignInRow(**row._mapping), UserRow(**user._mapping)) if user else None


def delete_sign_in(session: Session, hashed: str) -> None:
    session.execute(delete(SignInRow).where(SignInRow.hashed == hashed))


def delete_ended_sign_ins(session: Session, now: Instant) -> None:
    session.execute(delete(SignInRow).where(SignInRow.expires_at <= now))


def attempts(session: Session, subject: str) -> SignInAttempt | None:
    row = session.execute(select(SignInAttempt.__table__).where(SignInAttempt.subject == subject)).one_or_none()
    return SignInAttempt(**row._mapping) if row else None


def record_attempt(session: Session, subject: str, failures: int, blocked_until: Instant) -> None:
    row = {"subject": subject, "failures": failures, "blocked_until": blocked_until}
    upsert(session, SignInAttempt, [row], key=("subject",), update=("failures", "blocked_until"))


def insert_audit(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(AuditRow), row)


def audit(session: Session, store_id: int, before: int | None, limit: int) -> list[AuditRow]:
    statement = select(AuditRow.__table__).where(AuditRow.store_id == store_id)
    if before is not None:
        statement = statement.where(AuditRow.audit_id < before)
    rows = session.execute(statement.order_by(AuditRow.audit_id.desc()).limit(limit))
    return [AuditRow(**row._mapping) for row in rows]


def set_origins(session: Session, store_id: int, origins: list[str]) -> None:
    session.execute(update(StoreRow).where(StoreRow.store_id == store_id).values(origins=origins))
