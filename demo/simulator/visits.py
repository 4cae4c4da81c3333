"""One visit, told as the calls that the snippet would make: landing, looking, comparing, cart, checkout, order."""

from dataclasses import dataclass

import numpy as np

from core.clock import SECOND
from demo.simulator.assortment import Assortment
from demo.simulator.choices import Chooser
from demo.simulator.occurrences import Browsed, Call, Line
from demo.simulator.population import Device, Shopper

REFERRERS = (
    "",
    "",
    "",
    "https://www.google.com/",
    "https://www.google.com/",
    "https://duckduckgo.com/",
    "https://www.pinterest.com/",
)
CART_OF_BUYER, CART_OF_PASSER_BY = 0.22, 0.12
SIGN_IN_EARLY = 0.25
ANOTHER_WISH = 0.22
CONVERSION_WHEN_RESUMED = 0.6
# The rest is lost to blockers and closed tabs: the shop's own order is the one that counts.
REPORTED_BY_BROWSER = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Somebody is going to visit; `wish` and `buys` are None where the visit itself decides."""

    shopper: Shopper
    wish: int | None = None
    buys: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What a visit was about and how it ended; `lines` is what stood in the cart, empty when nothing did."""

    calls: tuple[Browsed, ...]
    device: Device
    wish: int
    lines: tuple[Line, ...]
    ordered_at: int | None
    signed_in_at_checkout: bool


class Diary:
    """Writes the calls of one visit, moving its time on between them."""

    def __init__(self, shopper: Shopper, device: Device, visit_id: str, started_at: int, pauses: list[float]) -> None:
        self.calls: list[Browsed] = []
        self.at = started_at
        self._shopper = shopper
        self._device = device
        self._visit_id = visit_id
        self._pauses = pauses

    def note(
        self,
        call: Call,
        name: str,
        *,
        lines: tuple[Line, ...] = (),
        category: str | None = None,
        order_id: str | None = None,
        referrer: str = "",
    ) -> None:
        if self.calls:
            self.at += int(self._pauses[len(self.calls) % len(self._pauses)] * SECOND)
        self.calls.append(
            Browsed(
                at=self.at,
                message_id=f"{self._visit_id}-{len(self.calls)}",
                call=call,
                name=name,
                anonymous_id=self._device.anonymous_id,
                user_id=self._shopper.user_id if self._device.is_signed_in else None,
                referrer=referrer,
                category=category,
                lines=lines,
                order_id=order_id,
                accepts_personalization=self._shopper.accepts_personalization,
            )
        )

    def sign_in(self) -> None:
        self._device.is_signed_in = True
        self.note("identify", "identify")


class VisitTeller:
    """Tells visits; each one draws from the generator in the order in which visits begin."""

    def __init__(self, generator: np.random.Generator, assortment: Assortment, chooser: Chooser) -> None:
        self._generator = generator
        self._assortment = assortment
        self._chooser = chooser

    def tell(self, plan: Plan, *, visit_id: str, order_id: str, started_at: int) -> Basket:
        """One visit from landing to leaving. `order_id` is what the order will be called, should there be one."""
        shopper = plan.shopper
        device = shopper.devices[int(self._generator.integers(len(shopper.devices)) * (self._generator.random() < 0.6))]
        wish = plan.wish if plan.wish is not None else self._chooser.wish(shopper)
        diary = Diary(
            shopper, device, visit_id, started_at, self._generator.lognormal(3.4, 0.8, 8).clip(2, 600).tolist()
        )
        seen = self._look_around(plan, diary, device, wish)
        buys = shopper.profile is not None and self._buys(plan)
        lines = self._fill_cart(plan, diary, wish, seen, buys)
        signed_in = self._check_out(diary, shopper, device, lines, order_id) if buys else False
        return Basket(
            calls=tuple(diary.calls),
            device=device,
            wish=wish,
            lines=lines,
            ordered_at=diary.at if buys else None,
            signed_in_at_checkout=signed_in,
        )

    def _look_around(self, plan: Plan, diary: Diary, device: Device, wish: int) -> list[int]:
        shopper = plan.shopper
        knows_it = plan.wish is not None
        number = int(self._generator.poisson(0.3 if knows_it else 1.5))
        seen = self._chooser.compared(shopper, wish, number)
        referrer = REFERRERS[int(self._generator.integers(len(REFERRERS)))]
        diary.note("page", "Home", referrer=referrer)
        if shopper.has_account and not device.is_signed_in and self._generator.random() < SIGN_IN_EARLY:
            diary.sign_in()
        if not knows_it and self._generator.random() < 0.5:
            diary.note("track", "Product List Viewed", category=self._assortment.categories[wish])
        for product in (*seen, wish):
            diary.note("track", "Product Viewed", lines=(self._line(product, 1),))
        return seen

    def _buys(self, plan: Plan) -> bool:
        if plan.buys is not None:
            return plan.buys
        resumes = plan.wish is not None
        return bool(self._generator.random() < (CONVERSION_WHEN_RESUMED if resumes else plan.shopper.conversion))

    def _fill_cart(self, plan: Plan, diary: Diary, wish: int, seen: list[int], buys: bool) -> tuple[Line, ...]:
        if not buys:
            chance = CART_OF_PASSER_BY if plan.shopper.profile is None else CART_OF_BUYER
            if self._generator.random() >= chance:
                return ()
        lines = [self._line(wish, self._quantity(wish))]
        lines += [self._line(product, self._quantity(product)) for product in self._chooser.companions(wish)]
        in_cart = {line.product for line in lines}
        if self._generator.random() < ANOTHER_WISH and (another := self._chooser.wish(plan.shopper)) not in in_cart:
            lines.append(self._line(another, self._quantity(another)))
        for line in lines:
            diary.note("track", "Product Added", lines=(line,))
        self._change_mind(diary, lines, seen)
        if buys or self._generator.random() < 0.6:
            diary.note("track", "Cart Viewed", lines=tuple(lines))
        return tuple(lines)

    def _change_mind(self, diary: Diary, lines: list[Line], seen: list[int]) -> None:
        """Now and then something seen on the way goes in as well, and some of it comes out again."""
        in_cart = {line.product for line in lines}
        others = [product for product in seen if product not in in_cart]
        if not others or self._generator.random() >= 0.2:
            return
        extra = self._line(self._chooser.one_of(others), 1)
        diary.note("track", "Product Added", lines=(extra,))
        if self._generator.random() < 0.35:
            diary.note("track", "Product Removed", lines=(extra,))
        else:
            lines.append(extra)

    def _check_out(
        self, diary: Diary, shopper: Shopper, device: Device, lines: tuple[Line, ...], order_id: str
    ) -> bool:
        """Returns whether the shopper signed in on the way."""
        diary.note("track", "Checkout Started", lines=lines, order_id=order_id)
        signs_in = shopper.has_account and not device.is_signed_in
        if signs_in:
            diary.sign_in()
        if self._generator.random() < REPORTED_BY_BROWSER:
            diary.note("track", "Order Completed", lines=lines, order_id=order_id)
        return signs_in

    def _line(self, product: int, quantity: int) -> Line:
        return Line(product=product, quantity=quantity, price=int(self._assortment.prices[product]))

    def _quantity(self, product: int) -> int:
        if self._assortment.is_consumable(product):
            return 1 + int(self._generator.random() < 0.25) + int(self._generator.random() < 0.08)
        return 1 + int(self._generator.random() < 0.07)
