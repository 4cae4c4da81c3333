"""What is asked of the recommendations and what they answer."""

from typing import Literal, TypeAlias, get_args

import msgspec

from core.clock import Instant

Slot: TypeAlias = Literal["home", "product", "together", "cart", "continue"]
SLOTS: tuple[Slot, ...] = get_args(Slot)

# The fallback that answered, from the most to the least particular; `empty` says that nothing fits the slot.
Level: TypeAlias = Literal["session", "personal", "item", "category_popular", "popular", "catalog", "empty"]

LARGEST_LIMIT = 50
DEFAULT_LIMIT = 12


class RecommendationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A question for one slot of one store.

    `proved_user_id` is the user an identity token or the shop's server vouches for, never what a browser claims. `session_only` is set
    by `Sec-GPC: 1` or a refused consent: then only what happened in this visit is used.
    """

    store_id: int
    slot: Slot
    anonymous_id: str | None = None
    proved_user_id: str | None = None
    item: str | None = None
    items: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    session_only: bool = False


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The counts behind a reason: `count` of `of` cases around the product `about`."""

    count: int = 0
    of: int = 0
    about: str = ""


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why an item is answered; the text says nothing that the evidence does not carry and is empty where there is none."""

    code: str
    text: str
    evidence: Evidence


class RecommendedItem(msgspec.Struct, frozen=True, gc=False):
    """One product of an answer; `price` is a decimal string in `currency`, positions count from 1."""

    product_id: str
    position: int
    title: str
    url: str | None
    image_url: str | None
    price: str | None
    currency: str
    reason: Reason


class Answer(msgspec.Struct, frozen=True):
    """What a slot shows. `model` is the version that answered (empty: none yet); `next` asks for the following items."""

    recommendation_id: str
    slot: Slot
    model: str
    level: Level
    arm: str
    items: tuple[RecommendedItem, ...]
    next: str | None


class ShownItem(msgspec.Struct, frozen=True):
    """One product of an exposure; `propensity` is the chance that the logging policy put it at this position."""

    product_id: str
    position: int
    propensity: float


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that was really shown."""

    store_id: int
    recommendation_id: str
    position: int
    at: Instant
    anonymous_id: str | None
    user_id: str | None
    slot: str
    model: str
    arm: str
    level: str
    items: tuple[ShownItem, ...]
