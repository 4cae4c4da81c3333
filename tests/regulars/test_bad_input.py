"""Whatever stands in an address or a body, the answer is a refusal in words, never a fault."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from regulars.routes import API
from tests.regulars.world import World

ODD = (
    "9" * 19,
    "9" * 30,
    "9" * 5_000,
    "p_" + "z" * 13,
    "٣",
    "a\x00b",
    "-1",
    "1:" + "x" * 300,
    "9" * 25 + ":1",
    "9" * 25 + "-" + "9" * 25,
    "%",
    "_",
    "'; --",
)
# Asked together where a wrong one is not refused before the next is read.
PARAMETERS = (("after",), ("limit",), ("person",), ("state", "status"), ("search", "category", "name", "message_id"))


def addresses(value: str) -> Iterator[str]:
    """Every address of the API that is read, with the value in every place."""
    for route in API:
        if "GET" in (route.methods or ()):
            path = re.sub(r"{[^}]+}", quote(value, safe=""), route.path)
            yield from (f"{path}?{urlencode(dict.fromkeys(names, value))}" for names in PARAMETERS)


def test_an_odd_value_in_an_address_is_refused(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.store.api_key}"}
    asked = [address for value in ODD for address in addresses(value)]
    answers = {address: world.client.get(address, headers=headers).status_code for address in asked}
    assert {address: status for address, status in answers.items() if status not in (200, 400, 404)} == {}
    hooks = [f"/webhooks/generic/{quote(value, safe='')}" for value in ODD]
    assert {world.client.post(hook, content=b"{}").status_code for hook in hooks} == {400, 404}


RULES = (
    b"",
    b"{",
    b"\xff",
    b'{"name": "a\\u0000b", "rule": {"kind": "spend", "points": 1}}',
    b'{"name": "\\ud800", "rule": {"kind": "spend", "points": 1}}',
    b'{"name": "a", "rule": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
    b'{"name": "a", "rule": {"kind": "spend", "points": 1e400}}',
    b'{"name": "a", "rule": {"kind": "spend", "points": 99999999999999999999999}}',
    b'{"name": "a", "rule": {"kind": "spend", "points": 1, "per": 99999999999999999}}',
    b'{"name": "a", "rule": {"kind": "spend", "points": 1, "condition": {"all": ' + b"[" * 900 + b"]" * 900 + b"}}}",
)


def test_an_odd_rule_is_refused(world: World) -> None:
    headers = {"Authorization": f"Bearer {world.store.api_key}"}
    answers = [world.client.post("/api/v1/loyalty/rules", content=body, headers=headers).status_code for body in RULES]
    assert {status for status in answers if status not in (201, 400, 422)} == set()
    assert world.call("GET", "loyalty/rules").status_code == 200


def test_a_body_that_is_too_large_is_not_read_to_its_end(world: World) -> None:
    read: list[int] = []

    def parts() -> Iterator[bytes]:
        for at in range(100):
            read.append(at)
            yield b" " * 64 * 1024

    headers = {"Authorization": f"Bearer {world.store.api_key}"}
    answer = world.client.post("/api/v1/loyalty/rules", content=parts(), headers=headers)
    assert answer.status_code == 413
    assert json.loads(answer.text)["title"] == "The body is too large"
