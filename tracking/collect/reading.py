"""`/api/v1/events`: reading the log."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import clock, http, ids, log
from core.http import Problem
from core.log import Event, Filter
from tracking.stores import access

_NAMESPACES = (log.PUBLIC, log.SERVER)


def list_events(request: Request) -> Response:
    """Rows of the log in order after `?after=`, filtered by `?name=`; `?message_id=` finds the row of one message."""
    store = access.require(request, "read")
    wanted = http.cursor(request)
    message_id = request.query_params.get("message_id")
    after = _position(wanted.after)
    with http.database(request).read() as session:
        if message_id is not None:
            found = _by_message(session, store.store_id, message_id)
        else:
            name = request.query_params.get("name")
            found = log.read(session, Filter(store_id=store.store_id, name=name, after=after, limit=wanted.limit))
    following = found[-1].position if len(found) == wanted.limit and message_id is None else None
    return http.page([_shown(event) for event in found], following)


def _by_message(session: Any, store_id: int, message_id: str) -> list[Event]:
    found: list[Event] = []
    for namespace in _NAMESPACES:
        found.extend(log.read(session, Filter(store_id=store_id, key=ids.key(namespace, message_id), limit=1)))
    return found


def _position(after: str | None) -> int:
    if after is None:
        return 0
    position = ids.whole(after)
    if position is None:
        raise Problem(400, "Wrong cursor", "`after` is the `next` of the page before.")
    return position


def _shown(event: Event) -> dict[str, Any]:
    return {
        "position": event.position,
        "type": event.type,
        "name": event.name,
        "source": event.source,
        "occurred_at": clock.iso(event.occurred_at),
        "received_at": clock.iso(event.received_at),
        "anonymous_id": event.anonymous_id,
        "user_id": event.user_id,
        "consent": event.consent,
        "cause": event.cause,
        "flags": event.flags,
        "body": _body(event.body),
    }


def _body(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body else None
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {"unreadable": True}


ROUTES = [Route("/api/v1/events", list_events, methods=["GET"])]
