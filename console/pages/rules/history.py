"""Versions of a rule side by side, with the words that changed marked."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup

from console.frame import PageContext
from console.language import gettext as _
from console.parts import Tag
from loyalty.rules import evaluation
from loyalty.rules.schemas import Rule, RuleVersion

_WORDS = re.compile(r"\s+|[^\s,.]+|[,.]")  # words, the space between them, and what ends a phrase


@dataclass(frozen=True)
class ShownVersion:
    """A version with its sentence, marked where it differs from the one before it."""

    version: RuleVersion
    tag: Tag
    sentence: Markup
    lasting: str
    was_first: bool


def shown_versions(page: PageContext, rule: Rule) -> list[ShownVersion]:
    """Every version, newest first."""
    return [
        ShownVersion(
            version,
            version_tag(version),
            marked(
                in_words(page, rule.versions[at + 1]) if at + 1 < len(rule.versions) else "", in_words(page, version)
            ),
            lasting(page, version),
            was_first=at + 1 == len(rule.versions),
        )
        for at, version in enumerate(rule.versions)
    ]


def in_words(page: PageContext, version: RuleVersion) -> str:
    """The whole rule, with how its points can be spent."""
    text = evaluation.in_words(version.body, page.store.currency, page.store.locale)
    return f"{text} {lasting(page, version)}"


def lasting(page: PageContext, version: RuleVersion) -> str:
    """From when the points can be spent and how long they last."""
    days, months = version.body.spendable_after_days, version.body.lasts_months
    form = page.format
    when = _("at once") if days == 0 else _("%(days)s days after the order") % {"days": form.number(days)}
    if months is None:
        return _("They can be spent %(when)s and last for ever.") % {"when": when}
    return _("They can be spent %(when)s and last %(months)s months.") % {"when": when, "months": form.number(months)}


def marked(before: str, after: str) -> Markup:
    """`after` with the words marked that `before` does not have there; nothing is marked without a `before`."""
    if not before:
        return Markup.escape(after)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    changes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return Markup("").join(
        _marked("".join(new[start:end]), is_changed=kind != "equal") for kind, _from, _to, start, end in changes
    )


def version_tag(version: RuleVersion) -> Tag:
    """A version's state."""
    number = {"number": version.version}
    if version.state == "on":
        return Tag(_("Version %(number)s is on") % number, "good", "check")
    if version.state == "draft":
        return Tag(_("Draft of version %(number)s") % number)
    return Tag(_("Version %(number)s, past") % number)


def _marked(text: str, *, is_changed: bool) -> Markup:
    """The text, its words marked where it changed; the spaces round them stay outside the mark."""
    words = text.strip()
    if not is_changed or not words:
        return Markup.escape(text)
    left, right = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return Markup('{}<mark class="changed">{}</mark>{}').format(left, words, right)
