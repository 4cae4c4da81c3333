"""Writing rules, turning them on and off, and reading them."""

from typing import Any

import msgspec

from core import clock, ids, log
from core.db import Session
from loyalty.rules import repository
from loyalty.rules.errors import NoDraft, UnknownRule, WrongRule
from loyalty.rules.evaluation import check
from loyalty.rules.schemas import Rule, RuleBody, RuleVersion

_LONGEST_NAME = 120


def rules(session: Session, store_id: int) -> list[Rule]:
    """The store's rules with all their versions."""
    found: dict[int, list[RuleVersion]] = {}
    for row in repository.versions(session, store_id):
        found.setdefault(row.rule_id, []).append(_version(row))
    return [Rule(rule_id=rule_id, name=rows[0].name, versions=tuple(rows)) for rule_id, rows in found.items()]


def rule(session: Session, store_id: int, rule_id: int) -> Rule:
    """One rule; raises UnknownRule."""
    rows = [_version(row) for row in repository.versions(session, store_id, rule_id)]
    if not rows:
        raise UnknownRule(rule_id)
    return Rule(rule_id=rule_id, name=rows[0].name, versions=tuple(rows))


def create(session: Session, store_id: int, *, name: str, body: RuleBody, by: str) -> Rule:
    """A new rule with its first draft; raises WrongRule."""
    check(body)
    rule_id = ids.derived("rule", store_id, ids.new())
    now = clock.now()
    repository.insert_rule(session, {"store_id": store_id, "rule_id": rule_id, "name": _name(name), "created_at": now})
    _insert_draft(session, store_id, rule_id, 1, body, by)
    return rule(session, store_id, rule_id)


def save_draft(
    session: Session, store_id: int, rule_id: int, *, body: RuleBody, by: str, name: str | None = None
) -> Rule:
    """Write or replace the draft; what is on stays as it is. Raises WrongRule or UnknownRule."""
    check(body)
    known = rule(session, store_id, rule_id)
    if name is not None:
        repository.rename(session, store_id, rule_id, _name(name))
    draft = known.draft
    version = draft.version if draft else known.versions[0].version + 1
    repository.delete_draft(session, store_id, rule_id)
    _insert_draft(session, store_id, rule_id, version, body, by)
    return rule(session, store_id, rule_id)


def discard_draft(session: Session, store_id: int, rule_id: int) -> None:
    """Throw the draft away; a rule that never was on disappears from the lists with it."""
    repository.delete_draft(session, store_id, rule_id)


def turn_on(session: Session, store_id: int, rule_id: int) -> Rule:
    """Put the draft in force for everything after the log's present end; the version before it is past. Raises NoDraft."""
    known = rule(session, store_id, rule_id)
    if known.draft is None:
        raise NoDraft(known.name)
    check(known.draft.body)
    position = log.head(session)
    _turn_off(session, store_id, known, position)
    repository.set_state(
        session, store_id, rule_id, known.draft.version, state="on", on_at=clock.now(), on_from=position, on_until=None
    )
    return rule(session, store_id, rule_id)


def turn_off(session: Session, store_id: int, rule_id: int) -> Rule:
    """Stop giving points from here on; what was given stays."""
    _turn_off(session, store_id, rule(session, store_id, rule_id), log.head(session))
    return rule(session, store_id, rule_id)


def bring_back(session: Session, store_id: int, rule_id: int, version: int, *, by: str) -> Rule:
    """Make an older version the draft again."""
    known = rule(session, store_id, rule_id)
    for found in known.versions:
        if found.version == version:
            return save_draft(session, store_id, rule_id, body=found.body, by=by)
    raise UnknownRule(f"{known.name}, version {version}")


def in_force(session: Session, store_id: int, since: int, until: int) -> list[RuleVersion]:
    """Every version that was on at some position in (since, until]."""
    return [_version(row) for row in repository.in_force(session, store_id, since, until)]


def read_body(document: Any) -> RuleBody:
    """A rule's body from decoded JSON; raises WrongRule."""
    try:
        body: RuleBody = msgspec.convert(document, RuleBody, strict=False)
    except msgspec.ValidationError as error:
        raise WrongRule("rule", f"The rule cannot be read: {error}.") from error
    return body


def _turn_off(session: Session, store_id: int, known: Rule, position: int) -> None:
    if known.on is not None:
        repository.set_state(session, store_id, known.rule_id, known.on.version, state="past", on_until=position)


def _insert_draft(session: Session, store_id: int, rule_id: int, version: int, body: RuleBody, by: str) -> None:
    row = {
        "store_id": store_id,
        "rule_id": rule_id,
        "version": version,
        "state": "draft",
        "body": msgspec.to_builtins(body),
        "saved_at": clock.now(),
        "saved_by": by,
        "on_at": None,
        "on_from": None,
        "on_until": None,
    }
    repository.insert_version(session, row)


def _name(name: str) -> str:
    text = " ".join(name.replace("\x00", " ").split())
    if not 1 <= len(text) <= _LONGEST_NAME:
        raise WrongRule("name", f"Give the rule a name of at most {_LONGEST_NAME} characters.")
    return text


def _version(row: Any) -> RuleVersion:
    return RuleVersion(
        rule_id=row.rule_id,
        name=row.name,
        version=row.version,
        state=row.state,
        body=read_body(row.body),
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        on_at=row.on_at,
        on_from=row.on_from,
        on_until=row.on_until,
    )
