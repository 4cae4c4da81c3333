"""Changing a rule: save or discard a draft, turn on, turn off, bring back. Each change is written into the audit log."""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from console import links, paging
from console.answers import redirect
from console.frame import PageContext, Toast, current_page, path_to, render, requires
from console.language import gettext as _
from console.pages.rules import history, pages, words
from console.pages.rules.preview import Preview, preview
from console.pages.rules.words import Reading
from console.parts import Fact, FieldError
from core import ids
from core.db import Session
from loyalty.rules import service as rules
from loyalty.rules.errors import NoDraft, UnknownRule, WrongRule
from loyalty.rules.schemas import Rule, RuleBody
from tracking.stores import service as stores


@requires("marketer")
def save_new(request: Request) -> Response:
    """Write a new rule as a draft; go on to its review where that was asked for."""
    page = current_page()
    reading = _read(page, None)
    if reading.body is None:
        return pages.workbench(request, None, reading, reading.errors, 422)
    body: RuleBody = reading.body

    def create(session: Session) -> Rule:
        return rules.create(session, page.store.store_id, name=reading.words.name, body=body, by=page.user.email)

    return _saved(request, None, reading, create)


@requires("marketer")
def save(request: Request) -> Response:
    """Write or replace the draft; what is on stays on."""
    page = current_page()
    rule = pages.asked_for(page, request)
    reading = _read(page, rule)
    if reading.body is None:
        return pages.workbench(request, rule, reading, reading.errors, 422)
    body: RuleBody = reading.body

    def write(session: Session) -> Rule:
        return rules.save_draft(
            session,
            page.store.store_id,
            rule.rule_id,
            body=body,
            by=page.user.email,
            name=reading.words.name,
        )

    return _saved(request, rule, reading, write)


@requires("marketer")
def discard(request: Request) -> Response:
    """Throw the draft away; Undo writes its words again."""
    page = current_page()
    rule = pages.asked_for(page, request)
    if rule.draft is None:
        return redirect(links.to_rule(page, rule.rule_id))
    said = pages.begun(page, rule)
    with page.services.database.write() as session:
        rules.discard_draft(session, page.store.store_id, rule.rule_id)
        _record(session, page, "rule draft discarded", rule, rule.draft.version)
    is_gone = len(rule.versions) == 1
    text = _("The draft of “%(name)s” is gone") % {"name": rule.name}
    # Conditions that no word stands for are not in the form, so without them nothing could be put back whole.
    again = path_to(request, "new_rule") if is_gone else links.to_rule(page, rule.rule_id)
    toast = Toast(text) if said.kept else Toast(text, again, words.as_form(said))
    return redirect(path_to(request, "rules") if is_gone else links.to_rule(page, rule.rule_id), toast)


@requires("marketer")
def review(request: Request) -> Response:
    """Ask before a draft is turned on, and show what it would do."""
    page = current_page()
    rule = pages.asked_for(page, request)
    if rule.draft is None:
        return redirect(links.to_rule(page, rule.rule_id))
    shown = preview(page, rule.draft.body, rule)
    before = history.in_words(page, rule.on) if rule.on else ""
    return render(
        request,
        "rules/review.html",
        section="rules",
        rule=rule,
        shown=shown,
        sentence=history.marked(before, history.in_words(page, rule.draft)),
        before=before,
        effect=_effect(page, rule, shown),
        facts=_what_stays(page, rule, shown),
        base=links.to_rule(page, rule.rule_id),
    )


@requires("marketer")
def turn_on(request: Request) -> Response:
    """Put the draft in force from here on; Undo puts the version before it back, or turns the rule off."""
    page = current_page()
    rule = pages.asked_for(page, request)
    try:
        with page.services.database.write() as session:
            changed = rules.turn_on(session, page.store.store_id, rule.rule_id)
            _record(session, page, "rule turned on", changed, changed.versions[0].version)
    except NoDraft:
        return redirect(links.to_rule(page, rule.rule_id))
    text = _("Version %(number)s of “%(name)s” is on") % {"number": changed.versions[0].version, "name": rule.name}
    was_on = rule.on.version if rule.on else 0
    return redirect(links.to_rule(page, rule.rule_id), Toast(text, _restore_path(page, rule), {"version": str(was_on)}))


@requires("marketer")
def turn_off(request: Request) -> Response:
    """Stop giving points from here on; what was given stays. Undo puts the version back."""
    page = current_page()
    rule = pages.asked_for(page, request)
    if rule.on is None:
        return redirect(links.to_rule(page, rule.rule_id))
    with page.services.database.write() as session:
        rules.turn_off(session, page.store.store_id, rule.rule_id)
        _record(session, page, "rule turned off", rule, rule.on.version)
    toast = Toast(
        _("“%(name)s” is off") % {"name": rule.name}, _restore_path(page, rule), {"version": str(rule.on.version)}
    )
    return redirect(links.to_rule(page, rule.rule_id), toast)


@requires("marketer")
def bring_back(request: Request) -> Response:
    """Make an older version the draft again."""
    page = current_page()
    rule, version = pages.asked_for(page, request), _version(page)
    try:
        with page.services.database.write() as session:
            changed = rules.bring_back(session, page.store.store_id, rule.rule_id, version, by=page.user.email)
            _record(session, page, "rule version brought back", changed, version)
    except UnknownRule as error:
        raise HTTPException(404, str(error)) from error
    text = _("Version %(number)s is the draft now") % {"number": version}
    return redirect(links.to_rule(page, rule.rule_id), Toast(text))


@requires("marketer")
def restore(request: Request) -> Response:
    """Undo of turning on or off: the version named is in force again as a new one; 0 means that none was."""
    page = current_page()
    rule, version = pages.asked_for(page, request), _version(page)
    try:
        with page.services.database.write() as session:
            if version == 0:
                rules.turn_off(session, page.store.store_id, rule.rule_id)
            else:
                rules.bring_back(session, page.store.store_id, rule.rule_id, version, by=page.user.email)
                rules.turn_on(session, page.store.store_id, rule.rule_id)
            _record(session, page, "rule put back", rule, version)
    except UnknownRule as error:
        raise HTTPException(404, str(error)) from error
    text = _("“%(name)s” is as it was before") % {"name": rule.name}
    return redirect(links.to_rule(page, rule.rule_id), Toast(text))


def _read(page: PageContext, rule: Rule | None) -> Reading:
    said = words.of_form(page.form, pages.begun(page, rule), page.format, page.store.currency)
    return words.read(said, page.format, page.store.currency)


def _saved(request: Request, rule: Rule | None, reading: Reading, write: Callable[[Session], Rule]) -> Response:
    """Save in one transaction with its audit row; a name or figure that is refused answers 422 with the words kept."""
    page = current_page()
    try:
        with page.services.database.write() as session:
            saved = write(session)
            _record(session, page, "rule drafted", saved, saved.versions[0].version)
    except WrongRule as error:
        return pages.workbench(request, rule, reading, [FieldError(error.field, str(error))], 422)
    path = links.to_rule(page, saved.rule_id)
    if page.query.get("then") == "review":
        return redirect(f"{path}/review")
    return redirect(path, Toast(_("The draft of “%(name)s” is saved") % {"name": saved.name}))


def _effect(page: PageContext, rule: Rule, shown: Preview) -> str:
    form = page.format
    text = _("From now on, people like those of the last 12 months would get about %(points)s points a week") % {
        "points": form.about(shown.a_week)
    }
    if rule.on is None or shown.a_week_before is None:
        return _("%(text)s, shared by %(people)s people.") % {"text": text, "people": form.number(shown.result.people)}
    before = {"text": text, "points": form.about(shown.a_week_before)}
    return _("%(text)s; %(points)s a week were really given.") % before


def _what_stays(page: PageContext, rule: Rule, shown: Preview) -> list[Fact]:
    rows = [Fact(name, f"{value} ({comparison})") for name, value, comparison in shown.four]
    rows.append(Fact(_("Points given so far"), _("stay as they are")))
    if rule.on is not None:
        rows.append(Fact(_("Version %(number)s") % {"number": rule.on.version}, _("stays in the history")))
    return rows


def _record(session: Session, page: PageContext, action: str, rule: Rule, version: int) -> None:
    stores.record_change(
        session,
        store_id=page.store.store_id,
        actor=page.user.email,
        action=action,
        subject=rule.name,
        detail={"rule_id": ids.public("r", rule.rule_id), "version": version},
    )


def _restore_path(page: PageContext, rule: Rule) -> str:
    return f"{links.to_rule(page, rule.rule_id)}/restore"


def _version(page: PageContext) -> int:
    version = paging.number(str(page.form.get("version", "")))
    if version is None:
        raise HTTPException(404, _("There is no such version."))
    return version
