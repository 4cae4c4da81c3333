"""Whatever a browser sends, the answer is one the protocol knows, and what was readable is durable."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from core import clock
from core.db import Database
from tests.conftest import MASTER, NOON
from tracking.collect.endpoints import PATHS, Collect
from tracking.collect.intake import Intake
from tracking.collect.models import RefusedEvent
from tracking.stores import service as stores
from tracking.stores.directory import Directory

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

odd_text = st.sampled_from(
    ["", "a\x00b", "\ud800", "é", "x" * 300, "1", "2026-11-20T12:00:00Z", "9999-12-31T23:59:59Z"]
)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | odd_text | st.text(max_size=20)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_text, inner, max_size=3), max_leaves=8
)
KNOWN = ("event", "userId", "anonymousId", "previousId", "messageId", "timestamp", "sentAt", "context", "properties", "traits",
         "identityToken")  # fmt: skip
context = st.fixed_dictionaries(
    {},
    optional={
        "ip": values,
        "consent": st.fixed_dictionaries({}, optional={"categoryPreferences": values}) | values,
        "x": values,
    },
)
calls = st.fixed_dictionaries(
    {"type": st.sampled_from(["track", "identify", "page", "group", "alias", "a\x00b", "\ud800"]) | values},
    optional=dict.fromkeys(KNOWN, values)
    | {"context": context, "anonymousId": odd_text, "event": st.just("Product Viewed")},
)
bodies = (
    calls
    | st.fixed_dictionaries({"batch": st.lists(calls, max_size=4)}, optional={"context": context, "sentAt": values})
    | values
)


class Door:
    def __init__(self, database: Database) -> None:
        with database.write() as session:
            self.key = stores.create_store(
                session, name="T", currency="EUR", time_zone="Europe/Berlin", master=MASTER
            ).write_key
        self.intake = Intake(database)
        self.client = TestClient(Collect(self.intake, Directory(database, master=MASTER)))

    def post(self, path: str, body: Any) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return int(self.client.post(path, content=content, headers={"X-Write-Key": self.key}).status_code)


@pytest.fixture
def door(database: Database) -> Iterator[Door]:
    with clock.frozen(NOON):
        made = Door(database)
        yield made
        made.intake.stop()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(PATHS)), bodies)
@example("/v1/track", {"event": "e", "anonymousId": "a", "context": {"ip": "1.2.3.4", "x": "\ud800"}})
@example("/v1/batch", {"batch": [{"type": "a\x00b", "anonymousId": "a"}]})
def test_any_json_is_answered(door: Door, path: str, body: Any) -> None:
    assert door.post(path, body) in (200, 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"\x1f\x8b",
        b"[" * 6_000,
        b'{"batch":[' + b"[" * 900 + b"]" * 900 + b"]}",
        b'{"anonymousId":"a","event":"e","context":' + b'{"ip":' * 900 + b"1" + b"}" * 900 + b"}",
        b'{"batch":[{"type":"track","event":"e","anonymousId":"a"}],"context":'
        + b'{"a":' * 900
        + b"1"
        + b"}" * 900
        + b"}",
        b'{"anonymousId":"a","event":"e","timestamp":1e400}',
    ],
    ids=range(8),
)
def test_any_bytes_are_answered(door: Door, body: bytes) -> None:
    assert {door.post(path, body) for path in ("/v1/track", "/v1/batch", "/v1/import")} <= {200, 400, 413}


def test_what_is_refused_is_kept_with_its_reason_and_the_rest_is_taken(door: Door, database: Database) -> None:
    body = {"batch": [{"type": "a\x00b", "anonymousId": "a"}, {"type": "page", "anonymousId": "a"}]}
    assert door.post("/v1/batch", body) == 200
    with database.read() as session:
        assert list(session.execute(select(RefusedEvent.reason)).scalars()) == [
            "“a\N{REPLACEMENT CHARACTER}b” is not a type of call"
        ]
