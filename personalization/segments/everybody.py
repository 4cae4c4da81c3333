"""Everybody and one segment: the SQL compiler compares a whole range of people with what was decided, in one statement."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, case, false, func, literal, select

from core.clock import Instant
from core.conditions import NEVER, Moment, Money, certain_until, predicate
from core.db import Session
from personalization.segments import population
from personalization.segments.judging import Change
from personalization.segments.population import PERSON
from personalization.segments.repository import STANDING
from personalization.segments.schemas import Segment


def changes(
    session: Session, segment: Segment, now: Instant, *, after_person: int, upto_person: int, limit: int
) -> list[Change]:
    """The first changes, `limit` at most, for people with ids in (after, upto], in the order of their ids."""
    inside, until = _truth(segment, now, population.thresholds(session, segment.store_id))
    standing = (
        select(STANDING)
        .where(
            STANDING.c.store_id == segment.store_id,
            STANDING.c.segment_id == segment.segment_id,
            STANDING.c.person_id > after_person,
            STANDING.c.person_id <= upto_person,
        )
        .subquery()
    )
    was_inside = case((standing.c.inside, 1), else_=0)
    statement = (
        select(PERSON.c.person_id, inside, until, was_inside)
        .select_from(population.base().outerjoin(standing, standing.c.person_id == PERSON.c.person_id))
        .where(
            PERSON.c.store_id == segment.store_id, PERSON.c.person_id > after_person, PERSON.c.person_id <= upto_person
        )
        .where((inside != was_inside) | (until != func.coalesce(standing.c.due_at, literal(NEVER, BigInteger()))))
        .order_by(PERSON.c.person_id)
        .limit(limit)
    )
    found = [
        Change(segment, person_id, bool(is_inside), _date(ends), crosses=is_inside != was)
        for person_id, is_inside, ends, was in session.execute(statement)
    ]
    gone = _vanished(session, segment, standing, limit)
    return sorted([*found, *gone], key=lambda change: change.person_id)[:limit]


def _truth(
    segment: Segment, now: Instant, thresholds: Mapping[str, Money]
) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """1 or 0, and until when that is certain. Nobody is in an archived segment."""
    never = literal(NEVER, BigInteger())
    if segment.archived_at is not None:
        return case((false(), 1), else_=0), never
    moment = Moment(now, segment.time_zone, thresholds)
    truth = case((predicate(segment.condition, segment.registry, moment), 1), else_=0)
    return truth, certain_until(segment.condition, segment.registry, moment)


def _vanished(session: Session, segment: Segment, standing: Any, limit: int) -> list[Change]:
    """Ids that mean nobody any more, but were left inside or waiting."""
    statement = (
        select(standing.c.person_id, standing.c.inside)
        .outerjoin(PERSON, (PERSON.c.store_id == segment.store_id) & (PERSON.c.person_id == standing.c.person_id))
        .where(PERSON.c.person_id.is_(None))
        .order_by(standing.c.person_id)
        .limit(limit)
    )
    return [Change(segment, person_id, False, None, crosses=inside) for person_id, inside in session.execute(statement)]


def _date(until: int) -> Instant | None:
    return None if until == NEVER else until
