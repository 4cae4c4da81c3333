"""One answer: whose doings may be used, what may be shown, which candidates, in which order, and why."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import msgspec
import numpy as np

from core import clock
from core.clock import DAY, MINUTE, Instant
from personalization.recommendations import reasons
from personalization.recommendations.arrays import BoolArray
from personalization.recommendations.blending import Candidate
from personalization.recommendations.live import NOBODY, VISIT_IDLE, LiveView, Touch, Visitor, this_visit
from personalization.recommendations.recommenders.base import NO_ITEM, Context
from personalization.recommendations.schemas import Answer, Level, Reason, RecommendationRequest, RecommendedItem
from personalization.recommendations.shelf import Shelf
from personalization.recommendations.slots import Asked, fill
from personalization.recommendations.state import StoreState
from personalization.recommendations.tickets import Ticket, issue

JUST_BOUGHT = 7 * DAY
ARM = "default"
_RECENT = 30
# What was touched before the last fifteen things says little that they do not, and every one costs time.
_OF_A_VISIT = 15
_REMEMBERED = MINUTE
_encode = msgspec.json.Encoder().encode


class _EncodedAnswer(msgspec.Struct, frozen=True):
    """An `Answer` whose items are JSON already."""

    recommendation_id: str
    slot: str
    model: str
    level: str
    arm: str
    items: msgspec.Raw
    next: str | None


@dataclass(frozen=True, slots=True)
class Doings:
    """What may be used of somebody, oldest first: this visit, lately at all, purchases, and what lies in the cart."""

    visit: Sequence[Touch] = ()
    recent: Sequence[Touch] = ()
    bought: Sequence[Touch] = ()
    cart: Mapping[str, Instant] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What a question is answered with before chance has its say; holds until `expires_at` if nothing behind it changes."""

    items: tuple[RecommendedItem, ...]
    level: Level
    next: str | None
    expires_at: Instant

    @cached_property
    def encoded(self) -> msgspec.Raw:
        """The items as JSON."""
        return msgspec.Raw(msgspec.json.encode(self.items))


@dataclass(frozen=True, slots=True)
class Policy:
    """How answers are signed and explored."""

    secret: bytes
    exploration: float
    chance: random.Random


def answer_from(state: StoreState, live: LiveView, request: RecommendationRequest, policy: Policy) -> Answer:
    """The answer of one store's state; filters run in the order exclude, in stock and for sale, not just bought."""
    page = page_of(state, live, request)
    order = _order(len(page.items), policy)
    name = issue(_ticket(state, request, page, policy, order), store_id=request.store_id, secret=policy.secret)
    items = _shuffled(page.items, order) if order else page.items
    return Answer(name, request.slot, state.version, page.level, ARM, items, page.next)


def answer_bytes_from(state: StoreState, live: LiveView, request: RecommendationRequest, policy: Policy) -> bytes:
    """The same as JSON; the items of an answer that was given before are not encoded again."""
    page = page_of(state, live, request)
    order = _order(len(page.items), policy)
    name = issue(_ticket(state, request, page, policy, order), store_id=request.store_id, secret=policy.secret)
    items = msgspec.Raw(msgspec.json.encode(_shuffled(page.items, order))) if order else page.encoded
    return _encode(_EncodedAnswer(name, request.slot, state.version, page.level, ARM, items, page.next))


def page_of(state: StoreState, live: LiveView, request: RecommendationRequest) -> Page:
    """What to answer, remembered for a minute at most and as long as neither the visitor nor the shelf changes."""
    now = clock.now()
    own = live.of_anonymous(request.store_id, request.anonymous_id) if request.anonymous_id else NOBODY
    user_id = request.proved_user_id or own.proved_user_id
    user = live.of_user(request.store_id, user_id) if user_id else NOBODY
    key = (request, own.signature, user.signature, state.shelf.changes)
    found = state.memory.peek(key, Page)
    if found is None or found.expires_at <= now:
        found = _made(state, request, doings_of(request, own, user, now), now)
        state.memory.keep(key, found)
    return found


def _made(state: StoreState, request: RecommendationRequest, doings: Doings, now: Instant) -> Page:
    asked = _asked(state, request, doings, now)
    wanted = request.offset + request.limit
    chosen = fill(asked, wanted + 1, _permitted(asked, request, doings, now))
    page = chosen[request.offset : wanted]
    items = tuple(_item(asked, one, request.offset + number) for number, one in enumerate(page, 1))
    visit_ends = doings.visit[-1].at + VISIT_IDLE + 1 if doings.visit else now + _REMEMBERED
    return Page(
        items=items,
        level=page[0].level if page else "empty",
        next=str(wanted) if len(chosen) > wanted else None,
        expires_at=min(now + _REMEMBERED, visit_ends),
    )


def _ticket(
    state: StoreState, request: RecommendationRequest, page: Page, policy: Policy, order: tuple[int, ...]
) -> Ticket:
    size, first = max(len(page.items), 1), request.offset + 1
    return Ticket(request.slot, state.version, page.level, ARM, policy.exploration, size, first, order)


def _shuffled(items: tuple[RecommendedItem, ...], order: tuple[int, ...]) -> tuple[RecommendedItem, ...]:
    """The items in another order, each with the position it stands at now."""
    places = [item.position for item in items]
    return tuple(
        msgspec.structs.replace(items[rank], position=place) for rank, place in zip(order, places, strict=True)
    )


def doings_of(request: RecommendationRequest, own: Visitor, user: Visitor, now: Instant) -> Doings:
    """Own events of the anonymous id, and those of a user (proved, or NOBODY); in a session-only answer this visit alone."""
    if request.session_only or own.session_only:
        visit = this_visit(own.touches, now)
        return Doings(visit, visit, (), {one: at for one, at in own.cart.items() if visit and at >= visit[0].at})
    if user is NOBODY:
        return Doings(this_visit(own.touches, now), own.touches[-_RECENT:], own.bought[:], dict(own.cart))
    touches = _merged(own.touches, user.touches)
    cart = {**user.cart, **own.cart}
    return Doings(this_visit(touches, now), touches[-_RECENT:], _merged(own.bought, user.bought), cart)


def _merged(left: Sequence[Touch], right: Sequence[Touch]) -> list[Touch]:
    """Both, oldest first; what the anonymous id and the user both have is one thing."""
    return sorted({*left, *right}, key=lambda touch: (touch.at, touch.product_id, touch.kind))


def _asked(state: StoreState, request: RecommendationRequest, doings: Doings, now: Instant) -> Asked:
    shelf, size = state.shelf, state.model_size
    earlier = doings.recent[: max(len(doings.recent) - len(doings.visit), 0)]
    bought = [touch for touch in doings.bought if shelf.position.get(touch.product_id, size) < size]
    began = doings.visit[0].at if doings.visit else now
    past_items = shelf.indexes(touch.product_id for touch in earlier)
    visit_items = shelf.indexes(touch.product_id for touch in doings.visit[-_OF_A_VISIT:])
    bought_at = np.array([touch.at for touch in bought], np.int64)
    # The newest of a bounded list names it: whatever comes in changes the newest, the length or the cart.
    newest = (earlier[-1] if earlier else None, doings.bought[-1] if doings.bought else None)
    past_key = (request.anonymous_id, request.proved_user_id, len(earlier), len(bought), *newest, tuple(doings.cart))
    return Asked(
        slot=request.slot,
        shelf=shelf,
        models=state.models,
        memory=state.memory,
        visit=Context(now, visit_items[visit_items < size]),
        past=Context(now, past_items[past_items < size], shelf.indexes(t.product_id for t in bought), bought_at),
        anchors=shelf.indexes((request.item,) if request.item else request.items),
        cart=shelf.indexes(one for one, at in doings.cart.items() if at >= began),
        abandoned=shelf.indexes(one for one, at in doings.cart.items() if at < began),
        recent=doings.recent,
        past_key=past_key,
        key=(*past_key, len(doings.visit), doings.visit[-1] if doings.visit else None),
    )


def _permitted(asked: Asked, request: RecommendationRequest, doings: Doings, now: Instant) -> BoolArray:
    allowed = asked.shelf.allowed()
    for product_id in request.exclude:
        _forbid(allowed, asked.shelf, product_id)
    allowed[asked.anchors] = False
    if request.slot == "continue":
        _forbid_bought_since(allowed, asked.shelf, doings)
        return allowed
    allowed[asked.cart] = False
    if request.slot == "cart":
        allowed[asked.abandoned] = False
    for touch in doings.bought:
        if now - touch.at < JUST_BOUGHT:
            _forbid(allowed, asked.shelf, touch.product_id)
    return allowed


def _forbid_bought_since(allowed: BoolArray, shelf: Shelf, doings: Doings) -> None:
    touched = {touch.product_id: touch.at for touch in doings.recent}
    for touch in doings.bought:
        if touched.get(touch.product_id, touch.at) <= touch.at:
            _forbid(allowed, shelf, touch.product_id)


def _forbid(allowed: BoolArray, shelf: Shelf, product_id: str) -> None:
    index = shelf.position.get(product_id)
    if index is not None and index < len(allowed):
        allowed[index] = False


def _order(size: int, policy: Policy) -> tuple[int, ...]:
    """Empty, or for a share `exploration` of answers a uniform shuffle of the ranks."""
    if size < 2 or policy.chance.random() >= policy.exploration:
        return ()
    ranks = list(range(size))
    policy.chance.shuffle(ranks)
    return tuple(ranks)


def _item(asked: Asked, candidate: Candidate, position: int) -> RecommendedItem:
    shelf = asked.shelf
    card = shelf.cards[candidate.item]
    return RecommendedItem(
        shelf.ids[candidate.item],
        position,
        card.title,
        card.url,
        card.image_url,
        card.price,
        card.currency,
        _reason(asked, candidate),
    )


def _reason(asked: Asked, candidate: Candidate) -> Reason:
    shelf = asked.shelf
    if candidate.code == reasons.POPULAR_IN:
        title = shelf.category_names[candidate.cause]
        return reasons.reason(candidate.code, count=candidate.support, of=candidate.base, title=title)
    if candidate.code == reasons.YOUR_CATEGORY:
        return _own_category(asked, candidate.item)
    known = candidate.cause != NO_ITEM
    return reasons.reason(
        candidate.code,
        count=candidate.support,
        of=candidate.base,
        about=shelf.ids[candidate.cause] if known else "",
        title=shelf.cards[candidate.cause].title if known else "",
    )


def _own_category(asked: Asked, item: int) -> Reason:
    """Factors have no counts; what can be said is how often the visitor was in the product's category."""
    category = asked.shelf.category(item)
    counts = asked.memory.get(("categories", *asked.key), lambda: _visited(asked))
    title = asked.shelf.category_names[category] if category >= 0 else ""
    return reasons.reason(reasons.YOUR_CATEGORY, count=counts.get(category, 0) if title else 0, title=title)


def _visited(asked: Asked) -> Counter[int]:
    own = (*asked.visit.items.tolist(), *asked.past.items.tolist(), *asked.past.bought.tolist())
    return Counter(asked.shelf.category(item) for item in own)
