"""Settings: kept secrets, and what of a value may be printed."""

import stat
from pathlib import Path

import pytest

from core import settings


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    environment = {"REGULARS_HOME": str(tmp_path / "home")}
    first = settings.load(environment)
    assert settings.load(environment).secret_key == first.secret_key
    assert len(first.secret_key) == 64
    [path] = (tmp_path / "home").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("postgresql+psycopg://shop:s3cr@t@db:5432/regulars?x=1", "postgresql+psycopg://shop:***@db:5432/regulars?x=1"),
        ("redis://:s3cret@cache/0", "redis://:***@cache/0"),
        ("sqlite:////var/lib/regulars.db", "sqlite:////var/lib/regulars.db"),
        ("orders@localhost", "orders@localhost"),
    ],
)
def test_a_password_in_a_url_is_not_printed(value: str, printed: str) -> None:
    assert settings.without_password(value) == printed
