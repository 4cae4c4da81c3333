from pathlib import Path

import numpy as np
import pytest

from personalization.recommendations.recommenders.popular import Popular
from personalization.recommendations.recommenders.session_neighbours import SessionNeighbours
from personalization.recommendations.storage import DamagedModel, current_version, load_set, make_current, save_set
from tests.personalization.recommendations.samples import visits


def save(root: Path, version: str) -> None:
    interactions = visits("abc", "bcd")
    save_set(
        root,
        models={"popular": Popular().fit(interactions), "session_neighbours": SessionNeighbours().fit(interactions)},
        products=interactions.products,
        version=version,
        store_id=1,
        created_at=5,
        data_until=4,
        log_position=3,
        data_checksum=interactions.checksum(),
        measured={"popular": {"ndcg": 0.5}},
    )


def test_before_the_first_training_there_is_no_version(tmp_path: Path) -> None:
    assert current_version(tmp_path) is None


def test_a_version_comes_back_as_it_was(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    found = load_set(tmp_path, "v1")
    assert found.product_ids == ("a", "b", "c", "d")
    assert found.manifest.measured == {"popular": {"ndcg": 0.5}}
    assert np.array_equal(found.models["popular"].scores, Popular().fit(visits("abc", "bcd")).scores)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    path = tmp_path / "v1" / "popular" / "scores.npy"
    np.save(path, np.zeros(4, np.float32))
    with pytest.raises(DamagedModel, match=r"scores\.npy does not match"):
        load_set(tmp_path, "v1")


@pytest.mark.parametrize("written", [b'"half_life_days"', b'"scores"', b'"popular"'])
def test_a_model_of_another_release_is_left_out_and_the_others_answer(tmp_path: Path, written: bytes) -> None:
    save(tmp_path, "v1")
    path = tmp_path / "v1" / "manifest.json"
    manifest = path.read_bytes()
    path.write_bytes(manifest.replace(written, b'"of_another_release"', 1))
    assert list(load_set(tmp_path, "v1").models) == ["session_neighbours"]


def test_saving_does_not_answer_before_the_swap(tmp_path: Path) -> None:
    save(tmp_path, "v1")
    assert current_version(tmp_path) is None
    make_current(tmp_path, "v1")
    assert current_version(tmp_path) == "v1"


def test_only_the_newest_versions_are_kept_and_the_current_one_always(tmp_path: Path) -> None:
    for version in ("v1", "v2", "v3", "v4"):
        save(tmp_path, version)
    make_current(tmp_path, "v1", keep=2)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["v1", "v3", "v4"]
