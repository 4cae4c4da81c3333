"""The interface's language: every string goes through `gettext` or `ngettext`.

The catalogue of a request is held in a context variable, so that templates, macros and Python code read the same one.
Without a translation (`console/locales/<language>/LC_MESSAGES/console.mo`) the English of the source is shown.
"""

from contextvars import ContextVar, Token
from functools import lru_cache
from pathlib import Path

from babel.support import NullTranslations, Translations

_FOLDER = Path(__file__).parent / "locales"
_current: ContextVar[NullTranslations] = ContextVar("console_translations")
_english = NullTranslations()


@lru_cache(maxsize=32)
def translations(locale: str) -> NullTranslations:
    """The catalogue for a locale such as "de_DE"; the English source where there is none."""
    return Translations.load(_FOLDER, [locale, locale.partition("_")[0]], domain="console")


def use(locale: str) -> Token[NullTranslations]:
    """Speak `locale` for the rest of this request."""
    return _current.set(translations(locale))


def gettext(message: str) -> str:
    """The message in the request's language."""
    return str(_current.get(_english).gettext(message))


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form for `count` in the request's language; the caller fills in the number."""
    return str(_current.get(_english).ngettext(singular, plural, count))
