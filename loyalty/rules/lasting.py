"""From when points can be spent and until when: calendar arithmetic in the store's time zone."""

import calendar
from datetime import date

from core import clock
from core.clock import Instant
from loyalty.rules.schemas import RuleBody


def available_from(body: RuleBody, at: Instant) -> Instant:
    """When points for something that happened `at` can be spent."""
    return at + body.spendable_after_days * clock.DAY


def expires_at(body: RuleBody, at: Instant, zone: str) -> Instant | None:
    """The end of the local day so many calendar months later; None: they never run out."""
    if body.lasts_months is None:
        return None
    day = clock.local_day(at, zone)
    month = day.month - 1 + body.lasts_months
    year, month = day.year + month // 12, month % 12 + 1
    last = min(day.day, calendar.monthrange(year, month)[1])
    return clock.start_of_day(date(year, month, last), zone) + clock.DAY
