from dataclasses import dataclass

import numpy as np

from core.clock import DAY, MINUTE
from personalization.recommendations.arrays import BoolArray
from personalization.recommendations.evaluation import (
    baselines,
    evaluate,
    evaluate_shop,
    fit_all,
    measure,
    people_questions,
    split,
    table,
    visit_questions,
)
from personalization.recommendations.interactions import Kind
from personalization.recommendations.recommenders.base import Context, Ranking, rank, unexplained
from personalization.recommendations.recommenders.popular import Popular
from personalization.recommendations.recommenders.viewed_next import ViewedNext
from tests.personalization.recommendations.samples import BEGIN, shop, taste_groups, visits

A_DAY = DAY // MINUTE
FAST = ("popular", "last seen", "buy again", "bought together", "viewed next", "session neighbours")


@dataclass(frozen=True)
class Constant:
    """Gives every product the same score."""

    size: int

    def recommend(self, context: Context, k: int, allowed: BoolArray | None = None) -> Ranking:
        items = np.arange(self.size, dtype=np.int32)
        return unexplained(*rank(items, np.ones(self.size, np.float32), k, allowed))


def test_the_future_is_not_in_the_training_part() -> None:
    train, test = split(shop([(1, "a", Kind.VIEW, day * A_DAY) for day in range(10)]), BEGIN + 4 * DAY, 3)
    assert train.at.max() == BEGIN + 4 * DAY
    assert [(at - BEGIN) // DAY for at in test.at.tolist()] == [5, 6, 7]


def test_truth_is_what_a_known_person_buys_of_products_that_existed() -> None:
    interactions = shop(
        [
            (1, "old", Kind.PURCHASE, 0),
            (2, "other", Kind.PURCHASE, 0),
            (1, "other", Kind.PURCHASE, 2 * A_DAY),
            (1, "new", Kind.PURCHASE, 2 * A_DAY),
            (3, "other", Kind.PURCHASE, 2 * A_DAY),
        ]
    )
    questions = people_questions(*split(interactions, BEGIN + DAY, 5))
    assert len(questions) == 1
    assert [interactions.products.ids[item] for item in questions[0].truth] == ["other"]
    assert [interactions.products.ids[item] for item in questions[0].context.bought] == ["old"]


def test_discovery_leaves_out_what_was_bought_before() -> None:
    rows = [(1, "tea", Kind.PURCHASE, 0), (2, "pot", Kind.PURCHASE, 0), (1, "tea", Kind.PURCHASE, 2 * A_DAY)]
    train, test = split(shop(rows), BEGIN + DAY, 5)
    assert len(people_questions(train, test)) == 1
    assert people_questions(train, test, only_new=True) == []


def test_every_prefix_of_a_visit_is_a_question() -> None:
    interactions = visits("abc")
    questions = visit_questions(interactions, np.ones(3, bool))
    asked = [(q.context.items.tolist(), q.truth.tolist()) for q in questions]
    assert asked == [([0], [1]), ([0, 1], [2])]


def test_a_constant_scorer_does_not_score_high() -> None:
    """Ties in catalog order would put the wanted product first whenever the catalog happens to be sorted by popularity."""
    size = 400
    letters = [chr(0x4E00 + number) for number in range(size)]
    interactions = visits(*(letters[number % 5] + letters[(number + 1) % 5] for number in range(200)))
    questions = visit_questions(interactions, np.ones(interactions.item_count, bool))
    row = measure("constant", Constant(size), questions, 10, size, 0.0)
    assert row.hit_rate.value <= 0.2
    better = evaluate(
        fit_all({"viewed next": ViewedNext()}, interactions), interactions, questions, k=10, question="next"
    ).rows[0]
    assert better.hit_rate.value > 0.95


def test_a_shop_is_evaluated_on_all_three_questions_with_intervals() -> None:
    chosen = {name: recommender for name, recommender in baselines().items() if name in FAST}
    found = evaluate_shop(taste_groups(people=40), horizon_days=3, recommenders=chosen)
    assert [evaluation.question.split(",")[0] for evaluation in found] == [
        "what known people do next",
        "what known people do next",
        "the next product of a visit",
    ]
    for row in found[0].rows:
        assert row.ndcg.low <= row.ndcg.value <= row.ndcg.high
    assert "session neighbours" in table(found[0])


def test_the_same_evaluation_twice_has_the_same_figures() -> None:
    interactions = taste_groups(people=30)
    train, test = split(interactions, BEGIN + 2 * DAY, 10)
    asked = people_questions(train, test)
    first, second = (
        evaluate(fit_all({"popular": Popular()}, train), train, asked, k=5, question="same") for _ in range(2)
    )
    assert first.rows[0].ndcg == second.rows[0].ndcg
    assert first.data_checksum == second.data_checksum
