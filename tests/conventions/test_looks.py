"""Templates keep to the strict policy: no inline style, no inline script."""

import re

import pytest

from tests.conventions.sources import ROOT

TEMPLATES = [
    path
    for folder in ("console/templates", "storefront_plugin/templates", "demo/shop/templates")
    for path in sorted((ROOT / folder).rglob("*.html"))
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_inline(path: object) -> None:
    text = path.read_text()  # type: ignore[attr-defined]
    assert re.findall(r"\sstyle=|\son[a-z]+=|<script(?![^>]*src=)|hx-on", text) == []
