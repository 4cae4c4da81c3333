import numpy as np
import pytest

from personalization.recommendations.recommenders import lightfm_hybrid
from personalization.recommendations.recommenders.base import Context
from personalization.recommendations.recommenders.lightfm_hybrid import FactorsNotFinite, LightFMHybrid
from tests.personalization.recommendations.samples import BEGIN, taste_groups

SMALL = LightFMHybrid(dimensions=8, epochs=5)


def test_the_folded_product_is_what_the_library_predicts() -> None:
    interactions = taste_groups()
    library, features = SMALL.fitted(interactions)
    items, people = lightfm_hybrid.folded(library, features, 1.0)
    predicted = library.predict(np.full(20, 3), np.arange(20), item_features=features)
    assert np.allclose(items @ people[3], predicted, atol=1e-4)


def test_somebody_unknown_is_placed_by_what_they_touched() -> None:
    model = SMALL.fit(taste_groups(people=120))
    answered = model.recommend(Context(BEGIN, items=np.array([1, 2, 3], np.int32)), 5)
    assert all(item < 10 for item in answered.items.tolist()[:3])


def test_a_fit_that_diverges_is_refused() -> None:
    with pytest.raises(FactorsNotFinite):
        LightFMHybrid(dimensions=8, epochs=20, learning_rate=1e30).fit(taste_groups())
