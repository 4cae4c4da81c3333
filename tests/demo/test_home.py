import stat
from pathlib import Path

from demo.home import Home, Keys, default_home
from demo.simulator.settings import SimulatorSettings

KEYS = Keys(
    store_id=1,
    write_key="wk",
    api_key="ak",
    secret_key="sk",
    email="owner@kettle-lane.example",
    password="word",
    history_ends_at=1_764_000_000_000,
)


def test_keys_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    home = Home(tmp_path / "kettle-lane")
    home.prepare()
    assert home.keys() is None
    home.keep(KEYS)
    assert home.keys() == KEYS
    assert stat.S_IMODE(home.keys_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700


def test_a_told_history_is_remembered(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not home.is_history_loaded
    home.history_is_loaded()
    assert home.is_history_loaded


def test_the_home_is_in_the_users_data_directory() -> None:
    assert default_home({"XDG_DATA_HOME": "/data"}).folder == Path("/data/kettle-lane")
    assert default_home({"HOME": "/people/ada"}).folder == Path("/people/ada/.local/share/kettle-lane")


def test_the_usual_history_is_the_usual_year() -> None:
    assert KEYS.history() == SimulatorSettings(end=KEYS.history_ends_at)
