"""Static files: budgets, names that change with the content, long caches, and vendored files that nobody touched."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from console.assets import BUNDLES, assets

STATIC = Path(__file__).parents[2] / "console" / "static"
BUDGET = {"console.css": 25 * 1024, "console.js": 45 * 1024, "icons.svg": 2 * 1024}


@pytest.mark.parametrize("name", BUDGET)
def test_a_bundle_stays_within_its_budget(name: str) -> None:
    assert len(assets()[name].compressed) <= BUDGET[name]


def test_every_own_file_is_in_a_bundle() -> None:
    bundled = {part for parts in BUNDLES.values() for part in parts}
    own = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.suffix in (".css", ".js", ".svg")}
    assert own == bundled


def test_a_name_carries_its_content(client: TestClient) -> None:
    for name, asset in assets().items():
        stem, suffix = name.split(".")
        assert asset.hashed_name == f"{stem}-{hashlib.sha256(asset.content).hexdigest()[:12]}.{suffix}"
        answer = client.get(f"/console/static/{asset.hashed_name}")
        assert answer.status_code == 200
        assert answer.content == asset.content
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(asset.compressed) == asset.content
        assert "set-cookie" not in answer.headers


def test_without_gzip_the_plain_content_is_sent(client: TestClient) -> None:
    asset = assets()["icons.svg"]
    answer = client.get(f"/console/static/{asset.hashed_name}", headers={"accept-encoding": "identity"})
    assert answer.content == asset.content
    assert "content-encoding" not in answer.headers
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("name", ["console.css", "console-000000000000.css", "..%2Fapp.py", "tokens.css"])
def test_other_names_do_not_exist(client: TestClient, name: str) -> None:
    assert client.get(f"/console/static/{name}").status_code == 404


def test_vendored_files_are_those_their_table_names() -> None:
    table = (STATIC / "vendor" / "README.md").read_text()
    named = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", table, re.MULTILINE))
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (STATIC / "vendor").glob("*.min.*")}
    assert named == found


def test_own_scripts_need_no_eval_and_no_other_host() -> None:
    for path in (STATIC / "js").glob("*.js"):
        text = path.read_text()
        assert not re.search(r"\beval\b|new Function|innerHTML|insertAdjacentHTML|document\.write|https?://", text), (
            path.name
        )


def test_own_styles_load_nothing() -> None:
    for path in [*(STATIC / "css").glob("*.css"), STATIC / "tokens.css"]:
        assert not re.search(r"url\(|@import|@font-face", path.read_text()), path.name


def test_an_icon_that_templates_name_is_in_the_sprite() -> None:
    symbols = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    templates = "\n".join(path.read_text() for path in (STATIC.parent / "templates").rglob("*.html"))
    assert set(re.findall(r'\bicon\("([\w-]+)"', templates)) <= symbols
