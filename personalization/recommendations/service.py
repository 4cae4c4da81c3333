"""What the doors and the command line use of the recommendations: train, evaluate, answer once, and the book of exposures.

A web process keeps a `serving.Recommender` instead of asking `recommend_once`.
"""

from collections.abc import Callable, Sequence
from functools import partial

from core.clock import Instant
from core.db import Database, Session
from core.log import Event, Reaction
from core.settings import Settings
from personalization.recommendations import due, evaluation, history, repository
from personalization.recommendations.errors import NothingToLearn
from personalization.recommendations.evaluation import Evaluation
from personalization.recommendations.exposures import SHOWN, exposures_of
from personalization.recommendations.schemas import Answer, Exposure, RecommendationRequest, Slot
from personalization.recommendations.serving import Recommender
from personalization.recommendations.training import TrainingReport
from personalization.recommendations.training import train as train_models
from tracking.stores.directory import Directory


def reactions(secret_key: str) -> tuple[Reaction, ...]:
    """The reactions of this part; the key is the one that recommendation ids are signed with."""
    record = partial(record_exposures, secret_key=secret_key)
    return (Reaction(name="recommendations.exposures", reads=(SHOWN,), handle=record, kind="book"),)


def record_exposures(session: Session, events: Sequence[Event], *, secret_key: str) -> None:
    """Write down which answers were really shown; the first report of an answer counts."""
    repository.insert_exposures(session, list(exposures_of(events, secret=secret_key.encode())))


def exposures(session: Session, store_id: int, *, limit: int = 50) -> list[Exposure]:
    """The newest exposures of a store."""
    return repository.exposures(session, store_id, limit=limit)


def train(
    database: Database, settings: Settings, store_id: int, *, progress: Callable[[str], None] = lambda _: None
) -> TrainingReport:
    """Train a store's models; they answer from then on unless they are clearly worse. Raises NothingToLearn."""
    return train_models(database, settings, store_id, progress=progress)


def is_training_due(database: Database, settings: Settings, store_id: int, now: Instant, *, age: int) -> bool:
    """Whether there is something new to learn and the newest models are older than `age` milliseconds, or the log has doubled since."""
    return due.is_due(database, settings.models / str(store_id), store_id, now, age=age)


def evaluate(
    database: Database,
    store_id: int,
    *,
    horizon_days: float = 30.0,
    k: int = 10,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Evaluation, ...]:
    """The backtest of every recommender on the store's own past; `evaluation.table` prints one. Raises NothingToLearn."""
    progress("reading the log")
    interactions = history.read_interactions(database, store_id)
    if not len(interactions):
        raise NothingToLearn(store_id)
    return evaluation.evaluate_shop(interactions, horizon_days=horizon_days, k=k, progress=progress)


def recommend_once(
    database: Database,
    settings: Settings,
    store_id: int,
    *,
    slot: Slot = "home",
    user_id: str | None = None,
    anonymous_id: str | None = None,
    item: str | None = None,
    items: Sequence[str] = (),
    limit: int = 12,
) -> Answer:
    """One answer for somebody whose user id the caller vouches for (the command line, a mail, the agent's screen)."""
    directory = Directory(database, master=settings.secret_key)
    request = RecommendationRequest(
        store_id=store_id,
        slot=slot,
        anonymous_id=anonymous_id,
        proved_user_id=user_id,
        item=item,
        items=tuple(items),
        limit=limit,
    )
    return Recommender(database, settings, directory).answer(request)
