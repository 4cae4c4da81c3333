"""Moving points, and reading who holds what. Every movement is a balanced set of entries in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

import msgspec

from core import clock, ids, local_days
from core.clock import Instant
from core.db import Session
from loyalty.ledger import repository
from loyalty.ledger.errors import Conflict
from loyalty.ledger.schemas import Award, EarnedLot, Holding, Movement, TakeBack, Totals


def award(session: Session, awards: Sequence[Award]) -> list[Award]:
    """Give points; those whose key exists are left out. Returns what was given now; raises Conflict for another body."""
    fresh = _fresh(session, awards)
    claimed = repository.claim(session, [_award_row(one) for one in fresh])
    given = [one for one in fresh if one.key in claimed]
    if len(given) < len(fresh):
        _fresh(session, [one for one in fresh if one.key not in claimed])  # another writer was faster: the same body?
    entries = [
        side for one in given for side in _sides(one.store_id, one.key, one.person_id, one.key, one.points, "program")
    ]
    repository.write(session, entries, [_lot_row(one) for one in given])
    return given


def take_back(session: Session, store_id: int, takes: Sequence[TakeBack], lots: Iterable[EarnedLot]) -> list[TakeBack]:
    """Take points out of the lots that earned them, never more than are left. Returns what was taken now."""
    by_lot = {lot.lot: lot for lot in lots}
    wanted = [take for take in takes if take.points > 0]
    claimed = repository.claim(session, [_take_row(take, by_lot[take.lot]) for take in wanted])
    taken = [take for take in wanted if take.key in claimed]
    reductions: dict[bytes, int] = {}
    entries: list[dict[str, Any]] = []
    for take in taken:
        entries.extend(_sides(store_id, take.key, by_lot[take.lot].person_id, take.lot, -take.points, "program"))
        reductions[take.lot] = reductions.get(take.lot, 0) + take.points
    repository.write(session, entries, [])
    repository.reduce_lots(session, store_id, reductions)
    return taken


def is_any_expired(session: Session, now: Instant) -> bool:
    """Whether some points are past their time."""
    return bool(repository.expired_lots(session, now, 1))


def expire(session: Session, now: Instant, *, limit: int = 200) -> int:
    """Let the points of lots run out whose time is over; how many lots it was. Exactly once per lot."""
    rows = {_expiry_key(row): row for row in repository.expired_lots(session, now, limit, locks=True)}
    claimed = repository.claim(session, [_expiry_row(row, key, now) for key, row in rows.items()])
    ended = {key: row for key, row in rows.items() if key in claimed}
    entries = [
        side
        for key, row in ended.items()
        for side in _sides(row.store_id, key, row.person_id, bytes(row.lot), -row.remaining, "expired")
    ]
    repository.write(session, entries, [])
    for row in ended.values():
        repository.reduce_lots(session, row.store_id, {bytes(row.lot): row.remaining})
    return len(ended)


def earned_lots(session: Session, store_id: int, order_ids: Sequence[str]) -> list[EarnedLot]:
    """The lots that these orders earned, for `take_back` in this transaction: nobody else moves them until it ends."""
    repository.lock_lots_of_orders(session, store_id, order_ids)
    return [
        EarnedLot(
            lot=bytes(row.lot),
            person_id=row.person_id,
            order_id=row.order_id,
            rule_id=row.rule_id,
            rule_version=row.rule_version,
            awarded=row.awarded,
            remaining=row.remaining,
            explanation=row.explanation,
        )
        for row in repository.lots_of_orders(session, store_id, list(order_ids))
    ]


def taken_back(session: Session, store_id: int, order_ids: Sequence[str]) -> dict[tuple[str, int | None], int]:
    """How many points were taken back so far, by order and rule."""
    found: dict[tuple[str, int | None], int] = {}
    for row in repository.take_backs_of_orders(session, store_id, list(order_ids)):
        place = (row.order_id, row.rule_id)
        found[place] = found.get(place, 0) - row.points
    return found


def holding(session: Session, store_id: int, person_ids: Sequence[int], now: Instant) -> Holding:
    """What the person behind these ids holds."""
    available, pending, earned = repository.holding(session, store_id, person_ids, now)
    expiry = repository.next_expiry(session, store_id, person_ids, now)
    return Holding(
        available=int(available),
        pending=int(pending),
        earned=int(earned),
        next_expiry_at=expiry[0] if expiry else None,
        next_expiry_points=int(expiry[1]) if expiry else 0,
    )


def movements(
    session: Session,
    store_id: int,
    *,
    person_ids: Sequence[int] | None = None,
    before: Instant | None = None,
    limit: int = 50,
) -> list[Movement]:
    """Movements, newest first; of everybody when no person is named."""
    return [_movement(row) for row in repository.movements(session, store_id, person_ids, before, limit)]


def movements_of_order(session: Session, store_id: int, order_id: str) -> list[Movement]:
    """What one order moved, oldest first."""
    return [_movement(row) for row in repository.movements_of_orders(session, store_id, [order_id])]


def moved_by_rule(session: Session, store_id: int, rule_id: int, since: Instant, until: Instant) -> list[Movement]:
    """What a rule gave and what was taken back of it in a period (without explanations)."""
    return [
        Movement(
            kind="award" if row.points >= 0 else "take back",
            points=row.points,
            order_id=row.order_id,
            rule_id=rule_id,
            rule_version=None,
            effective_at=row.effective_at,
            recorded_at=row.effective_at,
            cause=None,
            person_id=row.person_id,
            explanation={},
        )
        for row in repository.awards_of_rule(session, store_id, rule_id, since, until)
    ]


def awarded_by_rule(session: Session, store_id: int, since: Instant, until: Instant) -> dict[int, int]:
    """How many points each rule gave in a period; one that gave none is missing."""
    return repository.awarded_by_rule(session, store_id, since, until)


def totals(session: Session, store_id: int, since: Instant, until: Instant) -> Totals:
    """A store's points: outstanding now, and what moved in [since, until)."""
    points, people = repository.held(session, store_id)
    moved = repository.sums_by_kind(session, store_id, since, until)
    return Totals(
        held=int(points),
        holders=int(people),
        given=moved.get("award", 0),
        taken_back=-moved.get("take back", 0),
        expired=-moved.get("expiry", 0),
        expiring=repository.expiring(session, store_id, until, until + 31 * clock.DAY),
    )


def given_by_day(
    session: Session, store_id: int, since: Instant, until: Instant, *, zone: str = "UTC"
) -> dict[date, int]:
    """Points given from `since` to before `until` per local day; a day without any is missing."""
    rows = repository.awards_by_day(session, store_id, since, until, local_days.offsets(since, until, zone))
    return {local_days.day_of(day): int(points) for day, points in rows}


def balances(session: Session, store_id: int, person_ids: Sequence[int]) -> dict[int, int]:
    """The points that each of these people holds, those that wait included; who never held any is missing."""
    return repository.balances(session, store_id, person_ids)


def worth(session: Session, store_id: int, points: int) -> int:
    """What points are worth, in hundredths of the store's currency unit."""
    return points * 100 // repository.points_per_unit(session, store_id)


def points_per_unit(session: Session, store_id: int) -> int:
    """How many points are worth one unit of the store's currency."""
    return repository.points_per_unit(session, store_id)


def _fresh(session: Session, awards: Sequence[Award]) -> list[Award]:
    fresh: dict[tuple[int, bytes], Award] = {}
    for store_id in {one.store_id for one in awards}:
        mine = [one for one in awards if one.store_id == store_id and one.points > 0]
        known = repository.known_keys(session, store_id, [one.key for one in mine])
        for one in mine:
            if one.key not in known:
                fresh.setdefault((store_id, one.key), one)
            elif known[one.key] != _body_hash(one):
                raise Conflict(one.key)
    return list(fresh.values())


def _body_hash(one: Award) -> bytes:
    # The person is left out: after a merge the same order is the same award.
    body = msgspec.json.encode([one.points, one.order_id, one.rule_id, one.rule_version, one.effective_at])
    return blake2b(body, digest_size=16).digest()


def _sides(store_id: int, key: bytes, person_id: int, lot: bytes, points: int, other: str) -> list[dict[str, Any]]:
    shared = {"store_id": store_id, "key": key}
    return [
        shared | {"side": 0, "account": "person", "person_id": person_id, "lot": lot, "points": points},
        shared | {"side": 1, "account": other, "person_id": None, "lot": None, "points": -points},
    ]


def _award_row(one: Award) -> dict[str, Any]:
    return {
        "store_id": one.store_id,
        "key": one.key,
        "kind": "award",
        "person_id": one.person_id,
        "points": one.points,
        "order_id": one.order_id,
        "rule_id": one.rule_id,
        "rule_version": one.rule_version,
        "cause": one.cause,
        "effective_at": one.effective_at,
        "recorded_at": one.recorded_at,
        "body_hash": _body_hash(one),
        "explanation": one.explanation,
    }


def _lot_row(one: Award) -> dict[str, Any]:
    return {
        "store_id": one.store_id,
        "lot": one.key,
        "person_id": one.person_id,
        "order_id": one.order_id,
        "rule_id": one.rule_id,
        "awarded": one.points,
        "remaining": one.points,
        "available_from": one.available_from,
        "expires_at": one.expires_at,
    }


def _take_row(take: TakeBack, earned: EarnedLot) -> dict[str, Any]:
    return {
        "store_id": take.store_id,
        "key": take.key,
        "kind": "take back",
        "person_id": earned.person_id,
        "points": -take.points,
        "order_id": earned.order_id,
        "rule_id": earned.rule_id,
        "rule_version": earned.rule_version,
        "cause": take.cause,
        "effective_at": take.effective_at,
        "recorded_at": take.recorded_at,
        "body_hash": blake2b(take.lot + str(take.points).encode(), digest_size=16).digest(),
        "explanation": take.explanation,
    }


def _expiry_key(row: Any) -> bytes:
    return ids.key("expiry", row.store_id, bytes(row.lot).hex())


def _expiry_row(row: Any, key: bytes, now: Instant) -> dict[str, Any]:
    return {
        "store_id": row.store_id,
        "key": key,
        "kind": "expiry",
        "person_id": row.person_id,
        "points": -row.remaining,
        "order_id": row.order_id,
        "rule_id": row.rule_id,
        "rule_version": None,
        "cause": None,
        "effective_at": row.expires_at,
        "recorded_at": now,
        "body_hash": blake2b(key, digest_size=16).digest(),
        "explanation": {"sentence": f"{row.remaining} points ran out, because their time was over."},
    }


def _movement(row: Any) -> Movement:
    return Movement(
        kind=row.kind,
        points=row.points,
        order_id=row.order_id,
        rule_id=row.rule_id,
        rule_version=row.rule_version,
        effective_at=row.effective_at,
        recorded_at=row.recorded_at,
        cause=row.cause,
        person_id=row.person_id,
        explanation=row.explanation,
    )
