"""A small shop with a year of trade, told to the log as a shop tells it and read by every reaction of the product.

About 160 orders of 30 buyers, in the year up to NOW: refunds, cancellations, orders that only a browser reported or that two
sources disagree on, parcels in every state, a rule in two versions, mails, an order that was set aside.
"""

import itertools
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core import clock, ids
from core.clock import DAY, HOUR, MINUTE, Instant
from core.db import Database
from core.log import NewEvent, Runner
from core.settings import Settings
from crm.messaging import repository as outbox
from crm.messaging.sending import Sender
from crm.messaging.transports.null import NullTransport
from crm.notifications import rendering
from loyalty.rules import service as rules
from loyalty.rules.schemas import SpendRule
from personalization.segments import service as segments
from regulars.wiring import reactions
from tracking.stores import service as stores

NOW = clock.parse("2026-11-21T09:30:00Z")
MASTER = "a secret of at least thirty-two letters"
PASSWORD = "slow mornings"
STAFF = (("mara", "Mara Kessler", "owner"), ("mika", "Mika Roth", "marketer"), ("ada", "Ada Lenz", "agent"), ("tom", "Tom Wirth", "viewer"))  # fmt: skip
GOODS = (
    ("kettle", "Harbour moka kettle", "39.00", "Kettles", 12),
    ("teapot", "Cloud teapot", "48.50", "Teapots", 4),
    ("mug", "Dip glaze mug", "14.00", "Mugs", 80),
    ("beans", "Tuesday beans, 500 g", "11.50", "Beans", 240),
    ("decaf", "Late beans, 250 g", "7.90", "Beans", 0),
    ("tray", "Birch tray", "22.00", "Trays", None),
    ("tin", "Striped tea tin", "9.40", "Tins", 31),
    ("towel", "Waffle towel", "6.50", "Linen", 55),
)
NAMES = ("Ines Falk", "Jonas Wirth", "Lea Brandt", "Milan Novak", "Eva Sommer", "Theo Lang", "Nora Beck", "Paul Adler", "Mia Stern", "Ben Voss")  # fmt: skip
CITIES = ("Leipzig", "Berlin", "Wien", "Graz", "Köln")


@dataclass
class Trading:
    """Tells the log what the shop does."""

    database: Database
    settings: Settings
    store_id: int
    runner: Runner
    rows: list[NewEvent] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def tell(self, name: str, body: dict[str, Any], at: Instant, received: Instant | None = None) -> None:
        """A document of the shop."""
        self._row("fact", "fact", name, body, at, received, None, None)

    def call(self, name: str, properties: dict[str, Any], at: Instant, browser: str, source: str = "public") -> None:
        """A track call of a browser or of the server."""
        body = {"type": "track", "event": name, "properties": properties}
        self._row(source, "track", name, body, at, None, browser, None)

    def flush(self) -> None:
        """Append what was told and let every reaction read it."""
        with self.database.write() as session:
            session.append(*self.rows)
        self.rows.clear()
        self.runner.drain()

    def order(self, number: int, buyer: int, at: Instant, lines: list[tuple[str, int]], **changes: Any) -> None:
        """A trusted order with shipping of 4.90."""
        name = NAMES[buyer % len(NAMES)]
        mail = f"{name.split()[0].lower()}{buyer}@example.org"
        body = {
            "order_id": str(number),
            "occurred_at": clock.iso(at),
            "currency": "EUR",
            "shipping": "4.90",
            "tax": "0",
            "user_id": f"u{buyer}",
            "email": mail,
            "promised_at": clock.iso(at + 4 * DAY),
            "address": {"name": name, "street": f"Lange Gasse {buyer + 1}", "city": CITIES[buyer % 5], "country": "DE"},
            "lines": [
                {"line_id": str(place), "product_id": product, "name": _good(product)[1], "quantity": count, "price": _good(product)[2]}
                for place, (product, count) in enumerate(lines, 1)
            ],
        }  # fmt: skip
        self.tell("order received", body | changes, at, at + MINUTE)

    def parcel(self, number: int, at: Instant, *scans: tuple[str, int, str]) -> None:
        """A parcel of an order with its scans: state, hours after `at`, place."""
        parcel = {
            "parcel_id": f"P{number}",
            "order_id": str(number),
            "carrier": "DHL",
            "tracking_number": f"0034{number}",
        }
        self.tell("parcel received", parcel | {"occurred_at": clock.iso(at)}, at)
        for state, hours, place in scans:
            moment = at + hours * HOUR
            body = {"parcel_id": f"P{number}", "status": state, "occurred_at": clock.iso(moment), "place": place}
            self.tell("checkpoint received", body, moment)

    def send(self) -> None:
        """Send the mails that are due."""
        renderers = rendering.renderers(self.settings)
        Sender(
            database=self.database, settings=self.settings, renderers=renderers, transport=NullTransport(), owner="test"
        ).send_due()

    def _row(
        self,
        source: str,
        kind: str,
        name: str,
        body: dict[str, Any],
        at: Instant,
        received: Instant | None,
        browser: str | None,
        user: str | None,
    ) -> None:
        key = ids.key(source, name, next(self.numbers))
        received = at if received is None else received
        self.rows.append(
            NewEvent(
                self.store_id, source, key, kind, name, at, received, browser, user, "", None, None, 0,
                msgspec.json.encode(body), "",
            )
        )  # fmt: skip


def trade(database: Database, settings: Settings) -> Trading:
    """The whole year."""
    with clock.frozen(NOW - 400 * DAY):
        shop = _open(database, settings)
        _describe(shop, NOW - 399 * DAY)
    _sell_for_a_year(shop)
    with clock.frozen(NOW - 60 * DAY), database.write() as session:
        _second_version(session, shop.store_id)
    _last_days(shop)
    with clock.frozen(NOW):
        shop.send()
        with database.write() as session:
            _break_two_mails(session, shop.store_id)
            _draft(session, shop.store_id)
    shop.runner.drain()
    return shop


def _open(database: Database, settings: Settings) -> Trading:
    with database.write() as session:
        made = stores.create_store(
            session, name="Kettle Lane", currency="EUR", time_zone="Europe/Berlin", locale="en_GB", master=MASTER,
            storefront_url="http://shop.test", origins=("http://shop.test",),
        )  # fmt: skip
        for short, name, role in STAFF:
            stores.create_user(session, email=f"{short}@example.org", role=role, password=PASSWORD, name=name)  # type: ignore[arg-type]
        store_id = made.store.store_id
        segments.create_defaults(session, store_id, time_zone="Europe/Berlin")
        rule = rules.create(
            session, store_id, name="A point for every euro", body=SpendRule(points=1, per=100), by="mara@example.org"
        )
        rules.turn_on(session, store_id, rule.rule_id)
        beans = SpendRule(points=2, per=100, category="Beans", spendable_after_days=14)
        other = rules.create(session, store_id, name="Double points on beans", body=beans, by="mika@example.org")
        rules.turn_on(session, store_id, other.rule_id)
    runner = Runner(database, reactions(settings))
    runner.prepare()
    return Trading(database, settings, store_id, runner)


def _describe(shop: Trading, at: Instant) -> None:
    for product, name, price, category, stock in GOODS:
        body = {
            "product_id": product, "name": name, "price": price, "currency": "EUR", "categories": [category, "Kitchen"],
            "stock": stock, "url": f"http://shop.test/p/{product}", "image_url": f"http://shop.test/i/{product}.svg",
            "attributes": {"material": "stoneware"},
        }  # fmt: skip
        if product == "mug":
            body["variants"] = [
                {"variant_id": "mug-blue", "name": "Blue", "stock": 30},
                {"variant_id": "mug-clay", "name": "Clay", "price": "15.00", "stock": 50},
            ]
        shop.tell("product received", body, at)
    shop.flush()


def _sell_for_a_year(shop: Trading) -> None:
    with clock.frozen(NOW):
        for at in range(150):
            placed = NOW - (360 - at * 2) * DAY - (at % 9) * HOUR
            lines = [(GOODS[at % 8][0], 1 + at % 3), *([("beans", 2)] if at % 3 == 0 else [])]
            shop.order(10_000 + at, (at * 7) % 30, placed, lines)
            if at % 11 == 5:
                refund = {
                    "refund_id": f"R{at}",
                    "order_id": str(10_000 + at),
                    "occurred_at": clock.iso(placed + 9 * DAY),
                }
                shop.tell("refund received", refund, placed + 9 * DAY)
            if at % 5 == 0:
                shop.parcel(10_000 + at, placed + DAY, ("picked_up", 2, "Leipzig"), ("in_transit", 20, "Halle"), ("delivered", 44, "Berlin"))  # fmt: skip
        shop.tell("product received", {"product_id": "kettle", "price": "42.00", "stock": 9}, NOW - 30 * DAY)
        shop.flush()


def _second_version(session: Any, store_id: int) -> None:
    """Beans earn three points from version 2 on."""
    beans = next(rule for rule in rules.rules(session, store_id) if rule.name == "Double points on beans")
    body = SpendRule(points=3, per=100, category="Beans", spendable_after_days=14)
    rules.save_draft(session, store_id, beans.rule_id, body=body, by="mika@example.org")
    rules.turn_on(session, store_id, beans.rule_id)


def _last_days(shop: Trading) -> None:
    with clock.frozen(NOW):
        for at in range(10):
            placed = NOW - (14 - at) * DAY
            shop.order(10_400 + at, at, placed, [("beans", 1 + at % 3), ("mug", 1)])
            shop.parcel(10_400 + at, placed + DAY, ("picked_up", 2, "Leipzig"), ("in_transit", 20, "Halle"))
        shop.order(10_482, 0, NOW - 3 * HOUR, [("beans", 3), ("mug", 1)])
        shop.parcel(10_482, NOW - 2 * HOUR, ("picked_up", 0, "Leipzig"), ("out_for_delivery", 1, "Leipzig-Mitte"))
        shop.order(10_490, 3, NOW - 2 * HOUR, [("teapot", 1)])
        shop.order(10_491, 4, NOW - 5 * HOUR, [("tray", 2)])
        shop.tell("order cancellation received", {"order_id": "10491", "occurred_at": clock.iso(NOW - 4 * HOUR)}, NOW - 4 * HOUR)  # fmt: skip
        shop.order(10_492, 5, NOW - HOUR, [("kettle", 1)])
        shop.tell("refund received", {"refund_id": "R1", "order_id": "10482", "occurred_at": clock.iso(NOW - HOUR), "lines": [{"line_id": "2"}], "amount": "14.00"}, NOW - HOUR)  # fmt: skip
        seen = {"order_id": "10490", "currency": "EUR", "total": 4.0, "products": [{"product_id": "teapot", "price": 4.0, "quantity": 1}]}  # fmt: skip
        shop.call("Order Completed", seen, NOW - 2 * HOUR, "b9")
        alone = {"order_id": "99001", "currency": "EUR", "total": 48.5, "products": [{"product_id": "teapot", "price": 48.5, "quantity": 1}]}  # fmt: skip
        shop.call("Order Completed", alone, NOW - 30 * MINUTE, "b7")
        shop.call("Product Viewed", {"product_id": "kettle", "name": "Harbour moka kettle"}, NOW - 10 * MINUTE, "b7")
        broken = {"order_id": "99100", "occurred_at": clock.iso(NOW), "currency": "kettles", "lines": []}
        shop.tell("order received", broken, NOW - 5 * MINUTE)
        shop.tell("order received", broken | {"order_id": "99101"}, NOW - 4 * MINUTE)
        shop.flush()


def _break_two_mails(session: Any, store_id: int) -> None:
    """One mail that the server refused, and one of which nobody knows."""
    found = [row for row in outbox.page(session, store_id, person_ids=None, search="", before=None, limit=50) if row.state == "sent"]  # fmt: skip
    changes = (
        ("failed", "550 mailbox unavailable"),
        ("unknown", "the connection broke after the mail was handed over"),
    )
    for row, (state, reason) in zip(found[-2:], changes, strict=True):
        outbox.change(session, store_id, row.message_id, state=state, reason=reason, sent_at=None)


def _draft(session: Any, store_id: int) -> None:
    beans = next(rule for rule in rules.rules(session, store_id) if rule.name == "Double points on beans")
    condition = {
        "v": 1,
        "all": [
            {"field": "order.goods", "op": ">=", "value": {"minor": 4000, "currency": "EUR"}},
            {"field": "order.country", "op": "in", "value": ["DE", "AT"]},
        ],
    }
    body = SpendRule(points=2, per=100, category="Beans", condition=condition, spendable_after_days=14)
    rules.save_draft(session, store_id, beans.rule_id, body=body, by="mika@example.org")


def _good(product: str) -> tuple[str, str, str, str, int | None]:
    return next(good for good in GOODS if good[0] == product)
