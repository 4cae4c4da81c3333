"""`/api/v1/loyalty/rules`: read, save a draft, turn on and off."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import http, ids
from core.http import Problem
from loyalty.rules import evaluation, service
from loyalty.rules.errors import NoDraft, RuleError, UnknownRule
from loyalty.rules.schemas import Rule, RuleVersion
from tracking.stores import access
from tracking.stores import service as stores
from tracking.stores.schemas import Store


class SaveRule(msgspec.Struct, kw_only=True):
    """Body of `POST /api/v1/loyalty/rules` and `PUT /api/v1/loyalty/rules/{id}`; `rule` has a `kind` (spend, bonus)."""

    name: str
    rule: dict[str, Any]


def list_rules(request: Request) -> Response:
    """Every rule with its versions."""
    store = access.require(request, "read")
    with http.database(request).read() as session:
        found = service.rules(session, store.store_id)
    return http.page([shown(rule, store) for rule in found], None)


def show_rule(request: Request) -> Response:
    """One rule."""
    store = access.require(request, "read")
    with http.database(request).read() as session:
        found = _found(lambda: service.rule(session, store.store_id, _rule_id(request)))
    return http.reply(shown(found, store))


@http.with_body(SaveRule)
def create_rule(request: Request, body: SaveRule) -> Response:
    """Write a new rule as a draft."""
    store = access.require(request, "write")
    actor = access.actor(request)
    with http.database(request).write() as session:
        made = _found(
            lambda: service.create(session, store.store_id, name=body.name, body=service.read_body(body.rule), by=actor)
        )
        _audit(session, store, actor, "rule drafted", made)
    return http.reply(shown(made, store), 201)


@http.with_body(SaveRule)
def save_draft(request: Request, body: SaveRule) -> Response:
    """Write or replace the draft of a rule; the version that is on stays on."""
    store = access.require(request, "write")
    actor, rule_id = access.actor(request), _rule_id(request)
    with http.database(request).write() as session:
        saved = _found(
            lambda: service.save_draft(
                session, store.store_id, rule_id, body=service.read_body(body.rule), by=actor, name=body.name
            )
        )
        _audit(session, store, actor, "rule drafted", saved)
    return http.reply(shown(saved, store))


def turn_on(request: Request) -> Response:
    """Put the draft in force from here on."""
    store = access.require(request, "write")
    with http.database(request).write() as session:
        changed = _found(lambda: service.turn_on(session, store.store_id, _rule_id(request)))
        _audit(session, store, access.actor(request), "rule turned on", changed)
    return http.reply(shown(changed, store))


def turn_off(request: Request) -> Response:
    """Stop a rule from here on; what it gave stays."""
    store = access.require(request, "write")
    with http.database(request).write() as session:
        changed = _found(lambda: service.turn_off(session, store.store_id, _rule_id(request)))
        _audit(session, store, access.actor(request), "rule turned off", changed)
    return http.reply(shown(changed, store))


def shown(rule: Rule, store: Store) -> dict[str, Any]:
    """A rule as the API shows it, each version with its sentence."""
    return {
        "rule_id": ids.public("r", rule.rule_id),
        "name": rule.name,
        "versions": [_shown_version(version, store) for version in rule.versions],
    }


def _shown_version(version: RuleVersion, store: Store) -> dict[str, Any]:
    return {
        "version": version.version,
        "state": version.state,
        "sentence": evaluation.in_words(version.body, store.currency, store.locale),
        "rule": version.body,
        "saved_at": version.saved_at,
        "saved_by": version.saved_by,
        "on_at": version.on_at,
    }


def _rule_id(request: Request) -> int:
    try:
        return ids.number(request.path_params["rule_id"])
    except ids.UnknownIdentifier as error:
        raise Problem(404, "Unknown rule", str(error)) from error


def _found(call: Any) -> Rule:
    try:
        rule: Rule = call()
    except UnknownRule as error:
        raise Problem(404, "Unknown rule", str(error)) from error
    except NoDraft as error:
        raise Problem(409, "No draft", str(error)) from error
    except RuleError as error:
        raise Problem(422, "The rule cannot be used", str(error)) from error
    return rule


def _audit(session: Any, store: Store, actor: str, action: str, rule: Rule) -> None:
    stores.record_change(
        session,
        store_id=store.store_id,
        actor=actor,
        action=action,
        subject=rule.name,
        detail={"rule_id": ids.public("r", rule.rule_id), "version": rule.versions[0].version},
    )


ROUTES = [
    Route("/api/v1/loyalty/rules", list_rules, methods=["GET"]),
    Route("/api/v1/loyalty/rules", create_rule, methods=["POST"]),
    Route("/api/v1/loyalty/rules/{rule_id}", show_rule, methods=["GET"]),
    Route("/api/v1/loyalty/rules/{rule_id}", save_draft, methods=["PUT"]),
    Route("/api/v1/loyalty/rules/{rule_id}/turn-on", turn_on, methods=["POST"]),
    Route("/api/v1/loyalty/rules/{rule_id}/turn-off", turn_off, methods=["POST"]),
]
