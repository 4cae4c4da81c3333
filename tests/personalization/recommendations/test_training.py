from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.clock import DAY
from personalization.recommendations import training
from personalization.recommendations.interactions import Interactions
from personalization.recommendations.recommenders.base import Recommender
from personalization.recommendations.recommenders.lightfm_hybrid import LightFMHybrid
from personalization.recommendations.storage import current_version, load_set
from personalization.recommendations.training import train_on
from tests.personalization.recommendations.samples import BEGIN, taste_groups


@pytest.fixture(autouse=True)
def small_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """LightFM with few dimensions: its size is not what is tested here."""
    usual = training.recommenders()
    small: tuple[Recommender, ...] = tuple(
        LightFMHybrid(dimensions=4, epochs=2) if one.name == "lightfm_hybrid" else one for one in usual
    )
    monkeypatch.setattr(training, "recommenders", lambda: small)


def first_part(interactions: Interactions) -> Interactions:
    return interactions.where(interactions.at <= BEGIN + 2 * DAY)


def shuffled_after(interactions: Interactions, seed: int = 1) -> Interactions:
    """The same rows with the products of the past mixed up: what a broken import would teach."""
    chance = np.random.default_rng(seed)
    past = interactions.at <= BEGIN + 2 * DAY
    item = interactions.item.copy()
    item[past] = chance.permutation(item[past])
    return replace(interactions, item=item)


def test_the_first_training_answers(tmp_path: Path) -> None:
    report = train_on(taste_groups(), tmp_path, 1)
    assert report.current
    assert report.decision == "It answers from now on: the first."
    assert current_version(tmp_path) == report.version
    assert (report.interactions, report.people, report.products) == (720, 60, 20)


def test_a_version_has_every_trained_model_and_what_it_was_measured_at(tmp_path: Path) -> None:
    report = train_on(taste_groups(), tmp_path, 1)
    found = load_set(tmp_path, report.version)
    assert sorted(found.models) == sorted(one.name for one in training.recommenders())
    assert set(found.manifest.measured) == {one.name for one in training.compared()}


def test_a_later_training_takes_over(tmp_path: Path) -> None:
    first = train_on(first_part(taste_groups(120)), tmp_path, 1)
    second = train_on(taste_groups(120), tmp_path, 1)
    assert second.current
    assert second.decision == "It answers from now on: not worse than the version before."
    assert current_version(tmp_path) == second.version != first.version


def test_a_model_that_is_clearly_worse_does_not_take_over(tmp_path: Path) -> None:
    first = train_on(first_part(taste_groups(120)), tmp_path, 1)
    second = train_on(shuffled_after(taste_groups(120)), tmp_path, 1)
    assert not second.current
    assert second.decision.startswith(f"The old version {first.version} stays: NDCG would fall (")
    assert current_version(tmp_path) == first.version
