"""The year, day by day: who comes, what they do, and everything that follows from it, ordered by time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from heapq import heappop, heappush

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from core import clock
from core.clock import DAY, MINUTE
from demo.simulator import seasons
from demo.simulator.assortment import Sellable, assortment_of
from demo.simulator.choices import Chooser
from demo.simulator.occurrences import AccountOpened, Occurrence, OrderPlaced
from demo.simulator.population import Profile, Shopper, draw_population
from demo.simulator.purchases import perhaps_refund, place_order
from demo.simulator.settings import SimulatorSettings
from demo.simulator.shipping import promise, ship
from demo.simulator.tastes import draw_tastes
from demo.simulator.visits import Basket, Plan, VisitTeller

# A cart that was left is taken up again within two weeks, by every second one who comes back.
RESUMED_WITHIN_DAYS = 14
CHANCE_OF_RESUMING = 0.5
# Standard deviation of ln(gap / usual gap) between two purchases of the same consumable.
GAP_SPREAD = 0.18
FIRST_ORDER_NUMBER = 100_001


class Simulation:
    """Holds the state of the simulated shop; `occurrences` moves it forward.

    Everything random comes from one generator seeded by `settings.seed`, drawn in the order of time.
    """

    def __init__(self, settings: SimulatorSettings, products: Sequence[Sellable]) -> None:
        self.settings = settings
        self.assortment = assortment_of(products)
        self.day = 0
        self._first_date = clock.local_day(settings.end, settings.time_zone) - timedelta(days=settings.days)
        self._generator = np.random.Generator(np.random.PCG64(settings.seed))
        busyness = np.array([seasons.busyness(self.date_of(day)) for day in range(settings.days + 1)])
        self._busyness = busyness / busyness.mean()
        self.tastes = draw_tastes(self._generator, self.assortment, settings.buyers + settings.passers_by)
        self.population = draw_population(self._generator, settings, self._busyness[: settings.days])
        self.chooser = Chooser(self._generator, self.assortment, self.tastes)
        self.teller = VisitTeller(self._generator, self.assortment, self.chooser)
        self.units_sold = np.zeros(len(self.assortment), dtype=np.int64)
        self._run = blake2b(f"{settings.seed}/{settings.end}".encode(), digest_size=4).hexdigest()
        self._agenda: defaultdict[int, list[Plan]] = defaultdict(list)
        self._pending: list[tuple[int, int, Occurrence]] = []
        self._visits = 0
        self._orders = 0
        self._told = 0
        self._plan_first_visits()
        self._open_old_accounts()

    def date_of(self, day: int) -> date:
        return self._first_date + timedelta(days=day)

    def starts_at(self, day: int) -> int:
        """The first instant of simulated day `day`."""
        return clock.start_of_day(self.date_of(day), self.settings.time_zone)

    def occurrences(self, *, until_day: int | None = None) -> Iterator[Occurrence]:
        """Everything up to the beginning of `until_day` (or up to the end), ordered by `at`; call again to go on from there."""
        last_day = self.settings.days if until_day is None else until_day - 1
        while self.day <= last_day:
            self._live_through(self.day)
            self.day += 1
            yield from self._told_before(min(self.starts_at(self.day), self.settings.end))

    def _told_before(self, instant: int) -> Iterator[Occurrence]:
        while self._pending and self._pending[0][0] < instant:
            yield heappop(self._pending)[2]

    def _tell(self, occurrence: Occurrence) -> None:
        """What would happen after the end is not told."""
        if occurrence.at < self.settings.end:
            self._told += 1
            heappush(self._pending, (occurrence.at, self._told, occurrence))

    def _live_through(self, day: int) -> None:
        self.chooser.begin_day(self.date_of(day))
        plans = [*self._agenda.pop(day, ()), *self._spontaneous(day)]
        order = self._generator.permutation(len(plans))
        starts = self.starts_at(day) + seasons.moments(self._generator, len(plans))
        for index, started_at in zip(order.tolist(), starts.tolist(), strict=True):
            if started_at < self.settings.end:
                self._visit(plans[index], day, started_at)

    def _spontaneous(self, day: int) -> list[Plan]:
        population = self.population
        is_around = (population.arrivals < day) & (day < population.departures)
        visits = self._generator.poisson(population.visit_rates * is_around * self._busyness[day])
        return [self._plan(int(number), day) for number in np.repeat(np.arange(population.buyers), visits)]

    def _plan(self, number: int, day: int) -> Plan:
        shopper = self.population.shoppers[number]
        left = shopper.abandoned
        if left is None or day - left[1] > RESUMED_WITHIN_DAYS or self._generator.random() >= CHANCE_OF_RESUMING:
            return Plan(shopper=shopper)
        return Plan(shopper=shopper, wish=left[0])

    def _visit(self, plan: Plan, day: int, started_at: int) -> None:
        self._visits += 1
        order_id = f"KL{FIRST_ORDER_NUMBER + self._orders}"
        visit_id = f"kl-{self._run}-{self._visits:x}"
        basket = self.teller.tell(plan, visit_id=visit_id, order_id=order_id, started_at=started_at)
        order = None
        if basket.ordered_at is not None and plan.shopper.profile is not None:
            self._orders += 1
            order = self._order(plan.shopper, plan.shopper.profile, basket, order_id, basket.ordered_at, day)
        for call in basket.calls:
            is_report = call.name == "Order Completed"
            self._tell(structs.replace(call, amounts=order.amounts) if order and is_report else call)
        self._remember(plan, basket, day)

    def _remember(self, plan: Plan, basket: Basket, day: int) -> None:
        shopper = plan.shopper
        if basket.ordered_at is not None or plan.wish is not None:
            shopper.abandoned = None
        if basket.ordered_at is None and basket.lines:
            shopper.abandoned = (basket.wish, day)

    def _order(
        self, shopper: Shopper, profile: Profile, basket: Basket, order_id: str, at: int, day: int
    ) -> OrderPlaced:
        if shopper.orders == 0 and shopper.account_age == 0:
            self._open_account(shopper, profile, at - MINUTE)
        shopper.orders += 1
        order = place_order(
            self._generator,
            shopper=shopper,
            profile=profile,
            order_id=order_id,
            at=at,
            anonymous_id=basket.device.anonymous_id,
            lines=basket.lines,
            promised_at=promise(at, profile.country, self.settings.time_zone),
        )
        self._tell(order)
        self._take_home(shopper, order, day)
        self._deliver(order)
        return order

    def _deliver(self, order: OrderPlaced) -> None:
        scans, delivered_at = ship(self._generator, order, self.settings.time_zone)
        for scan in scans:
            self._tell(scan)
        lines = tuple(line for line in order.lines if line.product not in self.assortment.perishable)
        refund = perhaps_refund(self._generator, order, returnable=lines, delivered_at=delivered_at)
        if refund is not None:
            self._tell(refund)

    def _take_home(self, shopper: Shopper, order: OrderPlaced, day: int) -> None:
        for line in order.lines:
            self.units_sold[line.product] += line.quantity
            if self.assortment.is_consumable(line.product):
                self._plan_restock(shopper, line.product, line.quantity, day)
            else:
                shopper.owned.add(line.product)

    def _plan_restock(self, shopper: Shopper, product: int, quantity: int, day: int) -> None:
        """Beans run out at about the usual gap; who has the habit comes back for the same ones."""
        usual = float(self.assortment.lasts_days[product]) * quantity
        gap = max(1, round(usual * float(self._generator.lognormal(0.0, GAP_SPREAD))))
        shopper.at_home[product] = (day, usual)
        if self._generator.random() < shopper.habit and day + gap < shopper.leaves_on:
            self._agenda[day + gap].append(Plan(shopper=shopper, wish=product, buys=True))

    def _plan_first_visits(self) -> None:
        """Every buyer buys on the day they arrive; every passer-by looks around once or a few times within two weeks."""
        buyers, passers_by = self.settings.buyers, self.settings.passers_by
        for shopper in self.population.shoppers[:buyers]:
            self._agenda[shopper.arrives_on].append(Plan(shopper=shopper, buys=True))
        days = self._passing_days(passers_by)
        times = self._generator.geometric(0.72, passers_by)
        for shopper, first_day, visits in zip(
            self.population.shoppers[buyers:], days.tolist(), times.tolist(), strict=True
        ):
            for gap in self._generator.integers(0, 14, visits).tolist():
                self._agenda[first_day + gap].append(Plan(shopper=shopper))

    def _passing_days(self, number: int) -> NDArray[np.int64]:
        shares = (self._busyness / self._busyness.sum()).cumsum()
        days = np.searchsorted(shares, self._generator.random(number), side="right")
        return days.clip(0, self.settings.days).astype(np.int64)

    def _open_old_accounts(self) -> None:
        for shopper in self.population.shoppers[: self.settings.buyers]:
            if shopper.profile is not None and shopper.account_age > 0:
                self._open_account(shopper, shopper.profile, self.starts_at(0) - shopper.account_age * DAY + DAY // 2)
                shopper.devices[0].is_signed_in = shopper.has_account and shopper.account_age % 2 == 0

    def _open_account(self, shopper: Shopper, profile: Profile, at: int) -> None:
        if shopper.user_id is None:
            return
        self._tell(
            AccountOpened(
                at=at,
                user_id=shopper.user_id,
                email=profile.email,
                first_name=profile.first_name,
                last_name=profile.last_name,
                country=profile.country,
                city=profile.city,
                accepts_marketing=profile.accepts_marketing,
            )
        )
