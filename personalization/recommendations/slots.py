"""What each slot shows first and what it falls back on, as stages that are only run while items are missing.

| slot | first | then |
|---|---|---|
| home | this visit's neighbours blended with what follows and goes with own history | alike → factors → popular in the category → popular → catalog |
| product | viewed together, blended with alike | popular in the category → popular → catalog |
| together | bought together | viewed together in another category → alike |
| cart | bought together with all of the cart | viewed together → alike → popular |
| continue | own touches of this and the last visit, not bought | nothing: empty is a valid answer |
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from personalization.recommendations import reasons
from personalization.recommendations.arrays import BoolArray, FloatArray, IndexArray
from personalization.recommendations.live import Touch
from personalization.recommendations.recommenders.base import EMPTY, NO_ITEM, Context, Model, Ranking, unexplained
from personalization.recommendations.recommenders.bought_together import BoughtTogetherModel
from personalization.recommendations.recommenders.popular import PopularModel
from personalization.recommendations.recommenders.viewed_next import ViewedNextModel
from personalization.recommendations.schemas import Level, Slot
from personalization.recommendations.shelf import Shelf

# Reciprocal-rank fusion (Cormack et al. 2009); a small constant lets the head of each list count.
_FUSION = 5.0
_BLEND_DEPTH = 40


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """A product that a stage proposes, with what the reason needs."""

    item: int
    level: Level
    code: str
    support: int = 0
    base: int = 0
    cause: int = NO_ITEM


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything a slot may look at. Indexes in `context` are known to the models; `anchors` and `cart` are of the shelf."""

    slot: Slot
    shelf: Shelf
    models: Mapping[str, Model]
    context: Context
    anchors: IndexArray
    cart: IndexArray
    recent: Sequence[Touch]
    in_visit: bool


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
    if len(asked.context.items) or len(asked.context.bought):
        yield _blended_history(asked)
    last = asked.anchors if len(asked.anchors) else asked.shelf.indexes(t.product_id for t in asked.recent[-3:])
    yield _alike(asked, last[::-1])
    if len(asked.context.items) or len(asked.context.bought):
        yield _model(asked, "lightfm_hybrid", "personal", reasons.PLAIN)
    yield from _popular(asked, last)


def _product(asked: Asked) -> Iterator[Stage]:
    yield _blended_item(asked)
    yield from _popular(asked, asked.anchors)


def _together(asked: Asked) -> Iterator[Stage]:
    yield _neighbours(asked, "bought_together", reasons.TOGETHER, asked.anchors)
    yield _other_categories(asked, _neighbours(asked, "viewed_next", reasons.VIEWED, asked.anchors))
    yield _alike(asked, asked.anchors)


def _cart(asked: Asked) -> Iterator[Stage]:
    held = asked.anchors if len(asked.anchors) else asked.cart
    yield _neighbours(asked, "bought_together", reasons.TOGETHER, held)
    yield _neighbours(asked, "viewed_next", reasons.VIEWED, held)
    yield _alike(asked, held)
    yield from _popular(asked, held)


def _continue(asked: Asked) -> Iterator[Stage]:
    def run(k: int, allowed: BoolArray) -> list[Candidate]:
        in_cart = set(asked.cart.tolist())
        newest = dict.fromkeys(asked.shelf.indexes(t.product_id for t in reversed(asked.recent)).tolist())
        # What lies in the cart was wanted most; the sort is stable, so within both groups the newest stay first.
        order = sorted((item for item in newest if allowed[item]), key=lambda item: item not in in_cart)
        level: Level = "session" if asked.in_visit else "personal"
        return [Candidate(i, level, reasons.IN_CART if i in in_cart else reasons.SEEN) for i in order[:k]]

    yield run


_STAGES: dict[Slot, Callable[[Asked], Iterator[Stage]]] = {
    "home": _home,
    "product": _product,
    "together": _together,
    "cart": _cart,
    "continue": _continue,
}


def _blended_history(asked: Asked) -> Stage:
    """The visit's neighbours, what is viewed next, and what goes with own purchases, by rank."""

    def run(k: int, allowed: BoolArray) -> list[Candidate]:
        depth, context = max(k, _BLEND_DEPTH), asked.context
        parts = []
        if len(context.items):
            level: Level = "session" if asked.in_visit else "personal"
            parts.append((1.0, _ask(asked, "session_neighbours", context, depth, allowed), level, reasons.SESSION))
        if len(context.bought):
            own = Context(context.now, bought=context.bought, bought_at=context.bought_at)
            ranking = _ask(asked, "bought_together", own, depth, allowed)
            parts.append((0.5 if parts else 1.0, ranking, "personal", reasons.TOGETHER))
        if len(context.items) and not len(parts[0][1]):
            parts.append((1.0, _ask(asked, "viewed_next", context, depth, allowed), "item", reasons.VIEWED))
        return _fused(parts, k)

    return run


def _blended_item(asked: Asked) -> Stage:
    """What is viewed together with the product, with what is alike mixed in, so that a new product appears at once."""

    def run(k: int, allowed: BoolArray) -> list[Candidate]:
        depth = max(k, _BLEND_DEPTH)
        viewed = _lists(asked, "viewed_next", asked.anchors, depth, allowed)
        alike = _alike_ranking(asked, asked.anchors, depth, allowed)
        return _fused([(1.0, viewed, "item", reasons.VIEWED), (0.5, alike, "item", reasons.ALIKE)], k)

    return run


def _neighbours(asked: Asked, model: str, code: str, items: IndexArray) -> Stage:
    return lambda k, allowed: _candidates(_lists(asked, model, items, k, allowed), "item", code)


def _alike(asked: Asked, items: IndexArray) -> Stage:
    return lambda k, allowed: _candidates(_alike_ranking(asked, items, k, allowed), "item", reasons.ALIKE)


def _model(asked: Asked, model: str, level: Level, code: str) -> Stage:
    return lambda k, allowed: _candidates(_ask(asked, model, asked.context, k, allowed), level, code)


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
    """By likeness to the given products, the first counting most."""
    best: dict[int, tuple[float, int]] = {}
    for age, item in enumerate(items[:3]):
        for other, likeness in zip(*_listed(asked.shelf.content.nearest(int(item), 4 * k)), strict=True):
            score = likeness / (1 + age)
            if allowed[other] and score > best.get(other, (0.0, 0))[0]:
                best[other] = (score, int(item))
    order = sorted(best, key=lambda other: (-best[other][0], other))[:k]
    scores = np.array([best[other][0] for other in order], np.float32)
    ranking = unexplained(np.array(order, np.int32), scores)
    ranking.cause[:] = [best[other][1] for other in order]
    return ranking


def _listed(pair: tuple[IndexArray, FloatArray]) -> tuple[list[int], list[float]]:
    return pair[0].tolist(), pair[1].tolist()


def _candidates(ranking: Ranking, level: Level, code: str) -> list[Candidate]:
    columns = (ranking.items, ranking.support, ranking.base, ranking.cause)
    return [Candidate(i, level, code, s, b, c) for i, s, b, c in zip(*(x.tolist() for x in columns), strict=True)]


def _fused(parts: Sequence[tuple[float, Ranking, Level, str]], k: int) -> list[Candidate]:
    """The k best by Σ weight / (5 + rank); each with the reason of the list that gave it most."""
    scores: dict[int, float] = {}
    strongest: dict[int, tuple[float, Candidate]] = {}
    for weight, ranking, level, code in parts:
        for rank, candidate in enumerate(_candidates(ranking, level, code)):
            share = weight / (_FUSION + rank)
            scores[candidate.item] = scores.get(candidate.item, 0.0) + share
            if share > strongest.get(candidate.item, (0.0, candidate))[0]:
                strongest[candidate.item] = (share, candidate)
    order = sorted(scores, key=lambda item: -scores[item])[:k]
    return [strongest[item][1] for item in order]
