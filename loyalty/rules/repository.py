"""Queries and statements over rules."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, BindParameter, bindparam, delete, insert, or_, select, update

from core.db import Session, upsert
from loyalty.rules.models import ReturnedLine, RuleRow, RuleVersionRow

_version = RuleVersionRow.__table__

# What every batch asks is built once: building a statement costs more than running it.
_STORE: BindParameter[int] = bindparam("store")
_IN_FORCE = (
    select(RuleRow.name, _version)
    .join(RuleVersionRow, (RuleVersionRow.store_id == RuleRow.store_id) & (RuleVersionRow.rule_id == RuleRow.rule_id))
    .where(
        RuleRow.store_id == _STORE,
        _version.c.on_from.is_not(None),
        _version.c.on_from <= bindparam("until", type_=BigInteger),
        or_(_version.c.on_until.is_(None), _version.c.on_until > bindparam("since", type_=BigInteger)),
    )
)
_RETURNED = select(ReturnedLine.order_id, ReturnedLine.refund_id, ReturnedLine.line_id, ReturnedLine.amount).where(
    ReturnedLine.store_id == _STORE, ReturnedLine.order_id.in_(bindparam("orders", expanding=True))
)


def insert_rule(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(RuleRow), row)


def rename(session: Session, store_id: int, rule_id: int, name: str) -> None:
    session.execute(update(RuleRow).where(RuleRow.store_id == store_id, RuleRow.rule_id == rule_id).values(name=name))


def insert_version(session: Session, row: dict[str, Any]) -> None:
    session.execute(insert(RuleVersionRow), row)


def delete_draft(session: Session, store_id: int, rule_id: int) -> None:
    session.execute(
        delete(RuleVersionRow).where(
            _version.c.store_id == store_id, _version.c.rule_id == rule_id, _version.c.state == "draft"
        )
    )


def set_state(session: Session, store_id: int, rule_id: int, version: int, **values: Any) -> None:
    session.execute(
        update(RuleVersionRow)
        .where(_version.c.store_id == store_id, _version.c.rule_id == rule_id, _version.c.version == version)
        .values(**values)
    )


def versions(session: Session, store_id: int, rule_id: int | None = None) -> list[Any]:
    """Versions with their rule's name, newest first."""
    statement = (
        select(RuleRow.name, RuleRow.created_at, _version)
        .join(
            RuleVersionRow, (RuleVersionRow.store_id == RuleRow.store_id) & (RuleVersionRow.rule_id == RuleRow.rule_id)
        )
        .where(RuleRow.store_id == store_id)
        .order_by(RuleRow.created_at, RuleRow.rule_id, _version.c.version.desc())
    )
    if rule_id is not None:
        statement = statement.where(RuleRow.rule_id == rule_id)
    return list(session.execute(statement))


def in_force(session: Session, store_id: int, since: int, until: int) -> list[Any]:
    """Every version that was on at some position in (since, until]."""
    return list(session.execute(_IN_FORCE, {"store": store_id, "since": since, "until": until}))


def returned(session: Session, store_id: int, order_ids: Sequence[str]) -> list[Any]:
    """What was given back of these orders: order, refund, line, amount."""
    return list(session.execute(_RETURNED, {"store": store_id, "orders": list(order_ids)}))


def record_returned(session: Session, rows: list[dict[str, Any]]) -> None:
    upsert(session, ReturnedLine, rows, key=("store_id", "refund_id", "line_id"))
