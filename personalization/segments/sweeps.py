"""What the clock does: memberships whose time has come, whole segments to be looked at again, thresholds that move.

Every sweep works in one short transaction and may be repeated; the caller runs it again while it returns more than 0.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, func, select, tuple_

from core.clock import Instant
from core.conditions import Money, usage
from core.db import Session
from core.log import NewEvent, head
from personalization.segments import everybody, judging, population, reading, repository
from personalization.segments.judging import Change
from personalization.segments.population import PERSON, SILENT, TOP_FIFTH
from personalization.segments.schemas import Reason, Segment, SegmentEntered, SegmentLeft

_LAST_PERSON = 2**63 - 1
_LOOKED_AT = (
    10  # people looked at in a slice, for each change it may write: looking costs a microsecond, writing twenty
)
REFRESH = "refresh_segments"  # the nudge that makes the sweeps run at once


def refresh_due(session: Session, now: Instant, limit: int = 200) -> int:
    """Look at memberships that the passing of time can change by now; how many were looked at."""
    waiting: dict[int, list[Any]] = defaultdict(list)
    for row in repository.due(session, now, limit):
        waiting[row.store_id].append(row)
    for store_id, rows in waiting.items():
        _refresh_due(session, store_id, rows, now)
    return sum(len(rows) for rows in waiting.values())


def refresh_all(session: Session, segment: Segment, now: Instant, reason: Reason = "definition") -> None:
    """Ask for a look at the whole base: `refresh_pending` does it, slice by slice, from the first person on."""
    row = {
        "store_id": segment.store_id,
        "segment_id": segment.segment_id,
        "after_person": 0,
        "asked_at": now,
        "position": head(session),
        "reason": reason,
    }
    repository.ask_refresh(session, [row])
    session.enqueue(REFRESH)


def refresh_pending(session: Session, now: Instant, limit: int = 200) -> int:
    """One slice of the oldest refresh, `limit` changes at most; 0 when nothing is asked for, else more."""
    for asked in repository.refreshes(session)[:1]:
        repository.take_turn(session, asked.store_id)
        for row in repository.refreshes(session, asked.store_id)[:1]:
            return max(_refresh_slice(session, row, now, limit), 1)
    return 0


def refresh_seen(session: Session, now: Instant, limit: int = 200) -> int:
    """Look at people who were seen since the last time, where a segment asks what every visit changes; how many there were.

    A visit that is reported late, after others of the store, is looked at with the person's next one.
    """
    looked_at = 0
    for store_id in repository.stores(session):
        segments = [one for one in reading.live_segments(session, store_id) if SILENT & usage(one.condition).fields]
        if segments:
            looked_at += _refresh_seen(session, store_id, segments, now, limit)
    return looked_at


def top_fifth(session: Session, store_id: int) -> Money | None:
    """What four in five buyers have spent at most, in the currency most of them buy in; None without buyers.

    The least amount that at least 80 % of the buyers do not exceed (nearest rank). Reads every buyer: call it in a snapshot.
    """
    spent = population.SPENT
    buyers = (
        select(spent.currency, func.count())
        .where(spent.store == store_id)
        .group_by(spent.currency)
        .order_by(func.count().desc(), spent.currency)
        .limit(1)
    )
    most = session.execute(buyers).one_or_none()
    return None if most is None else Money(_nearest_rank(session, store_id, str(most[0]), int(most[1])), str(most[0]))


def move_threshold(session: Session, store_id: int, value: Money, now: Instant) -> bool:
    """Let segments that name the threshold be looked at again if it moved; whether it did."""
    before = {row.name: Money(row.minor, row.currency) for row in repository.thresholds(session, store_id)}
    if before.get(TOP_FIFTH) == value:
        return False
    values = {"store_id": store_id, "name": TOP_FIFTH, "minor": value.minor, "currency": value.currency}
    repository.write_threshold(session, {**values, "computed_at": now})
    for segment in reading.live_segments(session, store_id):
        if TOP_FIFTH in usage(segment.condition).thresholds:
            refresh_all(session, segment, now, "threshold")
    return True


def _refresh_due(session: Session, store_id: int, rows: list[Any], now: Instant) -> None:
    repository.take_turn(session, store_id)
    due = {(row.segment_id, row.person_id): row.due_at for row in rows}
    segments = [
        one for one in reading.all_segments(session, store_id) if one.segment_id in {row.segment_id for row in rows}
    ]
    people = list(dict.fromkeys(row.person_id for row in rows))
    changes = judging.changes(session, store_id, segments, people, now)
    found = [change for change in changes if (change.segment.segment_id, change.person_id) in due]

    def fact(change: Change, name: str, body: SegmentEntered | SegmentLeft) -> NewEvent:
        at = due[(body.segment_id, body.person_id)]
        key = (name, body.segment_id, body.person_id, "due", at)
        return NewEvent.decided(store_id=store_id, name=name, body=body, key=key, at=at, received_at=now)

    judging.record(session, store_id, found, _because("time"), fact)


def _refresh_slice(session: Session, row: Row[Any], now: Instant, limit: int) -> int:
    segment = reading.segment(session, row.store_id, row.segment_id)
    last = _last_of_slice(session, row.store_id, row.after_person, limit * _LOOKED_AT)
    found = everybody.changes(
        session, segment, now, after_person=row.after_person, upto_person=last or _LAST_PERSON, limit=limit
    )
    judging.record(session, row.store_id, found, _because(row.reason), _by_sweep(now, "refresh", row.position))
    upto = found[-1].person_id if len(found) == limit else last
    repository.move_refresh(session, row.store_id, row.segment_id, upto)
    return len(found)


def _refresh_seen(session: Session, store_id: int, segments: list[Segment], now: Instant, limit: int) -> int:
    upto = repository.seen_upto(session, store_id)
    statement = (
        select(PERSON.c.last_seen_at, PERSON.c.person_id)
        .where(PERSON.c.store_id == store_id, tuple_(PERSON.c.last_seen_at, PERSON.c.person_id) > tuple_(*upto))
        .order_by(PERSON.c.last_seen_at, PERSON.c.person_id)
        .limit(limit)
    )
    seen = session.execute(statement).all()
    if seen:
        repository.take_turn(session, store_id)
        found = judging.changes(session, store_id, segments, [person_id for _, person_id in seen], now)
        judging.record(session, store_id, found, _because("event"), _by_sweep(now, "seen", head(session)))
        repository.write_seen_upto(session, store_id, *seen[-1])
    return len(seen)


def _by_sweep(now: Instant, label: str, position: int) -> judging.WriteFact:
    # The position is the log's head when the sweep was asked for: a person who crosses twice has written a fact in between.
    def fact(change: Change, name: str, body: SegmentEntered | SegmentLeft) -> NewEvent:
        key = (name, body.segment_id, body.person_id, label, position)
        return NewEvent.decided(store_id=change.segment.store_id, name=name, body=body, key=key, at=now)

    return fact


def _because(reason: Reason) -> Callable[[Change], Reason]:
    return lambda change: reason


def _last_of_slice(session: Session, store_id: int, after_person: int, size: int) -> int | None:
    """The last person of the next `size` people; None when there are not that many."""
    statement = (
        select(PERSON.c.person_id)
        .where(PERSON.c.store_id == store_id, PERSON.c.person_id > after_person)
        .order_by(PERSON.c.person_id)
        .offset(size - 1)
        .limit(1)
    )
    return session.execute(statement).scalar()


def _nearest_rank(session: Session, store_id: int, currency: str, buyers: int) -> int:
    rank = (4 * buyers + 4) // 5  # the least whole number that is not below 0.8 × buyers
    spent = population.SPENT
    statement = (
        select(spent.minor)
        .where(spent.store == store_id, spent.currency == currency)
        .order_by(spent.minor)
        .limit(1)
        .offset(rank - 1)
    )
    return int(session.execute(statement).scalar_one())
