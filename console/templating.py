"""The template environment: the kit's globals and filters, translated, escaped, strict about names."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from console import charts, language
from console.accounts import initials
from console.assets import assets
from console.frame import current_page
from console.parts import next_sort

_FOLDER = Path(__file__).parent / "templates"

# Filters are the methods of the request's Formatter, so that a macro needs no context: {{ 6450|money("EUR") }}.
_FORMATS = (
    "number", "about", "percent", "money", "whole_money", "signed",
    "day", "named_date", "plain_date", "short_date", "time", "exact", "when", "duration",
)  # fmt: skip


def environment() -> Environment:
    """A fresh environment over `console/templates`; an unknown name in a template raises."""
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {name: _format_filter(name) for name in _FORMATS}
    made.globals |= {
        "static_url": static_url,
        "icon": icon,
        "csrf_field": csrf_field,
        "initials": initials,
        "next_sort": next_sort,
        "link_with": lambda **changes: current_page().link_with(**changes),
        "day_span": lambda first, last: current_page().format.span(first, last),
        "sparkline": charts.sparkline,
        "bar": charts.bar,
        "columns": charts.columns,
        "histogram": charts.histogram,
        "weekly": charts.weekly,
        "meter_drawing": charts.meter,
    }
    return made


def static_url(name: str) -> str:
    """The address of a bundle (`console.css`, `console.js`, `icons.svg`) with its content's hash in it."""
    return f"{current_page().root}/static/{assets()[name].hashed_name}"


def icon(name: str, kind: str = "") -> Markup:
    """An icon of the sprite, hidden from screen readers; `kind` is a colour class such as "warn"."""
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        f"i {kind}".strip(), static_url("icons.svg"), name
    )


def csrf_field() -> Markup:
    """The hidden field that every form with method="post" needs."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(current_page().csrf_token)


def _format_filter(name: str) -> Any:
    def apply(value: Any, *arguments: Any, **options: Any) -> Any:
        return getattr(current_page().format, name)(value, *arguments, **options)

    return apply
