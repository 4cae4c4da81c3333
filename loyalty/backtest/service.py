"""Running a rule over the orders of a period."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from core import clock
from core.conditions import Moment
from core.db import Database
from core.log import Event
from core.log.reading import after_position
from loyalty.backtest.schemas import Band, Example, Question, Result, Week
from loyalty.rules import evaluation
from loyalty.rules.returns import Returns, order_of
from personalization.segments import service as segments
from tracking.orders.schemas import OrderPlaced

_NAMES = ("order placed", "order refunded", "order cancelled")
_SLICE = 1_000
_BANDS = (1, 50, 100, 200, 500)
_EXAMPLES = 5

Progress = Callable[[int], None]


@dataclass
class _Given:
    """One order's award, as the ledger would hold it."""

    person_id: int
    points: int
    basis: dict[str, int]
    placed_at: int
    goods: int
    taken_back: int = 0


@dataclass
class _Run:
    """What has been seen so far."""

    question: Question
    rule: evaluation.Compiled
    given: dict[str, _Given] = field(default_factory=dict)
    buyers: set[int] = field(default_factory=set)
    orders: int = 0
    returns: Returns = field(default_factory=Returns)
    latest: list[tuple[Event, OrderPlaced, set[str]]] = field(default_factory=list)


def run(database: Database, question: Question, *, progress: Progress | None = None) -> Result:
    """Try the rule on every order placed in the period; `progress` hears how many events were read. Raises WrongRule."""
    begun = time.perf_counter()
    state = _Run(question, evaluation.check(question.body))
    read = 0
    for events in _slices(database, question.store_id):
        _award(database, state, [event for event in events if event.name == "order placed"])
        _take_back(state, [event for event in events if event.name != "order placed"])
        read += len(events)
        if progress:
            progress(read)
    return _result(state, time.perf_counter() - begun)


def _slices(database: Database, store_id: int) -> Iterator[list[Event]]:
    position = 0
    while True:
        with database.read() as session:
            events = after_position(session, position, _NAMES, upto=None, limit=_SLICE)
        if not events:
            return
        position = events[-1].position
        yield [event for event in events if event.store_id == store_id]


def _award(database: Database, state: _Run, events: list[Event]) -> None:
    question = state.question
    inside = [event for event in events if question.since <= event.occurred_at < question.until]
    orders = [(event, event.read(OrderPlaced)) for event in inside]
    for (event, order), names in zip(orders, _memberships(database, state, orders), strict=True):
        state.orders += 1
        state.latest.append((event, order, names))
        if order.person_id == 0:
            continue
        state.buyers.add(order.person_id)
        points, basis = state.rule.points(order, names, Moment(order.placed_at, question.time_zone))
        if points > 0:
            state.given[order.order_id] = _Given(order.person_id, points, basis, order.placed_at, order.goods)
    del state.latest[: -_EXAMPLES * 40]


def _memberships(database: Database, state: _Run, orders: list[tuple[Event, OrderPlaced]]) -> list[set[str]]:
    if not state.rule.segments:
        return [set() for _ in orders]
    asked = [(order.person_id, event.position) for event, order in orders]
    with database.read() as session:
        return segments.names_as_of(session, state.question.store_id, state.rule.segments, asked)


def _take_back(state: _Run, events: list[Event]) -> None:
    for event in events:
        state.returns.add(event)
        order_id = order_of(event)
        given = state.given.get(order_id)
        if given is not None:
            kept = state.returns.kept(order_id, state.rule.body, given.basis)
            given.taken_back = max(given.taken_back, given.points - kept)


def _result(state: _Run, seconds: float) -> Result:
    given = state.given.values()
    per_person: Counter[int] = Counter()
    times: Counter[int] = Counter()
    for one in given:
        per_person[one.person_id] += one.points - one.taken_back
        times[one.person_id] += 1
    return Result(
        orders=state.orders,
        buyers=len(state.buyers),
        people=len(times),
        more_than_once=sum(count > 1 for count in times.values()),
        rewarded_orders=len(state.given),
        points=sum(one.points - one.taken_back for one in given),
        taken_back=sum(one.taken_back for one in given),
        rewarded_revenue=sum(one.goods for one in given),
        weeks=_weeks(state),
        bands=_bands(per_person),
        examples=_examples(state),
        seconds=seconds,
    )


def _weeks(state: _Run) -> tuple[Week, ...]:
    zone = state.question.time_zone
    sums: Counter[date] = Counter()
    for one in state.given.values():
        sums[monday_of(one.placed_at, zone)] += one.points - one.taken_back
    first, last = monday_of(state.question.since, zone), monday_of(state.question.until - 1, zone)
    count = (last - first).days // 7 + 1
    mondays = (first + timedelta(weeks=at) for at in range(count))
    return tuple(Week(monday=monday, points=sums[monday]) for monday in mondays)


def monday_of(instant: int, zone: str) -> date:
    """The first day of the instant's local week."""
    day = clock.local_day(instant, zone)
    return day - timedelta(days=day.weekday())


def _bands(per_person: Counter[int]) -> tuple[Band, ...]:
    found = []
    for at, least in enumerate(_BANDS):
        most = _BANDS[at + 1] - 1 if at + 1 < len(_BANDS) else None
        people = sum(least <= points and (most is None or points <= most) for points in per_person.values())
        found.append(Band(least=least, most=most, people=people))
    return tuple(found)


def _examples(state: _Run) -> tuple[Example, ...]:
    """The newest orders, so chosen that given and not given both appear where both exist."""
    question = state.question
    found = [
        Example(
            order_id=order.order_id,
            person_id=order.person_id,
            placed_at=order.placed_at,
            goods=order.goods,
            outcome=evaluation.outcome(
                state.rule, order, names, Moment(order.placed_at, question.time_zone), question.locale
            ),
        )
        for _, order, names in sorted(state.latest, key=lambda row: -row[1].placed_at)
    ]
    given = [one for one in found if one.outcome.points][: _EXAMPLES - 2]
    nothing = [one for one in found if not one.outcome.points][: _EXAMPLES - len(given)]
    rest = [one for one in found if one.outcome.points][len(given) : _EXAMPLES - len(nothing)]
    return tuple(sorted([*given, *nothing, *rest], key=lambda one: -one.placed_at)[:_EXAMPLES])
