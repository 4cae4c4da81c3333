"""What each visitor did lately, kept in memory: the part of a recommendation that must not wait for a query.

Fed with rows of the log, by the process's own commits at once and by the tail of the log for those of others; a row that comes both
ways counts once. Nothing here is truth: it is bounded, and what is missing is read from the log.

Trust: what an anonymous id did is its own. What a user did is kept apart and joins an anonymous id only through a proof, an identity
token verified at receipt; a claim in a public `identify` joins nothing (docs: trust by source).
"""

import threading
from bisect import insort
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import msgspec

from core.clock import DAY, MINUTE, Instant
from core.log import FACT, is_trusted
from personalization.recommendations.interactions import Kind

PLACED = "order placed"
READS = ("Product Viewed", "Product Added", "Product Removed", "Order Completed", PLACED, "identify")

LONGEST_MEMORY = 60
LARGEST_VIEW = 100_000
LARGEST_FRESH = 20_000
VISIT_IDLE = 30 * MINUTE


class LogRow(Protocol):
    """What the view reads of an event, whether it already has a position or is just being committed."""

    @property
    def store_id(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def occurred_at(self) -> Instant: ...
    @property
    def received_at(self) -> Instant: ...
    @property
    def anonymous_id(self) -> str | None: ...
    @property
    def user_id(self) -> str | None: ...
    @property
    def consent(self) -> str: ...
    @property
    def proof(self) -> str | None: ...
    @property
    def body(self) -> bytes: ...


class _Product(msgspec.Struct):
    product_id: str | int | None = None
    sku: str | int | None = None


class _Properties(_Product):
    products: list[_Product] = []


class _Track(msgspec.Struct):
    properties: _Properties = msgspec.field(default_factory=_Properties)


class _Line(msgspec.Struct):
    product_id: str


class _Placed(msgspec.Struct):
    placed_at: Instant
    lines: list[_Line] = []
    user_id: str | None = None
    anonymous_id: str | None = None


_track = msgspec.json.Decoder(_Track, strict=False)
_placed = msgspec.json.Decoder(_Placed)


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing done with one product."""

    at: Instant
    product_id: str
    kind: Kind


@dataclass(slots=True)
class Visitor:
    """What one anonymous id or one user did, oldest first; `proved_user_id` whose it is beyond doubt.

    `cart` says since when each product lies in it, `emptied_at` when an order last took everything out.
    `session_only`: the newest event came with a refusal of personalization, so only the visit at hand may be used.
    """

    touches: list[Touch] = field(default_factory=list)
    bought: list[Touch] = field(default_factory=list)
    cart: dict[str, Instant] = field(default_factory=dict)
    proved_user_id: str | None = None
    session_only: bool = False
    emptied_at: Instant = 0
    changes: int = 0
    serial: int = field(default_factory=count().__next__)

    @property
    def signature(self) -> tuple[int, int]:
        """Changes whenever anything here does, and never comes back."""
        return (self.serial, self.changes)

    def add(self, touch: Touch) -> None:
        """Remember what was done; the same thing at the same time is one thing."""
        kept = self.bought if touch.kind == Kind.PURCHASE else self.touches
        if touch in kept[-LONGEST_MEMORY:]:
            return
        # Not sorted anew: while a list is being sorted, another thread sees it empty.
        insort(kept, touch, key=lambda each: each.at)
        del kept[:-LONGEST_MEMORY]
        self.changes += 1

    def put_in_cart(self, product_id: str, at: Instant) -> None:
        """Unless it was taken out by an order since: what is told later need not have happened later."""
        bought = any(one.at >= at and one.product_id == product_id for one in self.bought)
        if at > self.emptied_at and not bought:
            self.cart[product_id] = max(at, self.cart.get(product_id, at))

    def empty_cart(self, at: Instant) -> None:
        """Take out what was in it at that time."""
        self.emptied_at = max(at, self.emptied_at)
        self.cart = {product_id: since for product_id, since in self.cart.items() if since > at}
        self.changes += 1


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the log says of somebody who is not in memory: rows, oldest first, and the user a link was proved to."""

    rows: "tuple[LogRow, ...]" = ()
    proved_user_id: str | None = None


NOBODY = Visitor()

Recaller = Callable[[int, str | None, str | None], Recalled]
Allows = Callable[[int, str], bool]


class LiveView:
    """Visitors by (store, anonymous id) and (store, user id), the longest unused ones forgotten."""

    def __init__(self, recall: Recaller, allows: Allows, largest: int = LARGEST_VIEW) -> None:
        """`recall(store_id, anonymous_id, user_id)` reads the log; `allows(store_id, stamp)`: may a profile be used?"""
        self._recall = recall
        self._allows = allows
        self._largest = largest
        self._guard = threading.RLock()
        self._visitors: OrderedDict[tuple[int, str, str], Visitor] = OrderedDict()
        self._fresh: OrderedDict[tuple[int, str, str], list[LogRow]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._visitors)

    def feed(self, rows: Sequence[LogRow]) -> None:
        """Take in rows of the log that were just committed. Whoever is not in memory is recalled from the log when asked for."""
        with self._guard:
            for row in rows:
                if row.name in READS or row.proof:
                    for key in _owners(row):
                        self._take(key, row)

    def _take(self, key: tuple[int, str, str], row: LogRow) -> None:
        visitor = self._visitors.get(key)
        if row.received_at - row.occurred_at > DAY:
            # History that is being imported: no live effect, but it belongs into what the next question recalls.
            self._visitors.pop(key, None)
        elif visitor is not None:
            self._apply(visitor, row, key)
        else:
            self._keep_fresh(key, row)

    def _keep_fresh(self, key: tuple[int, str, str], row: LogRow) -> None:
        """People find their way to a new row a little after its commit; until then it is only here."""
        rows = self._fresh.setdefault(key, [])
        rows.append(row)
        del rows[:-LONGEST_MEMORY]
        if len(self._fresh) > LARGEST_FRESH:
            self._fresh.popitem(last=False)

    def of_anonymous(self, store_id: int, anonymous_id: str) -> Visitor:
        """What this anonymous id did itself."""
        return self._visitor((store_id, "anonymous", anonymous_id))

    def of_user(self, store_id: int, user_id: str) -> Visitor:
        """What this user did, by what the shop's server or an identity token said. Ask only for a proved user."""
        return self._visitor((store_id, "user", user_id))

    def _visitor(self, key: tuple[int, str, str]) -> Visitor:
        with self._guard:
            found = self._visitors.get(key)
            if found is not None:
                self._visitors.move_to_end(key)
                return found
        store_id, kind, name = key
        # Outside the lock, or the writer that feeds would wait for this query; what is fed meanwhile is kept fresh.
        recalled = self._recall(store_id, name if kind == "anonymous" else None, name if kind == "user" else None)
        with self._guard:
            return self._visitors.get(key) or self._install(key, recalled)

    def _install(self, key: tuple[int, str, str], recalled: Recalled) -> Visitor:
        visitor = Visitor(proved_user_id=recalled.proved_user_id)
        for row in (*recalled.rows, *self._fresh.pop(key, ())):
            if key in _owners(row):
                self._apply(visitor, row, key)
        self._visitors[key] = visitor
        if len(self._visitors) > self._largest:
            self._visitors.popitem(last=False)
        return visitor

    def _apply(self, visitor: Visitor, row: LogRow, key: tuple[int, str, str]) -> None:
        if _speaks(row):
            refused = not self._allows(row.store_id, row.consent)
            visitor.changes += refused != visitor.session_only
            visitor.session_only = refused
        _apply(visitor, row, key)


def _speaks(row: LogRow) -> bool:
    """Whether the row's stamp is the shopper's own word: facts copy it from what caused them."""
    return row.source != FACT


def _owners(row: LogRow) -> list[tuple[int, str, str]]:
    """Whose memory a row belongs into: the anonymous id it came with, and the user only where that is proved or trusted."""
    anonymous = {row.anonymous_id}
    users = {_proved_user(row)}
    if row.name == PLACED and row.source == FACT:
        with suppress(msgspec.MsgspecError):
            order = _placed.decode(row.body)
            anonymous.add(order.anonymous_id)
            users.add(order.user_id)
    return [(row.store_id, "anonymous", name) for name in anonymous if name] + [
        (row.store_id, "user", name) for name in users if name
    ]


def _proved_user(row: LogRow) -> str | None:
    """The user whom a token or the shop's own server vouches for. A fact vouches for nobody: a public event may have caused it."""
    if row.proof:
        return row.proof
    return row.user_id if is_trusted(row.source) and row.source != FACT else None


def _apply(visitor: Visitor, row: LogRow, key: tuple[int, str, str]) -> None:
    proved = _proved_user(row)
    if proved and key[1] == "anonymous" and visitor.proved_user_id != proved:
        visitor.proved_user_id = proved
        visitor.changes += 1
    try:
        if row.name == PLACED:
            if row.source == FACT:  # a call of that name is a shopper's joke
                _apply_order(visitor, _placed.decode(row.body))
        elif row.name in READS:
            _apply_track(visitor, row, _track.decode(row.body or b"{}").properties)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # an odd row teaches nothing; the log keeps it and shows it


def _apply_order(visitor: Visitor, order: _Placed) -> None:
    for line in order.lines:
        visitor.add(Touch(order.placed_at, line.product_id, Kind.PURCHASE))
        if visitor.cart.get(line.product_id, order.placed_at + 1) <= order.placed_at:
            del visitor.cart[line.product_id]


def _apply_track(visitor: Visitor, row: LogRow, properties: _Properties) -> None:
    product_id = _product_id(properties)
    if row.name == "Order Completed":
        visitor.empty_cart(row.occurred_at)
    elif product_id is None:
        return
    elif row.name == "Product Viewed":
        visitor.add(Touch(row.occurred_at, product_id, Kind.VIEW))
    elif row.name == "Product Added":
        visitor.add(Touch(row.occurred_at, product_id, Kind.CART))
        visitor.put_in_cart(product_id, row.occurred_at)
    elif row.name == "Product Removed" and visitor.cart.get(product_id, row.occurred_at + 1) <= row.occurred_at:
        del visitor.cart[product_id]
        visitor.changes += 1


def product_of(row: LogRow) -> str | None:
    """The product a shopper's event is about; None when it does not say."""
    try:
        return _product_id(_track.decode(row.body or b"{}").properties)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _product_id(properties: _Product) -> str | None:
    given = properties.product_id if properties.product_id is not None else properties.sku
    return None if given in (None, "") else str(given)


def this_visit(touches: Sequence[Touch], now: Instant, idle: int = VISIT_IDLE) -> list[Touch]:
    """The tail of the touches that belongs to the visit going on at `now`; empty when the last one is too old."""
    later, kept = now, 0
    for touch in reversed(touches):
        if later - touch.at > idle:
            break
        later, kept = touch.at, kept + 1
    return list(touches[len(touches) - kept :])
