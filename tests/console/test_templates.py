"""What holds of every template: nothing a strict Content-Security-Policy would refuse, and no text outside gettext."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

from console.templating import environment

FOLDER = Path(__file__).parents[2] / "console" / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
# The sample page shows a made-up shop; its texts are data.
SAMPLES = {"setup/parts.html", "setup/preview.html", "setup/feed.html"}


def test_there_are_templates() -> None:
    assert {"base.html", "parts/table.html", *SAMPLES} <= set(TEMPLATES)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_has_no_inline_style_script_or_handler(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (FOLDER / name).read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"hx-on|js:|<script(?![^>]*\ssrc=)|<style|javascript:", text)
    # A filter in hx-trigger needs eval, which the policy forbids.
    assert not re.search(r"hx-trigger[^=]*=\s*[\"'][^\"']*\[", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_loads_nothing_from_another_host(name: str) -> None:
    assert not re.search(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", (FOLDER / name).read_text())


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_form_that_posts_has_its_token(name: str) -> None:
    text = (FOLDER / name).read_text()
    forms = re.findall(r"<form[^>]*\smethod=\"post\".*?</form>", text, re.DOTALL)
    assert len(forms) == len(re.findall(r"\smethod=\"post\"", text))
    assert [form for form in forms if "csrf_field()" not in form] == []
    # A button that posts a form which otherwise asks carries the token itself, so that it never stands in an address.
    buttons = re.findall(r"<button[^>]*formmethod=\"post\"[^>]*>", text)
    assert [button for button in buttons if 'name="csrf_token" value="{{ page.csrf_token }}"' not in button] == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in SAMPLES])
def test_every_word_goes_through_gettext(name: str) -> None:
    tree = environment().parse((FOLDER / name).read_text())
    texts = [data.data for data in tree.find_all(nodes.TemplateData)]
    page = "\x00".join(texts)
    visible = re.sub(r"<[^>]*>", " ", re.sub(r"<(kbd|pre|title)\b.*?</\1>", " ", page, flags=re.DOTALL))
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"[\w:-]+=\"[^\"]*\"?", " ", visible))
    assert [word for word in words if word not in ("Regulars", "doctype", "html")] == []
