"""The marketer's first act at Kettle Lane: one point for every €1.00, turned on before the history, so that a year of points exists."""

import httpx2

from demo.history.errors import Refused
from demo.history.sending import bearer

RULE = {
    "name": "1 point for every €1.00",
    "kind": "per_amount",
    "points": 1,
    "per": {"minor": 100, "currency": "EUR"},
}
RULES = "/api/v1/loyalty/rules"


async def turn_on(http: httpx2.AsyncClient, api_key: str) -> None:
    """Save the rule as a draft and turn it on; does nothing where a rule of this name is on. Raises Refused or Unreachable."""
    response = await http.get(RULES, headers=dict(bearer(api_key)))
    if not response.is_success:
        raise Refused(RULES, response.status_code, response.text)
