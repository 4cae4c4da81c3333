"""The five numbers of the overview, each day by day and as a whole, with the period before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from console.frame import PageContext
from console.pages.overview.periods import Period, Span, shifted
from core import clock, money
from core.clock import Instant
from core.db import Session
from loyalty.ledger import service as ledger
from tracking.orders import service as orders
from tracking.orders.schemas import DayFigures
from tracking.parcels import service as parcels

Kind = Literal["money", "number", "rate"]
AGAIN_DAYS = 30
_SMOOTHED = 7  # days; a share of one day's orders says little


@dataclass(frozen=True)
class Course:
    """A number over a span: its whole, its value for each day (None: nothing to count), and what the share is of."""

    whole: float | None
    days: Sequence[float | None]
    of: int = 0


@dataclass(frozen=True)
class Measure:
    """One number in both spans."""

    key: str
    kind: Kind
    now: Course
    before: Course


@dataclass(frozen=True)
class Returning:
    """Orders, and those of people who had bought before."""

    orders: int
    returning: int

    @property
    def share(self) -> float | None:
        return self.returning / self.orders if self.orders else None


@dataclass(frozen=True)
class Figures:
    """Everything the head of the overview says. `other_currencies` are those of orders left out of the revenue."""

    measures: Mapping[str, Measure]
    now: Returning
    before: Returning
    other_currencies: Sequence[str]


def figures(session: Session, page: PageContext, period: Period) -> Figures:
    """Read them: two grouped queries for each number, none per day."""
    sold = {span.since: _sold(session, page, span) for span in (period.now, period.before)}
    now, before = sold[period.now.since], sold[period.before.since]
    measures = (
        Measure("revenue", "money", _revenue(page, period.now, now), _revenue(page, period.before, before)),
        _both("again", "rate", period, lambda span: _again(session, page, span)),
        Measure("orders", "number", _orders(period.now, now), _orders(period.before, before)),
        _both("on_time", "rate", period, lambda span: _on_time(session, page, span)),
        _both("points", "number", period, lambda span: _points(session, page, span)),
    )
    return Figures(
        measures={measure.key: measure for measure in measures},
        now=_returning(now),
        before=_returning(before),
        other_currencies=sorted({day.currency for day in now} - {page.store.currency}),
    )


def _both(key: str, kind: Kind, period: Period, course: Callable[[Span], Course]) -> Measure:
    return Measure(key, kind, course(period.now), course(period.before))


def _sold(session: Session, page: PageContext, span: Span) -> list[DayFigures]:
    return orders.order_figures(session, page.store.store_id, span.since, span.until, zone=page.store.time_zone)


def _returning(sold: Sequence[DayFigures]) -> Returning:
    return Returning(sum(day.orders for day in sold), sum(day.returning_orders for day in sold))


def _revenue(page: PageContext, span: Span, sold: Sequence[DayFigures]) -> Course:
    currency = page.store.currency
    by_day = {day.day: day.returning_revenue for day in sold if day.currency == currency}
    return _sums(span, {day: float(money.to_decimal(minor, currency)) for day, minor in by_day.items()})


def _orders(span: Span, sold: Sequence[DayFigures]) -> Course:
    by_day: dict[date, float] = {}
    for day in sold:
        by_day[day.day] = by_day.get(day.day, 0) + day.orders
    return _sums(span, by_day)


def _points(session: Session, page: PageContext, span: Span) -> Course:
    store = page.store
    given = ledger.given_by_day(session, store.store_id, span.since, span.until, zone=store.time_zone)
    return _sums(span, given)


def _again(session: Session, page: PageContext, span: Span) -> Course:
    """Of the orders placed 30 days earlier than the span: those whose buyer ordered again within 30 days."""
    store, within = page.store, AGAIN_DAYS * clock.DAY
    earlier = shifted(span, AGAIN_DAYS, store.time_zone)
    until = min(earlier.until, span.until - within)
    found = orders.bought_again(session, store.store_id, earlier.since, until, within=within, zone=store.time_zone)
    return _rates(earlier, {day.day: (day.again, day.orders) for day in found})


def _on_time(session: Session, page: PageContext, span: Span) -> Course:
    """Of the parcels promised for the whole days of the span: those delivered by the end of the promised day."""
    store, until = page.store, _start_of_last(span, page.store.time_zone)
    found = parcels.punctuality(session, store.store_id, span.since, until, zone=store.time_zone)
    return _rates(span, {day.day: (day.on_time, day.promised) for day in found})


def _start_of_last(span: Span, zone: str) -> Instant:
    return clock.start_of_day(span.days[-1], zone)


def _sums(span: Span, by_day: Mapping[date, float]) -> Course:
    return Course(sum(by_day.values()), [by_day.get(day, 0) for day in span.days])


def _rates(span: Span, by_day: Mapping[date, tuple[int, int]]) -> Course:
    """The share of the whole span, and for each day the share of the seven days up to it."""
    pairs = [by_day.get(day, (0, 0)) for day in span.days]
    smooth = [_rate(pairs[max(0, at - _SMOOTHED + 1) : at + 1]) for at in range(len(pairs))]
    return Course(_rate(pairs), smooth, sum(whole for _part, whole in pairs))


def _rate(pairs: Sequence[tuple[int, int]]) -> float | None:
    whole = sum(of for _part, of in pairs)
    return sum(part for part, _of in pairs) / whole if whole else None
