"""How well each recommender would have done: global time split, every product ranked, baselines side by side.

Train is everything up to the cut, test what lies in the horizon after it, so nothing of the future leaks through other customers; no
sampled negatives. Two questions: what do known people do in the horizon (`people`), and what comes next in a visit, from every
prefix (`visits`).
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from core.clock import DAY, Instant
from personalization.recommendations.arrays import BoolArray, IndexArray
from personalization.recommendations.blending import Weights
from personalization.recommendations.home import HomeSlotModel
from personalization.recommendations.interactions import Interactions, Kind
from personalization.recommendations.metrics import bootstrap_interval, gini, quality
from personalization.recommendations.recommenders.also_chosen import AlsoChosen
from personalization.recommendations.recommenders.base import Context, Model, Recommender
from personalization.recommendations.recommenders.bought_together import BoughtTogether
from personalization.recommendations.recommenders.buy_again import BuyAgain
from personalization.recommendations.recommenders.last_seen import LastSeen
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.recommenders.popular import Popular
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours
from personalization.recommendations.recommenders.viewed_next import ViewedNext

CONTEXT_ITEMS = 50
_NOTHING: IndexArray = np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a recommender is asked: what it may know, what turned out right, whose it is, and what it may not answer."""

    context: Context
    truth: IndexArray
    group: int
    excluded: IndexArray


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One recommender's result; times are seconds to fit and microseconds per answer."""

    recommender: str
    hit_rate: Measure
    ndcg: Measure
    reciprocal_rank: Measure
    recall: Measure
    coverage: float
    gini: float
    fit_seconds: float
    answer_mean_us: float
    answer_p99_us: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A table with what is needed to repeat it."""

    question: str
    k: int
    cut: Instant
    horizon_days: float
    questions: int
    groups: int
    data_checksum: str
    rows: tuple[Row, ...]

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)

    def best(self) -> Row:
        """The row of highest NDCG."""
        return max(self.rows, key=lambda row: row.ndcg.value)


def baselines() -> dict[str, Recommender]:
    """Every recommender that is printed, simple ones first, with the settings it ships with."""
    return {
        "popular": Popular(),
        "popular 7 days": Popular(window_days=7),
        "last seen": LastSeen(),
        "buy again": BuyAgain(),
        "bought together": BoughtTogether(),
        "viewed next": ViewedNext(),
        "session neighbours": SessionNeighbours(),
        "also chosen": AlsoChosen(),
        "LightFM": LightFMHybrid(),
    }


def people_questions(train: Interactions, test: Interactions, *, only_new: bool = False) -> list[Question]:
    """What each known person buys in the horizon (touches, if nobody buys); truth is products that existed before the cut.

    `only_new` leaves out of truth what the person had bought before: discovery judged apart from reminding.
    """
    kind = Kind.PURCHASE if (test.kind == Kind.PURCHASE).any() else Kind.VIEW
    existing = np.zeros(train.item_count, bool)
    existing[train.item] = True
    now = int(train.at[-1]) if len(train) else 0
    wanted = _by_person(test.of_kinds(kind))
    history = _by_person(train)
    questions = []
    for person, rows in wanted.items():
        if person not in history or train.person_ids[person] < 0:
            continue
        context = person_context(train, history[person], person, now)
        truth = np.unique(test.of_kinds(kind).item[rows]).astype(np.int32)
        truth = truth[existing[truth]]
        excluded = context.bought if only_new else _NOTHING
        truth = np.setdiff1d(truth, excluded).astype(np.int32)
        if len(truth):
            questions.append(Question(context, truth, person, excluded))
    return questions


def person_context(train: Interactions, rows: IndexArray, person: int, now: Instant) -> Context:
    """What is known of a person from these rows of the training interactions."""
    bought = rows[train.kind[rows] == Kind.PURCHASE]
    keys = np.unique(np.stack((train.visit[bought], train.item[bought])), axis=1, return_index=True)[1]
    bought = bought[np.sort(keys)]
    touched = rows[train.kind[rows] < Kind.PURCHASE][-CONTEXT_ITEMS:]
    return Context(now, train.item[touched], train.item[bought], train.at[bought], person)


def visit_questions(test: Interactions, known: BoolArray) -> list[Question]:
    """The next item from every prefix of every visit, and the prefix as context; visits of products unknown in training are skipped."""
    order = np.argsort(test.visit, kind="stable")
    item, visit, at = test.item[order], test.visit[order], test.at[order]
    bounds = np.flatnonzero(np.append(True, np.diff(visit) != 0))
    questions = []
    for start, end in zip(bounds, np.append(bounds[1:], len(item)), strict=True):
        items = item[start:end]
        for step in range(1, len(items)):
            if known[items[step]]:
                context = Context(int(at[start + step - 1]), items[:step])
                questions.append(Question(context, items[step : step + 1], -1 - int(visit[start]), _NOTHING))
    return questions


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model and the seconds its fit took."""

    model: Model
    seconds: float


def fit_all(
    recommenders: Mapping[str, Recommender], train: Interactions, progress: Callable[[str], None] = lambda _: None
) -> dict[str, Fitted]:
    """Every recommender fitted on the training part, and the home slot that blends them."""
    fitted: dict[str, Fitted] = {}
    for name, recommender in recommenders.items():
        progress(name)
        began = time.perf_counter()
        fitted[name] = Fitted(recommender.fit(train), time.perf_counter() - began)
    models = {recommenders[name].name: one.model for name, one in fitted.items()}
    if models.keys() >= HomeSlotModel.PARTS:
        fitted["home slot"] = Fitted(HomeSlotModel(Weights(), models), 0.0)
    return fitted


def evaluate(
    fitted: Mapping[str, Fitted],
    train: Interactions,
    questions: Sequence[Question],
    *,
    k: int,
    question: str,
    horizon_days: float = 0.0,
) -> Evaluation:
    """Ask each fitted model every question."""
    rows = [measure(name, one.model, questions, k, train.item_count, one.seconds) for name, one in fitted.items()]
    groups = len({q.group for q in questions})
    cut = int(train.at[-1]) if len(train) else 0
    return Evaluation(question, k, cut, horizon_days, len(questions), groups, train.checksum(), tuple(rows))


def measure(name: str, model: Model, questions: Sequence[Question], k: int, item_count: int, fit_seconds: float) -> Row:
    """One model's row over all questions."""
    values, shown, seconds = np.zeros((4, len(questions))), [], np.zeros(len(questions))
    allowed = np.ones(item_count, bool)
    for number, asked in enumerate(questions):
        allowed[asked.excluded] = False
        began = time.perf_counter()
        ranking = model.recommend(asked.context, k, allowed)
        seconds[number] = time.perf_counter() - began
        allowed[asked.excluded] = True
        found = quality(ranking.items, asked.truth, k)
        values[:, number] = (found.hit, found.ndcg, found.reciprocal_rank, found.recall)
        shown.append(ranking.items)
    groups = np.array([q.group for q in questions], np.int64)
    everything = np.concatenate(shown) if shown else np.zeros(0, np.int32)
    coverage = len(np.unique(everything)) / max(item_count, 1)
    micros = seconds * 1e6 if len(seconds) else np.zeros(1)
    hit_rate, ndcg, reciprocal_rank, recall = (_measure(row, groups) for row in values)
    return Row(
        recommender=name,
        hit_rate=hit_rate,
        ndcg=ndcg,
        reciprocal_rank=reciprocal_rank,
        recall=recall,
        coverage=coverage,
        gini=gini(everything, item_count),
        fit_seconds=fit_seconds,
        answer_mean_us=float(micros.mean()),
        answer_p99_us=float(np.percentile(micros, 99)),
    )


def split(interactions: Interactions, cut: Instant, horizon_days: float) -> tuple[Interactions, Interactions]:
    """Train up to and with the cut; test after it, as long as the horizon."""
    end = int(cut + horizon_days * DAY)
    return interactions.where(interactions.at <= cut), interactions.between(cut, end)


def evaluate_shop(
    interactions: Interactions,
    *,
    horizon_days: float = 30.0,
    k: int = 10,
    recommenders: dict[str, Recommender] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Evaluation, ...]:
    """The shop's own backtest over the last horizon: all products, products new to the person, and the next view in a visit."""
    latest = int(interactions.at[-1]) if len(interactions) else 0
    train, test = split(interactions, int(latest - horizon_days * DAY), horizon_days)
    recommenders = baselines() if recommenders is None else recommenders
    known = np.zeros(train.item_count, bool)
    known[train.item] = True
    views = test.of_kinds(Kind.VIEW)
    asked = {
        "what known people do next, all products": people_questions(train, test),
        "what known people do next, products new to them": people_questions(train, test, only_new=True),
        "the next product of a visit, from every prefix": _sample(visit_questions(views, known), 3000),
    }
    fitted = fit_all(recommenders, train, progress)
    return tuple(
        evaluate(fitted, train, questions, k=k, question=name, horizon_days=horizon_days)
        for name, questions in asked.items()
        if questions
    )


def table(evaluation: Evaluation) -> str:
    """The evaluation as text, one recommender a line."""
    head = (
        f"{evaluation.question} · {evaluation.questions} questions of {evaluation.groups} · "
        f"@{evaluation.k} · data {evaluation.data_checksum}"
    )
    title = (
        f"{'':20} {'HR':>23} {'NDCG':>23} {'MRR':>23} {'recall':>7} {'cover':>6} {'fit s':>7} {'µs':>7} {'p99 µs':>7}"
    )
    return "\n".join([head, title, *map(_line, evaluation.rows)])


def _line(row: Row) -> str:
    measured = " ".join(
        f"{m.value:.4f} [{m.low:.4f}, {m.high:.4f}]".rjust(23) for m in (row.hit_rate, row.ndcg, row.reciprocal_rank)
    )
    return (
        f"{row.recommender:20} {measured} {row.recall.value:7.4f} {row.coverage:6.3f} "
        f"{row.fit_seconds:7.2f} {row.answer_mean_us:7.0f} {row.answer_p99_us:7.0f}"
    )


def _measure(values: npt.NDArray[np.float64], groups: npt.NDArray[np.int64]) -> Measure:
    low, high = bootstrap_interval(values, groups)
    return Measure(float(values.mean()) if len(values) else 0.0, low, high)


def _by_person(interactions: Interactions) -> dict[int, IndexArray]:
    order = np.argsort(interactions.person, kind="stable").astype(np.int32)
    person = interactions.person[order]
    bounds = np.flatnonzero(np.append(True, np.diff(person) != 0)) if len(person) else np.zeros(0, np.int64)
    return {int(person[start]): rows for start, rows in zip(bounds, _pieces(order, bounds), strict=True)}


def _pieces(order: IndexArray, bounds: npt.NDArray[np.int64]) -> Iterator[IndexArray]:
    return iter(np.split(order, bounds[1:])) if len(bounds) else iter(())


def _sample(questions: list[Question], limit: int) -> list[Question]:
    """At most this many questions, whole groups kept apart evenly: a fixed random choice, not the first ones."""
    if len(questions) <= limit:
        return questions
    chosen = np.random.default_rng(3).choice(len(questions), limit, replace=False)
    return [questions[index] for index in np.sort(chosen)]
