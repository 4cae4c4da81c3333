"""The marketer's first act at Kettle Lane: one point for every €1.00, turned on before the history, so that a year of points exists."""

from collections.abc import Mapping
from functools import partial

import httpx2
import msgspec
from msgspec import Struct

from demo.history.errors import Refused, Unreachable
from demo.history.sending import bearer, post

RULES = "/api/v1/loyalty/rules"
NAME = "1 point for every €1.00"
ONE_POINT_PER_EURO = {"kind": "spend", "points": 1, "per": 100}
DRAFT = "draft"


class _Version(Struct):
    state: str


class _Rule(Struct):
    rule_id: str
    name: str
    versions: list[_Version]

    @property
    def is_only_drafted(self) -> bool:
        return all(version.state == DRAFT for version in self.versions)


class _Rules(Struct):
    items: list[_Rule]


async def turn_on(http: httpx2.AsyncClient, api_key: str) -> None:
    """Save the rule as a draft and turn it on. A rule of this name that was ever on is the marketer's, and stays as it is.

    Raises Refused or Unreachable.
    """
    headers = bearer(api_key)
    rule = await _find(http, headers) or await _draft(http, headers)
    if rule.is_only_drafted:
        await post(http, f"{RULES}/{rule.rule_id}/turn-on", b"", partial(dict, headers))


async def _find(http: httpx2.AsyncClient, headers: Mapping[str, str]) -> _Rule | None:
    try:
        response = await http.get(RULES, headers=dict(headers))
    except httpx2.TransportError as error:
        raise Unreachable(RULES) from error
    if not response.is_success:
        raise Refused(RULES, response.status_code, response.text)
    known = msgspec.json.decode(response.content, type=_Rules)
    return next((rule for rule in known.items if rule.name == NAME), None)


async def _draft(http: httpx2.AsyncClient, headers: Mapping[str, str]) -> _Rule:
    body = msgspec.json.encode({"name": NAME, "rule": ONE_POINT_PER_EURO})
    response = await post(http, RULES, body, partial(dict, headers))
    return msgspec.json.decode(response.content, type=_Rule)
