"""POST /webhooks/generic/{store_id}: verified, appended as it came, answered after the commit; what it means comes later."""

import re
from hashlib import blake2b

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import clock, ids
from core.clock import Instant
from core.http import Problem, limited_body, reply
from core.log import NewEvent
from storefront_plugin.platforms.generic.deliveries import PREFIX, SOURCE
from storefront_plugin.platforms.generic.signature import BadSignature, verify
from tracking.collect import protocol
from tracking.collect.errors import CollectError
from tracking.collect.intake import Intake
from tracking.stores.access import directory
from tracking.stores.errors import UnknownStore
from tracking.stores.schemas import Store

_LONGEST_ID = 255
_TOPIC = re.compile(r"[a-z][a-z0-9_.-]{0,79}")


class _AnyObject(msgspec.Struct):
    """A JSON object, whatever is in it."""


_is_object = msgspec.json.Decoder(_AnyObject).decode


async def receive(request: Request) -> Response:
    """200 once the delivery is durable, also for one that was there before; 401 for a wrong signature."""
    store = _store(request)
    body = await limited_body(request)
    try:
        verify(request.headers.get("x-regulars-signature", ""), body, store.secret_key, clock.now())
    except BadSignature as error:
        raise Problem(401, "The signature is wrong", str(error)) from error
    _check(body)
    delivery = _delivery(request, store, body, clock.now())
    await _append(request, delivery)
    return reply({"received": True})


def _store(request: Request) -> Store:
    store_id = ids.whole(request.path_params["store_id"])
    if store_id is None:
        raise Problem(404, "There is no such store")
    try:
        return directory(request).store(store_id)
    except UnknownStore as error:
        raise Problem(404, "There is no such store", str(error)) from error


def _check(body: bytes) -> None:
    try:
        protocol.check_text(body)
        if protocol.depth(body) > protocol.DEEPEST:
            raise Problem(400, "The delivery cannot be read", "It nests too deep.")
        _is_object(body)
    except (CollectError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "The delivery cannot be read", str(error)) from error


def _delivery(request: Request, store: Store, body: bytes, now: Instant) -> NewEvent:
    topic = request.headers.get("x-regulars-topic", "")
    if not _TOPIC.fullmatch(topic):
        raise Problem(400, "Wrong topic", "Send `X-Regulars-Topic`, for example order.created.")
    return NewEvent(
        store_id=store.store_id,
        source=SOURCE,
        key=_key(request.headers.get("x-regulars-delivery", ""), topic, body),
        type="webhook",
        name=PREFIX + topic,
        occurred_at=now,
        received_at=now,
        anonymous_id=None,
        user_id=None,
        consent="",
        proof=None,
        cause=None,
        depth=0,
        body=body,
        flags="",
    )


def _key(delivery: str, topic: str, body: bytes) -> bytes:
    if len(delivery) > _LONGEST_ID:
        raise Problem(400, "Wrong delivery id", f"`X-Regulars-Delivery` may have {_LONGEST_ID} characters at most.")
    if delivery:
        return ids.key(SOURCE, delivery)
    return ids.key(SOURCE, "body", topic, blake2b(body, digest_size=32).hexdigest())


async def _append(request: Request, delivery: NewEvent) -> None:
    intake: Intake = request.app.state.services.intake
    try:
        await intake.append([delivery])
    except CollectError as error:
        raise Problem(error.status, "Nothing was taken", str(error), retry_after=error.retry_after) from error


ROUTES = [Route("/webhooks/generic/{store_id}", receive, methods=["POST"])]
