"""The ledger's invariants on a live database."""

from sqlalchemy import func, select

from core.db import Session
from core.log.checks import Check
from loyalty.ledger.models import Balance, LedgerEntry, LedgerTransaction, Lot


def _sums(session: Session) -> list[str]:
    statement = (
        select(LedgerEntry.store_id, LedgerEntry.key, func.sum(LedgerEntry.points))
        .group_by(LedgerEntry.store_id, LedgerEntry.key)
        .having(func.sum(LedgerEntry.points) != 0)
        .limit(20)
    )
    return [
        f"Store {store}: the sides of {bytes(key).hex()} sum to {points}."
        for store, key, points in session.execute(statement)
    ]


def _balances(session: Session) -> list[str]:
    folded = (
        select(LedgerEntry.store_id, LedgerEntry.person_id, func.sum(LedgerEntry.points).label("points"))
        .where(LedgerEntry.account == "person")
        .group_by(LedgerEntry.store_id, LedgerEntry.person_id)
        .subquery()
    )
    statement = (
        select(folded.c.store_id, folded.c.person_id, folded.c.points, Balance.points)
        .outerjoin(Balance, (Balance.store_id == folded.c.store_id) & (Balance.person_id == folded.c.person_id))
        .where(func.coalesce(Balance.points, -1) != folded.c.points)
        .limit(20)
    )
    return [
        f"Store {store}: person {person} has entries for {folded_points} points, the balance says {points}."
        for store, person, folded_points, points in session.execute(statement)
    ]


def _lots(session: Session) -> list[str]:
    folded = (
        select(LedgerEntry.store_id, LedgerEntry.lot, func.sum(LedgerEntry.points).label("points"))
        .where(LedgerEntry.lot.is_not(None))
        .group_by(LedgerEntry.store_id, LedgerEntry.lot)
        .subquery()
    )
    statement = (
        select(Lot.store_id, Lot.lot, Lot.remaining, folded.c.points)
        .outerjoin(folded, (Lot.store_id == folded.c.store_id) & (Lot.lot == folded.c.lot))
        .where((func.coalesce(folded.c.points, -1) != Lot.remaining) | (Lot.remaining < 0))
        .limit(20)
    )
    return [
        f"Store {store}: lot {bytes(lot).hex()} says {remaining} points are left, its entries say {points}."
        for store, lot, remaining, points in session.execute(statement)
    ]


def _once(session: Session) -> list[str]:
    statement = (
        select(LedgerTransaction.store_id, LedgerTransaction.order_id, LedgerTransaction.rule_id, func.count())
        .where(LedgerTransaction.kind == "award", LedgerTransaction.order_id.is_not(None))
        .group_by(LedgerTransaction.store_id, LedgerTransaction.order_id, LedgerTransaction.rule_id)
        .having(func.count() > 1)
        .limit(20)
    )
    return [
        f"Store {store}: rule {rule} awarded order {order} {count} times."
        for store, order, rule, count in session.execute(statement)
    ]


CHECKS = (
    Check(name="ledger.zero", promise="The sides of every movement of points sum to zero.", run=_sums),
    Check(name="ledger.balances", promise="Every balance is the fold of its entries.", run=_balances),
    Check(
        name="ledger.lots", promise="Every lot has left what its entries say, and never less than nothing.", run=_lots
    ),
    Check(name="ledger.once", promise="A rule awards an order once.", run=_once),
)
