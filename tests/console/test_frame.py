"""Links, counts, CSV and the interface's language."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from starlette.testclient import TestClient

from console import language
from console.answers import csv

Enter = Callable[[str], TestClient]


def test_a_link_keeps_the_rest_of_the_view(enter: Enter) -> None:
    text = enter("mara").get("/console/setup/parts?tag=a&tag=b&after=5&sort=name").text
    assert 'href="/console/setup/parts?tag=a&amp;tag=b&amp;sort=name"' in text
    assert 'href="/console/setup/parts?tag=a&amp;tag=b&amp;sort=people"' in text


def test_csv_has_no_formulas() -> None:
    answer = csv("people", ["Name", "Points"], [["=HYPERLINK(1)", -5], ["Ines, Falk", 7], ["@x", 0]])
    assert answer.headers["content-disposition"] == 'attachment; filename="people.csv"'
    text = bytes(answer.body).decode("utf-8-sig")
    assert text == "Name,Points\r\n'=HYPERLINK(1),-5\r\n\"Ines, Falk\",7\r\n'@x,0\r\n"


def test_a_count_that_fails_leaves_the_page_standing(
    console: object, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(page: object) -> None:
        raise RuntimeError("no database")

    client = enter("mara")
    mounted = console.routes[0].app  # type: ignore[attr-defined]
    navigation = next(layer for layer in mounted.user_middleware).kwargs["navigation"]
    for area in navigation.areas:
        if area.section == "people":
            object.__setattr__(area, "count", fail)
    text = client.get("/console/setup").text
    assert 'href="/console/people"' in text
    assert "18,440" not in text


def test_the_interface_speaks_the_language_of_the_store(
    enter: Enter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="en_GB")
    catalogue.add("People", "Leute")
    catalogue.add(
        ("%(num)s hit for “%(text)s”.", "%(num)s hits for “%(text)s”."),
        ("%(num)s Fund: “%(text)s”", "%(num)s Funde: “%(text)s”"),
    )
    written = BytesIO()
    write_mo(written, catalogue)
    folder = tmp_path / "en_GB" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "console.mo").write_bytes(written.getvalue())
    monkeypatch.setattr(language, "_FOLDER", tmp_path)
    language.translations.cache_clear()
    try:
        text = enter("mara").get("/console/find?q=<ines>").text
    finally:
        language.translations.cache_clear()
    assert ">Leute<span" in text
    assert "0 Funde: “&lt;ines&gt;”" in text
    assert "Segments" in text
