"""What each slot shows first and what it falls back on, as stages that are only run while items are missing.

| slot | first | then |
|---|---|---|
| home | lists of this visit blended with lists of purchases and earlier visits | alike → popular in the category → popular → catalog |
| product | viewed together, blended with alike | popular in the category → popular → catalog |
| together | bought together | viewed together in another category → alike |
| cart | bought together with all of the cart | viewed together → alike → popular |
| continue | own touches of this and the last visit, not bought | nothing: empty is a valid answer |
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from personalization.recommendations import reasons
from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.blending import (
    DEPTH,
    Blend,
    Candidate,
    Part,
    Weights,
    candidates,
    fused,
    history_parts,
    visit_parts,
)
from personalization.recommendations.live import Touch
from personalization.recommendations.memory import Memory
from personalization.recommendations.recommenders.base import EMPTY, Context, Model, Ranking, unexplained
from personalization.recommendations.recommenders.bought_together import BoughtTogetherModel
from personalization.recommendations.recommenders.popular import PopularModel
from personalization.recommendations.recommenders.viewed_next import ViewedNextModel
from personalization.recommendations.schemas import Level, Slot
from personalization.recommendations.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything a slot may look at.

    `visit` and `past` are contexts of the models: what is touched in the visit going on, and what was bought and touched before it.
    `anchors` (what the question is about), `cart` (this visit's) and `abandoned` (an earlier visit's) are indexes of the shelf; `recent`
    are the own touches of this and earlier visits. `past_key` names what `past` follows from, `key` what both follow from.
    """

    slot: Slot
    shelf: Shelf
    models: Mapping[str, Model]
    memory: Memory
    visit: Context
    past: Context
    anchors: IndexArray
    cart: IndexArray
    abandoned: IndexArray
    recent: Sequence[Touch]
    past_key: tuple[Hashable, ...]
    key: tuple[Hashable, ...]


WEIGHTS = Weights()

Stage = Callable[[int, BoolArray], list[Candidate]]


def stages(asked: Asked) -> Iterator[Stage]:
    """The stages of the slot in their order."""
    return _STAGES[asked.slot](asked)


def fill(asked: Asked, k: int, allowed: BoolArray) -> list[Candidate]:
    """At most k permitted candidates; uses `allowed` up."""
    chosen: list[Candidate] = []
    for stage in stages(asked):
        missing = k - len(chosen)
        if missing <= 0:
            break
        found = stage(missing, allowed)
        chosen.extend(found)
        for candidate in found:
            allowed[candidate.item] = False
    return chosen


def _home(asked: Asked) -> Iterator[Stage]:
    yield _remembered(("home", *asked.key), asked, _blended_history)
    last = asked.anchors if len(asked.anchors) else asked.shelf.indexes(t.product_id for t in asked.recent[-3:])
    yield _alike(asked, last[::-1])
    yield from _popular(asked, last)


def _product(asked: Asked) -> Iterator[Stage]:
    key = ("product", asked.shelf.content.changes, *asked.anchors.tolist())
    yield _remembered(key, asked, _blended_item)
    yield from _popular(asked, asked.anchors)


def _together(asked: Asked) -> Iterator[Stage]:
    yield _neighbours(asked, "bought_together", reasons.TOGETHER, asked.anchors)
    yield _other_categories(asked, _neighbours(asked, "viewed_next", reasons.VIEWED, asked.anchors))
    yield _alike(asked, asked.anchors)


def _cart(asked: Asked) -> Iterator[Stage]:
    held = asked.anchors if len(asked.anchors) else np.concatenate((asked.cart, asked.abandoned))
    yield _neighbours(asked, "bought_together", reasons.TOGETHER, held)
    yield _neighbours(asked, "viewed_next", reasons.VIEWED, held)
    yield _alike(asked, held)
    yield from _popular(asked, held)


def _continue(asked: Asked) -> Iterator[Stage]:
    def run(k: int, allowed: BoolArray) -> list[Candidate]:
        in_cart = {*asked.cart.tolist(), *asked.abandoned.tolist()}
        newest = dict.fromkeys(asked.shelf.indexes(t.product_id for t in reversed(asked.recent)).tolist())
        # What lies in the cart was wanted most; the sort is stable, so within both groups the newest stay first.
        order = sorted((item for item in newest if allowed[item]), key=lambda item: item not in in_cart)
        level: Level = "session" if len(asked.visit.items) else "personal"
        return [Candidate(i, level, reasons.IN_CART if i in in_cart else reasons.SEEN) for i in order[:k]]

    yield run


_STAGES: dict[Slot, Callable[[Asked], Iterator[Stage]]] = {
    "home": _home,
    "product": _product,
    "together": _together,
    "cart": _cart,
    "continue": _continue,
}


def _remembered(key: tuple[Hashable, ...], asked: Asked, blend: Callable[[Asked], Blend]) -> Stage:
    """A blend that is made once as long as nothing behind it changes; what may be shown is decided each time."""
    return lambda k, allowed: asked.memory.get(key, lambda: blend(asked)).best(k, allowed)


def _blended_history(asked: Asked) -> Blend:
    """What follows from this visit, blended with what follows from purchases and earlier visits."""
    visit = visit_parts(asked.models, asked.visit, WEIGHTS)
    share = WEIGHTS.past if visit else 1.0
    key = ("past", share, *asked.past_key)
    past = asked.memory.get(key, lambda: history_parts(asked.models, asked.past, asked.abandoned, WEIGHTS, share))
    return fused([*visit, *past])


def _blended_item(asked: Asked) -> Blend:
    """What is viewed together with the product, with what is alike mixed in, so that a new product appears at once."""
    every = np.ones(len(asked.shelf), bool)
    viewed = _lists(asked, "viewed_next", asked.anchors, DEPTH, every)
    alike = _alike_ranking(asked, asked.anchors, DEPTH, every)
    return fused([Part(1.0, viewed, "item", reasons.VIEWED), Part(0.5, alike, "item", reasons.ALIKE)])


def _neighbours(asked: Asked, model: str, code: str, items: IndexArray) -> Stage:
    return lambda k, allowed: candidates(_lists(asked, model, items, k, allowed), "item", code)


def _alike(asked: Asked, items: IndexArray) -> Stage:
    return lambda k, allowed: candidates(_alike_ranking(asked, items, k, allowed), "item", reasons.ALIKE)


def _model(asked: Asked, model: str, level: Level, code: str) -> Stage:
    return lambda k, allowed: candidates(_ask(asked, model, asked.past, k, allowed), level, code)


def _other_categories(asked: Asked, stage: Stage) -> Stage:
    def run(k: int, allowed: BoolArray) -> list[Candidate]:
        elsewhere = allowed.copy()
        for item in asked.anchors:
            category = asked.shelf.category(int(item))
            if category >= 0:
                elsewhere[_members(asked.shelf, category, len(elsewhere))] = False
        return stage(k, elsewhere)

    return run


def _popular(asked: Asked, items: IndexArray) -> Iterator[Stage]:
    categories = dict.fromkeys(asked.shelf.category(int(item)) for item in items[-3:][::-1])
    for category in categories:
        if category >= 0:
            yield _popular_in(asked, category)
    yield _model(asked, "popular", "popular", reasons.POPULAR)
    yield lambda k, allowed: [Candidate(int(i), "catalog", reasons.PLAIN) for i in np.flatnonzero(allowed)[:k]]


def _popular_in(asked: Asked, category: int) -> Stage:
    def run(k: int, allowed: BoolArray) -> list[Candidate]:
        model = asked.models.get("popular")
        if not isinstance(model, PopularModel):
            return []
        members = _members(asked.shelf, category, min(len(allowed), len(model.scores)))
        ranking = model.of_items(members, k, allowed)
        # For this code the cause is the category, whose name the text needs.
        return [
            Candidate(int(i), "category_popular", reasons.POPULAR_IN, int(s), int(b), category)
            for i, s, b in zip(ranking.items, ranking.support, ranking.base, strict=True)
        ]

    return run


def _members(shelf: Shelf, category: int, size: int) -> IndexArray:
    """The products of a category among the first `size`: the shelf may grow while an answer is made."""
    members = shelf.of_category(category)
    return members[members < size]


def _ask(asked: Asked, model: str, context: Context, k: int, allowed: BoolArray) -> Ranking:
    found = asked.models.get(model)
    return EMPTY if found is None else found.recommend(context, k, allowed)


def _lists(asked: Asked, model: str, items: IndexArray, k: int, allowed: BoolArray) -> Ranking:
    found = asked.models.get(model)
    if not isinstance(found, BoughtTogetherModel | ViewedNextModel) or not len(items):
        return EMPTY
    return found.lists.of_many(items, np.ones(len(items), np.float32), k, allowed)


def _alike_ranking(asked: Asked, items: IndexArray, k: int, allowed: BoolArray) -> Ranking:
    """By likeness to the given products, the first three, the first counting most."""
    best: dict[int, tuple[float, int]] = {}
    for age, item in enumerate(items[:3].tolist()):
        found, likeness = asked.shelf.content.nearest(item, 2 * DEPTH)
        kept = (found < len(allowed)).nonzero()[0]
        kept = kept[allowed[found[kept]]][:k]
        for other, value in zip(found[kept].tolist(), likeness[kept].tolist(), strict=True):
            score = value / (1 + age)
            if score > best.get(other, (0.0, 0))[0]:
                best[other] = (score, item)
    order = sorted(best, key=lambda other: (-best[other][0], other))[:k]
    ranking = unexplained(np.array(order, np.int32), np.array([best[other][0] for other in order], np.float32))
    ranking.cause[:] = [best[other][1] for other in order]
    return ranking
