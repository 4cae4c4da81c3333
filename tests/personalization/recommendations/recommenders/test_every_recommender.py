"""What holds of every recommender, whatever its method."""

from pathlib import Path

import numpy as np
import pytest

from personalization.recommendations.evaluation import evaluate, fit_all, people_questions, split
from personalization.recommendations.recommenders.base import Context, Model, Ranking, Recommender
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.recommenders.registry import RECOMMENDERS
from personalization.recommendations.storage import load_model, save_model
from tests.personalization.recommendations.samples import BEGIN, shop, taste_groups

SMALL = {"lightfm_hybrid": LightFMHybrid(dimensions=8, epochs=5)}
CONTEXT = Context(
    BEGIN + 10**9,
    items=np.array([1, 2, 3], np.int32),
    bought=np.array([4, 5, 4], np.int32),
    bought_at=np.array([BEGIN, BEGIN + 1000, BEGIN + 2000], np.int64),
)


@pytest.fixture(params=sorted(RECOMMENDERS))
def recommender(request: pytest.FixtureRequest) -> Recommender:
    """Each recommender, the slow one smaller."""
    return SMALL.get(request.param) or RECOMMENDERS[request.param]()


def same(left: Ranking, right: Ranking) -> bool:
    columns = ("items", "scores", "support", "base", "cause")
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in columns)


def ask(model: Model, context: Context = CONTEXT, k: int = 6) -> Ranking:
    return model.recommend(context, k)


def test_is_registered_under_its_own_name(recommender: Recommender) -> None:
    assert RECOMMENDERS[recommender.name] is type(recommender)


def test_answers_something(recommender: Recommender) -> None:
    assert len(ask(recommender.fit(taste_groups()))) > 0


def test_a_refit_gives_the_same_model(recommender: Recommender) -> None:
    assert same(ask(recommender.fit(taste_groups())), ask(recommender.fit(taste_groups())))


def test_saving_and_loading_changes_nothing(recommender: Recommender, tmp_path: Path) -> None:
    model = recommender.fit(taste_groups())
    entry = save_model(model, tmp_path / recommender.name)
    assert same(ask(model), ask(load_model(recommender.name, entry, tmp_path)))


def test_only_what_is_allowed_is_answered(recommender: Recommender) -> None:
    allowed = np.zeros(20, bool)
    allowed[[2, 4, 7]] = True
    answered = recommender.fit(taste_groups()).recommend(CONTEXT, 6, allowed)
    assert set(answered.items.tolist()) <= {2, 4, 7}


def test_the_shorter_answer_is_the_beginning_of_the_longer(recommender: Recommender) -> None:
    model = recommender.fit(taste_groups())
    assert ask(model, k=3).items.tolist() == ask(model, k=9).items.tolist()[:3]


def test_scores_fall_and_are_finite_and_nothing_comes_twice(recommender: Recommender) -> None:
    answered = ask(recommender.fit(taste_groups()), k=20)
    assert np.isfinite(answered.scores).all()
    assert (np.diff(answered.scores) <= 0).all()
    assert len(set(answered.items.tolist())) == len(answered)


def test_counts_never_exceed_their_base(recommender: Recommender) -> None:
    answered = ask(recommender.fit(taste_groups()), k=20)
    assert (answered.support <= answered.base).all()


def test_nothing_known_of_a_visitor_is_no_error(recommender: Recommender) -> None:
    recommender.fit(taste_groups()).recommend(Context(BEGIN), 5)


def test_a_shop_without_history_gives_an_empty_answer(recommender: Recommender) -> None:
    empty = shop([], taste_groups().products)
    answered = recommender.fit(empty).recommend(Context(BEGIN), 5)
    assert answered.items.tolist() == []


@pytest.mark.parametrize("name", ["bought_together", "viewed_next", "session_neighbours", "lightfm_hybrid"])
def test_does_better_than_chance_where_tastes_differ(name: str) -> None:
    recommender = SMALL.get(name) or RECOMMENDERS[name]()
    interactions = taste_groups(people=120)
    train, test = split(interactions, BEGIN + 5 * 86_400_000, 30)
    questions = people_questions(train, test)
    row = evaluate(fit_all({recommender.name: recommender}, train), train, questions, k=5, question="tastes").rows[0]
    # A random list of five of twenty products hits one of the person's with well under this rate.
    assert row.ndcg.value > 0.25
