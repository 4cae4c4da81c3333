"""The list of rules, the workbench with its live preview, and the history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import links
from console.accounts import may
from console.frame import PageContext, current_page, path_to, render, requires
from console.language import gettext as _
from console.pages.rules import history, words
from console.pages.rules.preview import preview
from console.pages.rules.words import FOR_EVER, Reading, Words
from console.parts import Column, FieldError, Option, Tag
from core import clock, ids
from core.db import Session
from loyalty.ledger import service as ledger
from loyalty.rules import service as rules
from loyalty.rules.errors import UnknownRule
from loyalty.rules.schemas import Rule, RuleVersion
from personalization.segments import service as segments
from tracking.catalog import service as catalog

_PERIOD = 28 * clock.DAY
_WAITS = (0, 7, 14, 30)
_MONTHS = (6, 12, 24)


@dataclass(frozen=True)
class RuleLine:
    """One rule of the list."""

    rule: Rule
    url: str
    sentence: str
    tags: list[Tag]
    given: str
    is_on: bool


@dataclass(frozen=True)
class Choices:
    """What the selects of the sentence offer."""

    kinds: list[Option]
    people: list[Option]
    holds: list[Option]
    bases: list[Option]
    waits: list[Option]
    lasts: list[Option]


@requires("viewer")
def show_list(request: Request) -> Response:
    """Every rule: what it says, its state, what it gave in 28 days."""
    page = current_page()
    with page.services.database.read() as session:
        found = rules.rules(session, page.store.store_id)
        given = ledger.awarded_by_rule(session, page.store.store_id, page.now - _PERIOD, page.now + 1)
        totals = ledger.totals(session, page.store.store_id, page.now - _PERIOD, page.now + 1)
        worth = ledger.points_per_unit(session, page.store.store_id)
    lines = [_line(page, rule, given.get(rule.rule_id, 0)) for rule in found]
    return render(
        request,
        "rules/list.html",
        section="rules",
        lines=sorted(lines, key=lambda line: not line.is_on),
        columns=(Column(_("Rule")), Column(_("State")), Column(_("Points given in 28 days"), is_number=True)),
        on=sum(line.is_on for line in lines),
        totals=totals,
        worth=totals.given * 100 // worth,
        may_change=may(page.user.role, "marketer"),
    )


@requires("marketer")
def show_new(request: Request) -> Response:
    """The workbench with a rule that is not written yet."""
    page = current_page()
    return workbench(request, None, words.read(_said(page, None), page.format, page.store.currency))


@requires("viewer")
def show_one(request: Request) -> Response:
    """The workbench: the draft, else the version that is on; or what the address says."""
    page = current_page()
    rule = asked_for(page, request)
    said = _said(page, rule) if may(page.user.role, "marketer") else begun(page, rule)
    return workbench(request, rule, words.read(said, page.format, page.store.currency))


@requires("viewer")
def show_preview(request: Request) -> Response:
    """The inside of the preview, for the words as they are now."""
    page = current_page()
    rule = asked_for(page, request) if "rule_id" in request.path_params else None
    reading = words.read(_said(page, rule), page.format, page.store.currency)
    shown = preview(page, reading.body, rule) if reading.body else None
    return render(request, "rules/preview.html", shown=shown, errors=reading.errors, is_part=True)


@requires("viewer")
def show_history(request: Request) -> Response:
    """Every version, the changed words marked."""
    page = current_page()
    rule = asked_for(page, request)
    return render(
        request,
        "rules/history.html",
        section="rules",
        rule=rule,
        tabs=tabs(request, rule, "history"),
        versions=history.shown_versions(page, rule),
        url_of=links.to_rule(page, rule.rule_id),
        may_change=may(page.user.role, "marketer"),
    )


def workbench(
    request: Request, rule: Rule | None, reading: Reading, errors: Sequence[FieldError] = (), status_code: int = 200
) -> Response:
    """The page of the sentence with its preview; `errors` are those of a refused form."""
    page = current_page()
    is_asked = "try" in page.query or status_code == 422
    shown = preview(page, reading.body, rule) if is_asked and reading.body else None
    base = links.to_rule(page, rule.rule_id) if rule else path_to(request, "new_rule")
    with page.services.database.read() as session:
        choices = _choices(session, page, reading.words)
    return render(
        request,
        "rules/workbench.html",
        status_code=status_code,
        section="rules",
        rule=rule,
        tabs=tabs(request, rule, "rule") if rule else [],
        tags=_tags(rule),
        words=reading.words,
        kept=words.kept_sentences(reading.words, page.store.locale),
        sentence=history.in_words(page, rule.draft or rule.on or rule.versions[0]) if rule else "",
        choices=choices,
        wrong=_wrong(page, reading, errors),
        errors=errors,
        shown=shown,
        unready=reading.errors,
        waits=shown is None and not reading.errors,
        base=base,
        preview_url=f"{base}/preview",
        saved=rule.draft if rule else None,
        may_change=may(page.user.role, "marketer"),
        is_part=False,
    )


def asked_for(page: PageContext, request: Request) -> Rule:
    """The rule of the address."""
    try:
        number = ids.number(request.path_params["rule_id"])
        with page.services.database.read() as session:
            return rules.rule(session, page.store.store_id, number)
    except (ids.UnknownIdentifier, UnknownRule) as error:
        raise HTTPException(404, str(error)) from error


def begun(page: PageContext, rule: Rule | None) -> Words:
    """The words the workbench opens with."""
    if rule is None:
        return words.fresh(page.format, page.store.currency)
    version = rule.draft or rule.on or rule.versions[0]
    return words.of_body(rule.name, version.body, page.format, page.store.currency)


def _said(page: PageContext, rule: Rule | None) -> Words:
    """The words as the address has them."""
    return words.of_form(page.query, begun(page, rule), page.format, page.store.currency)


def tabs(request: Request, rule: Rule, chosen: str) -> list[Option]:
    """The two views of a rule."""
    names = {"rule": _("Sentence"), "history": _("History")}
    routes = {"rule": "rule", "history": "rule_history"}
    number = ids.public("r", rule.rule_id)
    return [
        Option(path_to(request, routes[name], rule_id=number), text, name == chosen) for name, text in names.items()
    ]


def _wrong(page: PageContext, reading: Reading, errors: Sequence[FieldError]) -> dict[str, str]:
    """What to say at which word: of a refused form everything, else nothing about a part just added."""
    found = {error.field: error.text for error in (*(reading.errors if page.query else ()), *errors)}
    return {name: text for name, text in found.items() if errors or name != page.query.get("add")}


def _line(page: PageContext, rule: Rule, given: int) -> RuleLine:
    version = rule.on or rule.draft or rule.versions[0]
    return RuleLine(
        rule,
        links.to_rule(page, rule.rule_id),
        history.in_words(page, version),
        _tags(rule),
        page.format.number(given),
        rule.on is not None,
    )


def _tags(rule: Rule | None) -> list[Tag]:
    if rule is None:
        return [Tag(_("Not saved yet"))]
    shown: list[RuleVersion] = [version for version in (rule.on, rule.draft) if version is not None]
    return [history.version_tag(version) for version in shown] or [Tag(_("Off"))]


def _choices(session: Session, page: PageContext, said: Words) -> Choices:
    groups = [one.segment.name for one in segments.list_with_counts(session, page.store.store_id)]
    categories = [one.category for one in catalog.categories(session, page.store.store_id)]
    return Choices(
        kinds=[
            Option("spend", _("for every"), said.kind != "bonus"),
            Option("bonus", _("for the order"), said.kind == "bonus"),
        ],
        people=[
            Option("", _("anyone"), not said.people),
            *_named(groups, said.people, _("someone in %(name)s")),
        ],
        holds=[Option("", _("a category"), not said.holds), *_named(categories, said.holds or "", "%(name)s")],
        bases=[
            Option("", _("the whole order"), not said.category),
            *_named(categories, said.category, _("items from %(name)s")),
        ],
        waits=_numbers(
            _WAITS, said.wait, lambda n: _("at once") if n == 0 else _("%(n)s days after the order") % {"n": n}
        ),
        lasts=[
            *_numbers(_MONTHS, "" if said.lasts == FOR_EVER else said.lasts, lambda n: _("%(n)s months") % {"n": n}),
            Option(FOR_EVER, _("for ever"), said.lasts == FOR_EVER),
        ],
    )


def _named(names: Sequence[str], chosen: str, text: str) -> list[Option]:
    """The names, and the chosen one also where it is no longer among them."""
    every = list(names) if not chosen or chosen in names else [*names, chosen]
    return [Option(name, text % {"name": name}, name == chosen) for name in every]


def _numbers(offered: Sequence[int], chosen: str, text: Callable[[int], str]) -> list[Option]:
    every = sorted({*offered, *([int(chosen)] if chosen.isdecimal() and len(chosen) < 5 else [])})
    return [Option(str(number), text(number), str(number) == chosen) for number in every]
