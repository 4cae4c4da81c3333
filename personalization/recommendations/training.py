"""From the log to models that answer: build, compare with the models that answer now, write, and swap by one rename.

Runs in a child process of lower priority; while it runs, and when the comparison refuses the new version, the old one answers.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from core import clock
from core.clock import DAY
from core.db import Database
from core.settings import Settings
from personalization.recommendations import history
from personalization.recommendations.comparison import Difference, Translated, difference
from personalization.recommendations.errors import NothingToLearn
from personalization.recommendations.evaluation import Question, measure, people_questions, visit_questions
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.recommenders.also_chosen import AlsoChosen
from personalization.recommendations.recommenders.base import Model, Recommender
from personalization.recommendations.recommenders.bought_together import BoughtTogether
from personalization.recommendations.recommenders.buy_again import BuyAgain
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.recommenders.popular import Popular
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours
from personalization.recommendations.recommenders.viewed_next import ViewedNext
from personalization.recommendations.storage import ModelSet, current_version, load_set, make_current, save_set

K = 10
MOST_QUESTIONS = 2000
_VALIDATION = 14 * DAY


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What a training did. `current` says whether the new version answers from now on, `decision` why or why not."""

    store_id: int
    version: str
    current: bool
    decision: str
    interactions: int
    people: int
    products: int
    seconds: dict[str, float]
    measured: dict[str, dict[str, float]]
    megabytes: float

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)


def recommenders() -> tuple[Recommender, ...]:
    """What is trained for every store."""
    return (
        Popular(),
        BuyAgain(),
        BoughtTogether(),
        ViewedNext(),
        SessionNeighbours(),
        AlsoChosen(),
        LightFMHybrid(),
    )


def compared() -> tuple[Recommender, ...]:
    """What the comparison with the old version looks at: what answers first in the slots."""
    return (Popular(), BoughtTogether(), ViewedNext(), SessionNeighbours())


def train(
    database: Database, settings: Settings, store_id: int, *, progress: Callable[[str], None] = lambda _: None
) -> TrainingReport:
    """Train a store's models on its whole log; raises NothingToLearn for a store without interactions."""
    progress("reading the log")
    began = time.perf_counter()
    with database.read() as session:
        log_position = history.head(session)
    interactions = history.read_interactions(database, store_id)
    if not len(interactions):
        raise NothingToLearn(store_id)
    seconds = {"reading": time.perf_counter() - began}
    root = Path(settings.models) / str(store_id)
    return train_on(interactions, root, store_id, log_position=log_position, seconds=seconds, progress=progress)


def train_on(
    interactions: Interactions,
    root: Path,
    store_id: int,
    *,
    log_position: int = 0,
    seconds: dict[str, float] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> TrainingReport:
    """Train on these interactions and write below `root`."""
    seconds = seconds or {}
    old = _old(root)
    progress("comparing with the past")
    began = time.perf_counter()
    measured, worse = _validated(interactions, old)
    seconds["comparing"] = time.perf_counter() - began
    models = _fitted(interactions, seconds, progress)
    version = _version(interactions)
    created_at = clock.now()
    save_set(
        root,
        models=models,
        products=interactions.products,
        version=version,
        store_id=store_id,
        created_at=created_at,
        data_until=int(interactions.at[-1]),
        log_position=log_position,
        data_checksum=interactions.checksum(),
        measured=measured,
    )
    if not worse:
        make_current(root, version)
    size = sum(path.stat().st_size for path in (root / version).rglob("*.npy"))
    return TrainingReport(
        store_id=store_id,
        version=version,
        current=not worse,
        decision=_decision(old, worse),
        interactions=len(interactions),
        people=len(interactions.person_ids),
        products=interactions.item_count,
        seconds={name: round(value, 3) for name, value in seconds.items()},
        measured=measured,
        megabytes=round(size / 1e6, 1),
    )


def _old(root: Path) -> ModelSet | None:
    version = current_version(root)
    return load_set(root, version) if version else None


def _fitted(interactions: Interactions, seconds: dict[str, float], progress: Callable[[str], None]) -> dict[str, Model]:
    models: dict[str, Model] = {}
    for recommender in recommenders():
        progress(recommender.name.replace("_", " "))
        began = time.perf_counter()
        models[recommender.name] = recommender.fit(interactions)
        seconds[recommender.name] = time.perf_counter() - began
    return models


def _validated(
    interactions: Interactions, old: ModelSet | None
) -> tuple[dict[str, dict[str, float]], list[Difference]]:
    """What the new models reach on the newest part of the log, and where they are clearly worse than the old ones.

    The part begins where the old models' knowledge ends: neither side has seen it.
    """
    latest = int(interactions.at[-1])
    newest_fifth = (latest - int(interactions.at[0])) // 5
    cut = latest - min(_VALIDATION, newest_fifth)
    if old and old.manifest.data_until < latest:
        cut = old.manifest.data_until
    fair = old is not None and cut >= old.manifest.data_until
    past, future = interactions.where(interactions.at <= cut), interactions.between(cut, latest)
    if not len(past) or not len(future):
        return {}, []
    asked = _questions(past, future)
    measured: dict[str, dict[str, float]] = {}
    worse = []
    for recommender in compared():
        model = recommender.fit(past)
        row = measure(recommender.name, model, asked, K, past.item_count, 0.0)
        measured[recommender.name] = {
            "ndcg": row.ndcg.value,
            "low": row.ndcg.low,
            "high": row.ndcg.high,
            "questions": float(len(asked)),
        }
        former = old.models.get(recommender.name) if old and fair else None
        if old and former is not None:
            translated = Translated.between(former, old.product_ids, past.products.ids)
            found = difference(recommender.name, model, translated, asked, k=K, item_count=past.item_count)
            worse.extend([found] if found.high < 0 else [])
    return measured, worse


def _questions(past: Interactions, future: Interactions) -> Sequence[Question]:
    known = np.zeros(past.item_count, bool)
    known[past.item] = True
    asked = [*people_questions(past, future), *visit_questions(future.of_kinds(Kind.VIEW), known)]
    if len(asked) <= MOST_QUESTIONS:
        return asked
    chosen = np.random.default_rng(17).choice(len(asked), MOST_QUESTIONS, replace=False)
    return [asked[index] for index in np.sort(chosen)]


def _decision(old: ModelSet | None, worse: Sequence[Difference]) -> str:
    if worse:
        names = ", ".join(f"{one.recommender} {one.value:+.4f} [{one.low:+.4f}, {one.high:+.4f}]" for one in worse)
        return f"The old version {old.manifest.version if old else ''} stays: NDCG would fall ({names})."
    return "It answers from now on: not worse than the version before." if old else "It answers from now on: the first."


def _version(interactions: Interactions) -> str:
    at = datetime.fromtimestamp(clock.now() / 1000, UTC)
    return f"{at:%Y%m%dT%H%M%S}{at.microsecond // 1000:03}-{interactions.checksum()[:6]}"
