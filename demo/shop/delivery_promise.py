"""When an order arrives, and what sending it costs. Working days are Monday to Friday; holidays are not known here."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from demo.shop.clock import Instant, day, local
from demo.shop.money import Cents

CUTOFF = time(16, 0)
WORKING_DAYS_ON_THE_ROAD = 2
FREE_FROM: Cents = 6000
SHIPPING: Cents = 490


@dataclass(frozen=True)
class Promise:
    """The end of the day by which an order placed now arrives; `today` says whether it still leaves today."""

    promised_at: Instant
    today: bool

    @property
    def day(self) -> str:
        """The promised day, as "Tue 24 Nov"."""
        return day(self.promised_at)


def promise(now: Instant) -> Promise:
    """Return what can be promised for an order placed at `now`."""
    moment = local(now)
    today = moment.weekday() < 5 and moment.time() < CUTOFF
    leaves = moment if today else _working_days_later(moment, 1)
    arrives = _working_days_later(leaves, WORKING_DAYS_ON_THE_ROAD)
    evening = arrives.replace(hour=23, minute=59, second=59, microsecond=0)
    return Promise(promised_at=int(evening.timestamp() * 1000), today=today)


def shipping_for(goods: Cents) -> Cents:
    """Return what sending goods of this value costs."""
    return 0 if goods >= FREE_FROM or goods == 0 else SHIPPING


def _working_days_later(moment: datetime, count: int) -> datetime:
    while count:
        moment += timedelta(days=1)
        count -= moment.weekday() < 5
    return moment
