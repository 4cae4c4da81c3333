"""GET /api/v1/people, /api/v1/people/{id} and /api/v1/people/{id}/timeline."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import clock, ids
from core.http import Problem, cursor, database, page, reply
from tracking.people import service
from tracking.people.schemas import Consent, Moment, PeoplePage, Person
from tracking.stores.access import require
from tracking.stores.schemas import Store


async def list_people(request: Request) -> Response:
    """Last seen first; `?search=&known=true&after=&limit=`."""
    store, paging = require(request, "read"), cursor(request)

    def read() -> PeoplePage:
        with database(request).read() as session:
            return service.people(
                session,
                store.store_id,
                search=request.query_params.get("search", ""),
                known_only=request.query_params.get("known") == "true",
                cursor=paging.after,
                limit=paging.limit,
            )

    try:
        found = await run_in_threadpool(read)
    except service.UnknownCursor as error:
        raise Problem(400, "Wrong cursor", str(error)) from error
    return page([_outside(person) for person in found.items], found.next)


async def show_person(request: Request) -> Response:
    """One person with what they agreed to; an id that was merged shows the person it means now."""
    store, person_id = require(request, "read"), _person_id(request)

    def read() -> tuple[Person, Consent]:
        with database(request).read() as session:
            found = _existing(service.person(session, store.store_id, person_id))
            return found, service.consent_of(session, store, found.person_id)

    found, consent = await run_in_threadpool(read)
    allowed = {name: getattr(consent, name) for name in ("analytics", "personalization", "marketing")}
    return reply(_outside(found) | {"consent": allowed})


async def show_timeline(request: Request) -> Response:
    """Visits and how the person was recognised, newest first; `?after=<next of the page before>&limit=`."""
    store, person_id, paging = require(request, "read"), _person_id(request), cursor(request)
    before = _instant(paging.after)
    found = await run_in_threadpool(_moments, request, store, person_id, before, paging.limit)
    return page([_line(moment) for moment in found], found[-1].at if len(found) >= paging.limit else None)


def _moments(request: Request, store: Store, person_id: int, before: int | None, limit: int) -> list[Moment]:
    with database(request).read() as session:
        found = _existing(service.person(session, store.store_id, person_id))
        return service.timeline(session, store.store_id, found.person_id, before, limit)


def _existing(found: Person | None) -> Person:
    if found is None:
        raise Problem(404, "There is no such person", "Ids of people come from GET /api/v1/people.")
    return found


def _outside(person: Person) -> dict[str, Any]:
    """As the API shows it: a 63-bit number as a text that JavaScript can hold, times as ISO 8601."""
    return {
        "person_id": ids.public("p", person.person_id),
        "user_id": person.user_id,
        "email": person.email,
        "name": person.name,
        "country": person.country,
        "city": person.city,
        "first_seen_at": clock.iso(person.first_seen_at),
        "last_seen_at": clock.iso(person.last_seen_at),
        "traits": person.traits,
        "marketing": person.marketing,
    }


def _line(moment: Moment) -> dict[str, Any]:
    return {"at": clock.iso(moment.at), "kind": moment.kind, "text": moment.text, "detail": moment.detail}


def _person_id(request: Request) -> int:
    try:
        return ids.number(request.path_params["person_id"])
    except ids.UnknownIdentifier as error:
        raise Problem(404, "There is no such person", str(error)) from error


def _instant(text: str | None) -> int | None:
    if text is None:
        return None
    instant = ids.whole(text)
    if instant is None or len(text) > 15:
        raise Problem(400, "Wrong cursor", "`after` must be what a page before gave as `next`.")
    return instant


ROUTES = [
    Route("/api/v1/people", list_people),
    Route("/api/v1/people/{person_id}", show_person),
    Route("/api/v1/people/{person_id}/timeline", show_timeline),
]
