"""What conditions ask about people: SQL and closure choose the same."""

from typing import Any

import pytest
from sqlalchemy import select

from core import conditions
from core.conditions import Kind, Moment, Registry
from core.db import Database
from tests.conftest import NOON
from tests.tracking.people.speaking import STORE, call, person, server, tell, trait_set
from tests.tracking.people.test_resolve import user
from tracking.people import fields, service


def prepare(database: Database) -> Registry:
    tell(
        database,
        call(anonymous="a"),
        server("identify", user="u1", at=1, traits={"country": "de", "email": "a@example.org", "age": 7, "vip": True}),
        server("identify", user="u2", at=2, traits={"country": "AT", "city": "WEẞ", "age": "old", "vip": False}),
        person("u3", at=3, marketing=True),
        person("u2", at=4, marketing=False),
        trait_set(user("u3"), "tier", "Gold", at=5),
    )
    with database.read() as session:
        kinds = fields.trait_kinds(session, STORE)
    assert kinds == {
        "age": Kind.TEXT, "city": Kind.TEXT, "country": Kind.TEXT, "email": Kind.TEXT, "tier": Kind.TEXT, "vip": Kind.BOOLEAN,
    }  # fmt: skip
    return Registry.of("a person", (*fields.FIELDS, *fields.trait_fields({**kinds, "age": Kind.NUMBER})))


@pytest.mark.parametrize(
    ("field", "op", "value", "chosen"),
    [
        ("person.country", "in", ["DE", "xx"], {"u1"}),
        ("person.country", "none_of", ["DE"], {"u2"}),
        ("person.country", "unknown_or_none_of", ["DE"], {None, "u2", "u3"}),
        ("person.city", "=", "wess", {"u2"}),
        ("person.known", "=", True, {"u1", "u2", "u3"}),
        ("person.known_since", ">=", "2026-11-20T12:00:00.002Z", {"u2", "u3"}),
        (
            "person.last_seen",
            "between",
            {"from": "2026-11-20T12:00:00.001Z", "to": "2026-11-20T12:00:00.004Z"},
            {"u1", "u3"},
        ),
        ("person.has_email", "=", False, {None, "u2", "u3"}),
        ("person.marketing", "=", True, {"u3"}),
        ("person.marketing", "exists", None, {"u2", "u3"}),
        ("trait.tier", "=", "GOLD", {"u3"}),
        ("trait.age", ">", 5, {"u1"}),
        ("trait.vip", "=", False, {"u2"}),
    ],
)
def test_fields(database: Database, field: str, op: str, value: Any, chosen: set[str | None]) -> None:
    registry, moment = prepare(database), Moment(NOON + 1_000, "Europe/Berlin")
    leaf = {"field": field, "op": op} | ({} if value is None else {"value": value})
    node = conditions.parse({"v": 1, **leaf}, registry)
    statement = select(fields.PERSON.c.user_id).where(conditions.predicate(node, registry, moment))
    with database.read() as session:
        found = set(session.execute(statement.where(fields.PERSON.c.store_id == STORE)).scalars())
        everybody = service.people(session, STORE).items
    assert found == chosen
    check = conditions.compiled(node, registry)
    assert {one.user_id for one in everybody if check(fields.values(one), moment)} == chosen
