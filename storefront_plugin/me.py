"""`GET /storefront/v1/me`: what a signed-in shopper may see about themselves."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core import clock, http, ids, money
from core.db import Session
from loyalty.ledger import service as ledger
from loyalty.ledger.schemas import Movement
from storefront_plugin.crossing import with_crossing
from storefront_plugin.identity import SignedIn, require_token
from tracking.people import service as people
from tracking.people.schemas import Identity

_SHOWN_MOVEMENTS = 20


def me(request: Request) -> Response:
    """The person's points with what they are worth, and their latest movements."""
    try:
        who = require_token(request)
    except http.Problem as error:
        return with_crossing(request, http.problem(error.status, error.title, error.detail))
    with http.database(request).read() as session:
        answer = _answer(session, who)
    response = with_crossing(request, http.reply(answer))
    response.headers["cache-control"] = "no-store"
    return response


def _answer(session: Session, who: SignedIn) -> dict[str, Any]:
    store = who.store
    [person_id] = people.resolve(session, store.store_id, [Identity(user_id=who.user_id)])
    person_ids = people.merged(session, store.store_id, person_id) if person_id else []
    found = people.person(session, store.store_id, person_id) if person_id else None
    holding = ledger.holding(session, store.store_id, person_ids, clock.now())
    moved = (
        ledger.movements(session, store.store_id, person_ids=person_ids, limit=_SHOWN_MOVEMENTS) if person_ids else []
    )
    worth = ledger.worth(session, store.store_id, holding.available) * 10 ** money.exponent(store.currency) // 100
    return {
        "person": {"person_id": ids.public("p", person_id), "name": found.name if found else None}
        if person_id
        else None,
        "points": {
            "available": holding.available,
            "pending": holding.pending,
            "earned": holding.earned,
            "worth": str(money.to_decimal(worth, store.currency)),
            "currency": store.currency,
            "next_expiry": clock.iso(holding.next_expiry_at) if holding.next_expiry_at else None,
            "next_expiry_points": holding.next_expiry_points,
        },
        "tier": None,
        "movements": [_movement(movement) for movement in moved],
    }


def _movement(movement: Movement) -> dict[str, Any]:
    return {
        "kind": movement.kind,
        "points": movement.points,
        "order_id": movement.order_id,
        "at": clock.iso(movement.effective_at),
        "why": movement.explanation.get("sentence", ""),
    }
