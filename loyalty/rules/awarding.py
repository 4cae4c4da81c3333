"""The reaction that turns orders into points, and refunds into points taken back."""

from collections.abc import Sequence
from typing import Any

import msgspec

from core import ids
from core.conditions import Moment
from core.db import Session
from core.log import FACT, Event, NewEvent, Reaction
from loyalty.ledger import service as ledger
from loyalty.ledger.schemas import Award, EarnedLot, PointsAwarded, PointsTakenBack, TakeBack
from loyalty.rules import evaluation, lasting, returns, service
from loyalty.rules.schemas import Outcome, RuleVersion
from personalization.segments import service as segments
from tracking.orders.schemas import OrderPlaced
from tracking.stores import service as stores

_NOBODY = 0


def apply(session: Session, events: Sequence[Event]) -> None:
    """Give points for placed orders and take them back for refunded and cancelled ones, store by store, in order."""
    ours = [event for event in events if event.source == FACT]
    for store_id in sorted({event.store_id for event in ours}):
        mine = [event for event in ours if event.store_id == store_id]
        _award(session, store_id, [event for event in mine if event.name == "order placed"])
        _take_back(session, store_id, [event for event in mine if event.name != "order placed"])


def _award(session: Session, store_id: int, events: Sequence[Event]) -> None:
    if not events:
        return
    versions = service.in_force(session, store_id, events[0].position - 1, events[-1].position)
    if not versions:
        return
    zone = stores.time_zone(session, store_id)
    orders = [(event, event.read(OrderPlaced)) for event in events]
    members = _memberships(session, store_id, versions, orders)
    awards: list[Award] = []
    causes: dict[bytes, Event] = {}
    for (event, order), names in zip(orders, members, strict=True):
        for version in versions:
            one = _award_of(version, event, order, names, zone)
            if one is not None:
                awards.append(one)
                causes[one.key] = event
    for one in ledger.award(session, awards):
        session.append(_awarded(causes[one.key], one))


def _award_of(version: RuleVersion, event: Event, order: OrderPlaced, names: set[str], zone: str) -> Award | None:
    if order.person_id == _NOBODY or not _is_in_force(version, event.position):
        return None
    rule = evaluation.compile_rule(version.body)
    outcome = evaluation.outcome(rule, order, names, Moment(order.placed_at, zone))
    if outcome.points <= 0:
        return None
    return Award(
        store_id=event.store_id,
        key=ids.key("award", event.store_id, version.rule_id, order.order_id),
        person_id=order.person_id,
        points=outcome.points,
        order_id=order.order_id,
        rule_id=version.rule_id,
        rule_version=version.version,
        cause=event.position,
        effective_at=order.placed_at,
        recorded_at=event.received_at,
        available_from=lasting.available_from(version.body, order.placed_at),
        expires_at=lasting.expires_at(version.body, order.placed_at, zone),
        explanation=_explanation(version, outcome, order),
    )


def _take_back(session: Session, store_id: int, events: Sequence[Event]) -> None:
    if not events:
        return
    order_ids = sorted({returns.order_of(event) for event in events})
    given_back = returns.load(session, store_id, order_ids)
    lots = ledger.earned_lots(session, store_id, order_ids)
    due = _Due(lots, ledger.taken_back(session, store_id, order_ids))
    for event in events:
        given_back.add(event)
        due.add(event, given_back)
    returns.save(session, given_back)
    for take in ledger.take_back(session, store_id, due.takes, lots):
        event, lot = due.causes[take.key]
        session.append(_taken(event, take, lot))


class _Due:
    """Works out, event after event, how many points of which lot have to come back."""

    def __init__(self, lots: Sequence[EarnedLot], already: dict[tuple[str, int | None], int]) -> None:
        self.takes: list[TakeBack] = []
        self.causes: dict[bytes, tuple[Event, EarnedLot]] = {}
        self._already = already
        self._left = {lot.lot: lot.remaining for lot in lots}
        self._by_order: dict[str, list[EarnedLot]] = {}
        for lot in lots:
            self._by_order.setdefault(lot.order_id, []).append(lot)

    def add(self, event: Event, given_back: returns.Returns) -> None:
        for lot in self._by_order.get(returns.order_of(event), ()):
            place = (lot.order_id, lot.rule_id)
            owed = lot.awarded - given_back.kept_points(lot) - self._already.get(place, 0)
            # Within the balance: what was spent or has run out in the meantime is not taken from other lots.
            points = min(max(0, owed), self._left[lot.lot])
            if points == 0:
                continue
            take = _take(event, lot, points)
            self.takes.append(take)
            self.causes[take.key] = (event, lot)
            self._left[lot.lot] -= points
            self._already[place] = self._already.get(place, 0) + points


def _memberships(
    session: Session, store_id: int, versions: Sequence[RuleVersion], orders: Sequence[tuple[Event, OrderPlaced]]
) -> list[set[str]]:
    """For each order, which of the segments that the rules name its buyer was in at the order's position."""
    names = frozenset[str]().union(*(evaluation.compile_rule(version.body).segments for version in versions))
    if not names:
        return [set() for _ in orders]
    asked = [(order.person_id, event.position) for event, order in orders]
    return segments.names_as_of(session, store_id, names, asked)


def _is_in_force(version: RuleVersion, position: int) -> bool:
    return (
        version.on_from is not None
        and version.on_from < position
        and (version.on_until is None or position <= version.on_until)
    )


def _explanation(version: RuleVersion, outcome: Outcome, order: OrderPlaced) -> dict[str, Any]:
    return {
        "sentence": f"{outcome.points} points, because of the rule “{version.name}”.",
        "rule": msgspec.to_builtins(version.body),
        "basis": outcome.basis,
        "leaves": msgspec.to_builtins(outcome.leaves),
        "arithmetic": outcome.arithmetic,
        "currency": order.currency,
        "version": version.version,
    }


def _take(event: Event, lot: EarnedLot, points: int) -> TakeBack:
    word = "cancelled" if event.name == "order cancelled" else "refunded"
    return TakeBack(
        store_id=event.store_id,
        key=ids.key("take back", event.store_id, lot.lot.hex(), event.position),
        lot=lot.lot,
        points=points,
        cause=event.position,
        effective_at=event.occurred_at,
        recorded_at=event.received_at,
        explanation={
            "sentence": f"{points} of the {lot.awarded} points of order {lot.order_id} were taken back: it was {word}.",
            "version": lot.rule_version,
        },
    )


def _awarded(event: Event, one: Award) -> NewEvent:
    body = PointsAwarded(
        person_id=one.person_id,
        points=one.points,
        order_id=one.order_id,
        rule_id=one.rule_id,
        rule_version=one.rule_version,
        available_from=one.available_from,
        expires_at=one.expires_at,
    )
    return NewEvent.fact(cause=event, name="points awarded", body=body, key=("points awarded", one.key.hex()))


def _taken(event: Event, take: TakeBack, lot: EarnedLot) -> NewEvent:
    body = PointsTakenBack(person_id=lot.person_id, points=take.points, order_id=lot.order_id, rule_id=lot.rule_id)
    return NewEvent.fact(cause=event, name="points taken back", body=body, key=("points taken back", take.key.hex()))


REACTIONS = (
    Reaction(
        name="loyalty.points",
        reads=("order placed", "order refunded", "order cancelled"),
        handle=apply,
        after=("segments.membership",),
        kind="book",
    ),
)
