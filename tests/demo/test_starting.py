from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.routing import Mount

from demo.__main__ import main, welcome
from demo.background import main as background
from demo.background import sentences
from demo.history.errors import CommandFailed, Unreachable
from demo.home import Home, Keys
from demo.serving import Place, mounts, shop_settings
from demo.shop.application import create_shop

KEYS = Keys(
    store_id=4,
    write_key="wk",
    api_key="ak",
    secret_key="sk",
    email="owner@kettle-lane.example",
    password="console-password",
    history_ends_at=1_764_000_000_000,
    shopper_email="elif.blum@example.net",
    shopper_password="shop-password",
)
BASE_URL = "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")],
)
def test_this_machine_reaches_the_shop(host: str, local: str) -> None:
    assert Place(host=host, port=80, base_url=BASE_URL).local_url == local


def test_the_first_welcome_shows_the_passwords() -> None:
    lines = welcome(Home(Path("/home/kl")), KEYS, BASE_URL, is_first=True).splitlines()
    assert lines == [
        "",
        "  Shop     http://127.0.0.1:8000/shop     elif.blum@example.net  shop-password",
        "  Console  http://127.0.0.1:8000/console  owner@kettle-lane.example  console-password",
    ]


def test_a_later_welcome_says_where_they_are() -> None:
    text = welcome(Home(Path("/home/kl")), KEYS, BASE_URL, is_first=False)
    assert "password" not in text.replace("The passwords are in /home/kl/keys.json", "")
    assert "The passwords are in /home/kl/keys.json" in text


def test_the_shop_is_told_its_keys_and_mounted(tmp_path: Path) -> None:
    settings = shop_settings(Home(tmp_path), KEYS, BASE_URL)
    assert settings.webhook_url == "http://127.0.0.1:8000/webhooks/generic/4"
    assert (settings.write_key, settings.secret_key) == ("wk", "sk")
    shop = create_shop(settings)
    (mount,) = mounts(shop)
    assert isinstance(mount, Mount)
    assert mount.path == "/shop"
    shop.state.shop.worker.stop()


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The commands of Regulars read the environment, which the start completes: what it writes is taken back.
    monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
    monkeypatch.setenv("REGULARS_BASE_URL", "gopher://kettle")
    done = CliRunner().invoke(main, ["--home", str(tmp_path / "home")])
    assert done.exit_code == 1
    assert "REGULARS_BASE_URL must begin with http:// or https://." in done.output
    assert "Traceback" not in done.output


def test_the_second_process_needs_a_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.nice", lambda _: 0)
    done = CliRunner().invoke(
        background, ["--home", str(tmp_path), "--base-url", BASE_URL, "--regulars-url", "http://127.0.0.1:9"]
    )
    assert done.exit_code == 1
    assert "keys.json is missing" in done.output


def test_each_failure_is_said_once() -> None:
    failed = CommandFailed(("import", "orders"), "no column")
    group = ExceptionGroup("", [ExceptionGroup("", [Unreachable("/v1/import"), failed]), failed])
    assert sentences(group) == ["/v1/import did not answer for too long.", "“regulars import orders” failed: no column"]
