"""A rule as the words of a sentence, and back: what the form of the workbench sends and what it is filled with.

A condition that no word stands for is kept as it is and shown as a sentence; it comes from the version the form began with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from babel.numbers import NumberFormatError, parse_decimal

from console.format import Formatter
from console.language import gettext as _
from console.parts import FieldError
from core import money
from core.conditions import parse, sentence
from loyalty.rules import fields
from loyalty.rules.errors import WrongRule
from loyalty.rules.evaluation import check
from loyalty.rules.schemas import BonusRule, RuleBody, SpendRule

FOR_EVER = "ever"
OPTIONAL = ("least", "pieces", "holds")  # parts of the sentence that may be added and taken away
_LONGEST = 200
_NAMES = ("name", "kind", "people", "points", "per", "category", "wait", "lasts", *OPTIONAL)


@dataclass(frozen=True)
class Words:
    """The answers as texts, just as they were typed. An optional part that is not in the sentence is None.

    `kept` are conditions that no word stands for.
    """

    name: str = ""
    kind: str = "spend"
    people: str = ""
    least: str | None = None
    pieces: str | None = None
    holds: str | None = None
    points: str = "1"
    per: str = ""
    category: str = ""
    wait: str = "0"
    lasts: str = "12"
    kept: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What the words say: a rule, or what has to be changed before they are one."""

    words: Words
    body: RuleBody | None
    errors: list[FieldError] = field(default_factory=list)


def fresh(form: Formatter, currency: str) -> Words:
    """The words a new rule begins with: one point for every whole unit spent."""
    return Words(per=form.money(10 ** money.exponent(currency), currency))


def of_body(name: str, body: RuleBody, form: Formatter, currency: str) -> Words:
    """A saved rule in words."""
    words = Words(
        name=name,
        points=str(body.points),
        wait=str(body.spendable_after_days),
        lasts=FOR_EVER if body.lasts_months is None else str(body.lasts_months),
        per=form.money(10 ** money.exponent(currency), currency),
    )
    if isinstance(body, SpendRule):
        words = replace(words, per=form.money(body.per, currency), category=body.category or "")
    else:
        words = replace(words, kind="bonus")
    return _with_conditions(words, body.condition, form, currency)


def of_form(answers: Mapping[str, Any], begun: Words, form: Formatter, currency: str) -> Words:
    """What a form says; what it does not mention stays as it was. `add` and `drop` name an optional part."""
    if not any(name in answers for name in _NAMES):
        return begun
    said: dict[str, Any] = {
        name: str(answers[name]).replace("\x00", "")[:_LONGEST] for name in _NAMES if name in answers
    }
    said |= {name: said.get(name) for name in OPTIONAL}
    added, dropped = str(answers.get("add", "")), str(answers.get("drop", ""))
    if added in OPTIONAL and said[added] is None:
        said[added] = {"pieces": "2", "least": form.money(40 * 10 ** money.exponent(currency), currency)}.get(added, "")
    if dropped in OPTIONAL:
        said[dropped] = None
    if dropped == "kept":
        said["kept"] = ()
    return replace(begun, **said)


def as_form(words: Words) -> dict[str, str]:
    """The words as a form sends them."""
    said = {name: getattr(words, name) for name in _NAMES}
    return {name: value for name, value in said.items() if value is not None}


def read(words: Words, form: Formatter, currency: str) -> Reading:
    """The rule the words say, checked, or the words that are wrong."""
    errors: list[FieldError] = []
    body = _body(words, form, currency, errors)
    if not errors:
        try:
            check(body)
        except WrongRule as error:
            errors.append(FieldError(_word_of(error.field), str(error)))
    return Reading(words, None if errors else body, errors)


def kept_sentences(words: Words, locale: str) -> list[str]:
    """The conditions that no word stands for, in English."""
    return [sentence(parse({"v": 1, **node}, fields.ORDER), fields.ORDER, locale) for node in words.kept]


def _with_conditions(words: Words, condition: Mapping[str, Any] | None, form: Formatter, currency: str) -> Words:
    if condition is None:
        return words
    tree = {name: value for name, value in condition.items() if name != "v"}
    nodes = tree["all"] if set(tree) == {"all"} else [tree]
    for node in nodes:
        word = _word(node, form, currency)
        if word is None or getattr(words, word[0]) not in ("", None):
            words = replace(words, kept=(*words.kept, node))
        else:
            said: dict[str, Any] = {word[0]: word[1]}
            words = replace(words, **said)
    return words


def _word(node: Mapping[str, Any], form: Formatter, currency: str) -> tuple[str, str] | None:
    """The word that stands for a leaf, with its value."""
    match node:
        case {"field": "person.segments", "op": "in" | "contains", "value": value}:
            name = _only(value)
            return None if name is None else ("people", name)
        case {"field": "order.categories", "op": "in" | "contains", "value": value}:
            name = _only(value)
            return None if name is None else ("holds", name)
        case {"field": "order.goods", "op": ">=", "value": {"minor": int(minor), "currency": str(of)}} if (
            of == currency
        ):
            return "least", form.money(minor, currency)
        case {"field": "order.pieces", "op": ">=", "value": int(pieces)}:
            return "pieces", str(pieces)
    return None


def _only(value: Any) -> str | None:
    if isinstance(value, list):
        return str(value[0]) if len(value) == 1 else None
    return str(value)


def _body(words: Words, form: Formatter, currency: str, errors: list[FieldError]) -> RuleBody:
    points = _whole(words.points, "points", _("Enter a whole number of points"), form, errors)
    wait = _whole(words.wait, "wait", _("Choose when points can be spent"), form, errors)
    lasts = None
    if words.lasts != FOR_EVER:
        lasts = _whole(words.lasts, "lasts", _("Choose how long points last"), form, errors)
    condition = _condition(words, form, currency, errors)
    if words.kind == "bonus":
        return BonusRule(points=points, condition=condition, spendable_after_days=wait, lasts_months=lasts)
    return SpendRule(
        points=points,
        per=_amount(words.per, "per", form, currency, errors),
        category=words.category or None,
        condition=condition,
        spendable_after_days=wait,
        lasts_months=lasts,
    )


def _condition(words: Words, form: Formatter, currency: str, errors: list[FieldError]) -> dict[str, Any] | None:
    nodes: list[Mapping[str, Any]] = []
    if words.people:
        nodes.append({"field": "person.segments", "op": "in", "value": [words.people]})
    if words.least is not None:
        minor = _amount(words.least, "least", form, currency, errors)
        nodes.append({"field": "order.goods", "op": ">=", "value": {"minor": minor, "currency": currency}})
    if words.pieces is not None:
        pieces = _whole(words.pieces, "pieces", _("Enter how many pieces the order holds"), form, errors)
        nodes.append({"field": "order.pieces", "op": ">=", "value": pieces})
    if words.holds is not None:
        if not words.holds:
            errors.append(FieldError("holds", _("Choose a category")))
        nodes.append({"field": "order.categories", "op": "in", "value": [words.holds]})
    nodes.extend(words.kept)
    return {"v": 1, "all": nodes} if nodes else None


def _whole(text: str, word: str, advice: str, form: Formatter, errors: list[FieldError]) -> int:
    try:
        number = parse_decimal(text.strip(), locale=form.locale)
        if number == int(number):
            return int(number)
    except (NumberFormatError, ValueError, OverflowError):
        pass
    errors.append(FieldError(word, advice))
    return 0


def _amount(text: str, word: str, form: Formatter, currency: str, errors: list[FieldError]) -> int:
    """An amount with or without its currency sign, as the locale writes it."""
    digits = "".join(letter for letter in text if letter.isdigit() or letter in ".,’'-−").replace("−", "-")
    try:
        minor = money.to_minor(parse_decimal(digits, locale=form.locale), currency)
        if minor > 0:
            return minor
    except (NumberFormatError, money.UnreadableAmount):
        pass
    errors.append(FieldError(word, _("Enter an amount such as %(amount)s") % {"amount": form.money(4000, currency)}))
    return 0


def _word_of(place: str) -> str:
    """The word of the form for the place a rule's check names."""
    return {"spendable_after_days": "wait", "lasts_months": "lasts", "condition": "people", "rule": "name"}.get(
        place, place
    )
