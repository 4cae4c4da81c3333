"""The built snippet is exactly what its source gives, and no larger than promised."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

SNIPPET = Path(__file__).parents[2] / "storefront_plugin" / "snippet"
BUILT = SNIPPET / "built"
TRACKER_BUDGET = 3 * 1024
ALL_BUDGET = 10 * 1024


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def gzipped(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9))


@pytest.fixture(scope="module")
def build_tools() -> str:
    """The path of node, with the build tool installed beside the snippet."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("node and npm are not on this machine: install them to rebuild the snippet")
    if not (SNIPPET / "node_modules" / "esbuild").exists():
        installed = subprocess.run([npm, "ci"], cwd=SNIPPET, capture_output=True, text=True, timeout=120)
        if installed.returncode:
            pytest.skip("npm ci in storefront_plugin/snippet did not work here: is there a network?")
    return node


def test_the_built_files_are_what_the_source_gives(build_tools: str, tmp_path: Path) -> None:
    subprocess.run([build_tools, "build.mjs", str(tmp_path)], cwd=SNIPPET, check=True, capture_output=True)
    assert contents(tmp_path) == contents(BUILT), "run `npm run build` in storefront_plugin/snippet and commit built/"


def test_the_sizes_are_within_the_budget() -> None:
    tracker = gzipped(BUILT / "regulars.js")
    [widgets] = BUILT.glob("regulars-widgets-*.js")
    assert tracker <= TRACKER_BUDGET
    assert tracker + gzipped(widgets) <= ALL_BUDGET


def test_the_tracker_names_the_widgets_file_that_is_there() -> None:
    [widgets] = BUILT.glob("regulars-widgets-*.js")
    assert widgets.name in (BUILT / "regulars.js").read_text()


@pytest.mark.parametrize(
    ("forbidden", "why"),
    [
        (r"\beval\(|new Function", "a strict Content-Security-Policy forbids it"),
        (r"[\"'](?:before)?unload[\"']|onunload", "an unload listener ends the back/forward cache"),
        (r"innerHTML|insertAdjacentHTML|document\.write", "what a catalog says must not become markup"),
        (r"\.style\b|setAttribute\([\"']style", "a strict Content-Security-Policy forbids inline styles"),
        (r"https?://", "no other host is called"),
    ],
)
def test_the_built_files_do_without(forbidden: str, why: str) -> None:
    for file in BUILT.glob("*.js"):
        assert re.search(forbidden, file.read_text()) is None, f"{file.name}: {why}"


def test_the_guide_gives_the_sizes_of_the_built_files() -> None:
    guide = (SNIPPET.parents[1] / "docs" / "guide" / "snippet.md").read_text()
    [widgets] = BUILT.glob("regulars-widgets-*.js")
    for file in (BUILT / "regulars.js", widgets):
        assert f"{gzipped(file):,} bytes" in guide, f"docs/guide/snippet.md does not give the size of {file.name}"
