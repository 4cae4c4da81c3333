"""`/api/v1/messages`: reading the outbox."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import http, ids
from core.http import Problem
from crm.messaging import service
from crm.messaging.schemas import Message
from tracking.stores import access


def list_messages(request: Request) -> Response:
    """Messages, newest first; `?search=` looks into recipient, subject and step."""
    store = access.require(request, "read")
    wanted = http.cursor(request)
    with http.database(request).read() as session:
        found = service.messages(
            session,
            store.store_id,
            search=request.query_params.get("search", ""),
            cursor=wanted.after,
            limit=wanted.limit,
        )
    following = service.cursor_after(found[-1]) if len(found) == wanted.limit else None
    return http.page([_shown(message) for message in found], following)


def show_message(request: Request) -> Response:
    """One message with both bodies as the buyer gets them."""
    store = access.require(request, "read")
    try:
        message_id = ids.number(request.path_params["message_id"])
    except ids.UnknownIdentifier as error:
        raise Problem(404, "Unknown message", str(error)) from error
    with http.database(request).read() as session:
        found = service.message(session, store.store_id, message_id)
    if found is None:
        raise Problem(404, "Unknown message")
    return http.reply(_shown(found) | {"body_text": found.body_text, "body_html": found.body_html})


def _shown(message: Message) -> dict[str, Any]:
    return {
        "message_id": ids.public("m", message.message_id),
        "person_id": ids.public("p", message.person_id),
        "subject": message.subject,
        "step": message.step,
        "channel": message.channel,
        "recipient": message.recipient,
        "state": message.state,
        "reason": message.reason,
        "attempts": message.attempts,
        "subject_line": message.subject_line,
        "queued_at": message.queued_at,
        "sent_at": message.sent_at,
    }


ROUTES = [
    Route("/api/v1/messages", list_messages, methods=["GET"]),
    Route("/api/v1/messages/{message_id}", show_message, methods=["GET"]),
]
