"""Queries and statements over the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core import local_days
from core.clock import Instant
from core.db import Session, add
from core.local_days import Offsets
from loyalty.ledger.errors import Overdrawn
from loyalty.ledger.models import Balance, LedgerEntry, LedgerTransaction, Lot, Program

_SLICE = 400  # bound parameters of one statement

# What every batch asks is built once: building a statement costs more than running it.
_STORE: BindParameter[int] = bindparam("store")
_ONES: BindParameter[Any] = bindparam("ones", expanding=True)
_KNOWN_KEYS = select(LedgerTransaction.key, LedgerTransaction.body_hash).where(
    LedgerTransaction.store_id == _STORE, LedgerTransaction.key.in_(_ONES)
)
_LOTS_OF_ORDERS = (
    select(
        Lot.lot,
        Lot.person_id,
        Lot.order_id,
        Lot.rule_id,
        Lot.awarded,
        Lot.remaining,
        LedgerTransaction.rule_version,
        LedgerTransaction.explanation,
    )
    .join(LedgerTransaction, (LedgerTransaction.store_id == Lot.store_id) & (LedgerTransaction.key == Lot.lot))
    .where(Lot.store_id == _STORE, Lot.order_id.in_(_ONES))
)
_TAKE_BACKS_OF_ORDERS = select(
    LedgerTransaction.order_id, LedgerTransaction.rule_id, LedgerTransaction.points, LedgerTransaction.explanation
).where(
    LedgerTransaction.store_id == _STORE,
    LedgerTransaction.order_id.in_(_ONES),
    LedgerTransaction.kind == "take back",
)
_REDUCE = (
    update(Lot)
    .where(
        Lot.__table__.c.store_id == _STORE,
        Lot.__table__.c.lot == bindparam("which"),
        Lot.__table__.c.remaining >= bindparam("taken"),
    )
    .values(remaining=Lot.__table__.c.remaining - bindparam("taken"))
)


def known_keys(session: Session, store_id: int, keys: Iterable[bytes]) -> dict[bytes, bytes]:
    """Of these keys those that exist, with the hash of their body."""
    found: dict[bytes, bytes] = {}
    for part in _parts(list(keys)):
        rows = session.execute(_KNOWN_KEYS, {"store": store_id, "ones": part})
        found.update({bytes(key): bytes(body_hash) for key, body_hash in rows})
    return found


def claim(session: Session, transactions: list[dict[str, Any]]) -> set[bytes]:
    """Insert transactions whose key is free; which of them they were. Another writer of the same key is waited for.

    Sorted, so that two writers of the same keys wait for each other in one order.
    """
    if not transactions:
        return set()
    ordered = sorted(transactions, key=lambda row: (row["store_id"], row["key"]))
    return {bytes(key) for (key,) in session.execute(_claim(session.is_sqlite), ordered)}


@cache
def _claim(is_sqlite: bool) -> Any:
    statement = (sqlite if is_sqlite else postgresql).insert(LedgerTransaction)
    return statement.on_conflict_do_nothing(index_elements=("store_id", "key")).returning(LedgerTransaction.key)


def write(session: Session, entries: list[dict[str, Any]], lots: list[dict[str, Any]]) -> None:
    """Insert the entries and new lots of claimed transactions, and move the balances."""
    if not entries:
        return
    add(session, LedgerEntry, entries)
    add(session, Lot, lots)
    _move_balances(session, [entry for entry in entries if entry["account"] == "person"])


def reduce_lots(session: Session, store_id: int, reductions: Mapping[bytes, int]) -> None:
    """Take points out of lots; raises Overdrawn where a lot holds less, and then the transaction must not commit."""
    for lot, points in sorted(reductions.items()):
        reduced = session.execute(_REDUCE, {"store": store_id, "which": lot, "taken": points})
        if reduced.rowcount != 1:
            raise Overdrawn(lot, points)


def lock_lots_of_orders(session: Session, store_id: int, order_ids: Sequence[str]) -> None:
    """Let nobody else move the lots of these orders until the transaction ends (on SQLite the write lane does)."""
    if session.is_sqlite:
        return
    for part in _parts(sorted(order_ids)):
        locked = select(Lot.lot).where(Lot.store_id == store_id, Lot.order_id.in_(part)).order_by(Lot.lot)
        session.execute(locked.with_for_update())


def lots_of_orders(session: Session, store_id: int, order_ids: Sequence[str]) -> list[Any]:
    """Every lot of these orders with the explanation of its award."""
    rows: list[Any] = []
    for part in _parts(order_ids):
        rows.extend(session.execute(_LOTS_OF_ORDERS, {"store": store_id, "ones": part}))
    return rows


def take_backs_of_orders(session: Session, store_id: int, order_ids: Sequence[str]) -> list[Any]:
    """Every take back of these orders: order, rule, points (negative), explanation."""
    rows: list[Any] = []
    for part in _parts(order_ids):
        rows.extend(session.execute(_TAKE_BACKS_OF_ORDERS, {"store": store_id, "ones": part}))
    return rows


def expired_lots(session: Session, now: Instant, limit: int, *, locks: bool = False) -> list[Any]:
    """Lots of all stores whose time is over and that still hold points; `locks` takes them, those that another has left out."""
    statement = (
        select(Lot.store_id, Lot.lot, Lot.person_id, Lot.order_id, Lot.rule_id, Lot.remaining, Lot.expires_at)
        .where(Lot.expires_at <= now, Lot.remaining > 0)
        .order_by(Lot.expires_at)
        .limit(limit)
    )
    if locks and not session.is_sqlite:
        statement = statement.with_for_update(skip_locked=True)
    return list(session.execute(statement))


def holding(session: Session, store_id: int, person_ids: Sequence[int], now: Instant) -> Any:
    """Available, pending and ever awarded points over the lots of these people."""
    statement = select(
        func.coalesce(func.sum(case((Lot.available_from <= now, Lot.remaining), else_=0)), 0),
        func.coalesce(func.sum(case((Lot.available_from > now, Lot.remaining), else_=0)), 0),
        func.coalesce(func.sum(Lot.awarded), 0),
    ).where(Lot.store_id == store_id, Lot.person_id.in_(person_ids))
    return session.execute(statement).one()


def next_expiry(session: Session, store_id: int, person_ids: Sequence[int], now: Instant) -> Any:
    """The first day on which points run out, and how many."""
    statement = (
        select(Lot.expires_at, func.sum(Lot.remaining))
        .where(Lot.store_id == store_id, Lot.person_id.in_(person_ids), Lot.remaining > 0, Lot.expires_at > now)
        .group_by(Lot.expires_at)
        .order_by(Lot.expires_at)
        .limit(1)
    )
    return session.execute(statement).one_or_none()


def movements(
    session: Session, store_id: int, person_ids: Sequence[int] | None, before: Instant | None, limit: int
) -> list[Any]:
    """Transactions, newest first."""
    statement = select(LedgerTransaction.__table__).where(LedgerTransaction.store_id == store_id)
    if person_ids is not None:
        statement = statement.where(LedgerTransaction.person_id.in_(person_ids))
    if before is not None:
        statement = statement.where(LedgerTransaction.effective_at < before)
    ordered = statement.order_by(LedgerTransaction.effective_at.desc(), LedgerTransaction.recorded_at.desc())
    return list(session.execute(ordered.limit(limit)))


def movements_of_orders(session: Session, store_id: int, order_ids: Sequence[str]) -> list[Any]:
    """Every transaction of these orders, oldest first."""
    statement = (
        select(LedgerTransaction.__table__)
        .where(LedgerTransaction.store_id == store_id, LedgerTransaction.order_id.in_(order_ids))
        .order_by(LedgerTransaction.effective_at)
    )
    return list(session.execute(statement))


def sums_by_kind(session: Session, store_id: int, since: Instant, until: Instant) -> dict[str, int]:
    """Points moved in a period, by kind."""
    statement = (
        select(LedgerTransaction.kind, func.sum(LedgerTransaction.points))
        .where(
            LedgerTransaction.store_id == store_id,
            LedgerTransaction.effective_at >= since,
            LedgerTransaction.effective_at < until,
        )
        .group_by(LedgerTransaction.kind)
    )
    return {kind: int(points) for kind, points in session.execute(statement)}


def awards_by_day(session: Session, store_id: int, since: Instant, until: Instant, known: Offsets) -> list[Any]:
    """Points given in a period: local day (days since 1970) and points."""
    day = local_days.number_of(LedgerTransaction.__table__.c.effective_at, known).label("day")
    statement = (
        select(day, func.sum(LedgerTransaction.points))
        .where(
            LedgerTransaction.store_id == store_id,
            LedgerTransaction.effective_at >= since,
            LedgerTransaction.effective_at < until,
            LedgerTransaction.kind == "award",
        )
        .group_by(day)
        .order_by(day)
    )
    return list(session.execute(statement))


def balances(session: Session, store_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """What each of these people holds; who never held any is missing."""
    found: dict[int, int] = {}
    for part in _parts(person_ids):
        statement = select(Balance.person_id, Balance.points).where(
            Balance.store_id == store_id, Balance.person_id.in_(part)
        )
        found.update({person_id: int(points) for person_id, points in session.execute(statement)})
    return found


def awarded_by_rule(session: Session, store_id: int, since: Instant, until: Instant) -> dict[int, int]:
    """Points awarded in a period, by rule."""
    statement = (
        select(LedgerTransaction.rule_id, func.sum(LedgerTransaction.points))
        .where(
            LedgerTransaction.store_id == store_id,
            LedgerTransaction.rule_id.is_not(None),
            LedgerTransaction.effective_at >= since,
            LedgerTransaction.effective_at < until,
            LedgerTransaction.kind == "award",
        )
        .group_by(LedgerTransaction.rule_id)
    )
    return {rule_id: int(points) for rule_id, points in session.execute(statement)}


def awards_of_rule(session: Session, store_id: int, rule_id: int, since: Instant, until: Instant) -> list[Any]:
    """What a rule really moved: person, points, when."""
    statement = select(
        LedgerTransaction.person_id,
        LedgerTransaction.points,
        LedgerTransaction.effective_at,
        LedgerTransaction.order_id,
    ).where(
        LedgerTransaction.store_id == store_id,
        LedgerTransaction.rule_id == rule_id,
        LedgerTransaction.effective_at >= since,
        LedgerTransaction.effective_at < until,
        LedgerTransaction.kind.in_(("award", "take back")),
    )
    return list(session.execute(statement))


def held(session: Session, store_id: int) -> Any:
    """Points outstanding and how many people hold them."""
    statement = select(func.coalesce(func.sum(Balance.points), 0), func.count()).where(
        Balance.store_id == store_id, Balance.points > 0
    )
    return session.execute(statement).one()


def expiring(session: Session, store_id: int, now: Instant, until: Instant) -> int:
    """Points that run out between now and `until`."""
    statement = select(func.coalesce(func.sum(Lot.remaining), 0)).where(
        Lot.store_id == store_id, Lot.expires_at > now, Lot.expires_at <= until
    )
    return int(session.execute(statement).scalar_one())


def points_per_unit(session: Session, store_id: int) -> int:
    """How many points are worth one unit of the store's currency (200 unless the store says otherwise)."""
    found = session.execute(select(Program.points_per_unit).where(Program.store_id == store_id)).scalar()
    return int(found or 200)


def _move_balances(session: Session, entries: list[dict[str, Any]]) -> None:
    changes: dict[tuple[int, int], int] = {}
    for entry in entries:
        place = (entry["store_id"], entry["person_id"])
        changes[place] = changes.get(place, 0) + entry["points"]
    rows = [
        {"store_id": store, "person_id": person, "points": points}
        for (store, person), points in sorted(changes.items())
    ]
    session.execute(_moved(session.is_sqlite), rows)


@cache
def _moved(is_sqlite: bool) -> Any:
    statement = (sqlite if is_sqlite else postgresql).insert(Balance)
    return statement.on_conflict_do_update(
        index_elements=("store_id", "person_id"), set_={"points": Balance.points + statement.excluded.points}
    )


def _parts(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + _SLICE] for at in range(0, len(values), _SLICE))
