"""The collect door: a raw ASGI callable, since a framework around it would cost a third of the rate."""

import time
from typing import Any

import msgspec
from starlette.types import Receive, Scope, Send

from core import clock, security
from tracking.collect import protocol, service
from tracking.collect.errors import CollectError, ForeignOrigin, TooLarge, UnknownKey
from tracking.collect.intake import Intake
from tracking.collect.metrics import REFUSED
from tracking.stores.directory import Directory
from tracking.stores.schemas import Key

PATHS = {
    **{f"/v1/{name}": name for name in ("track", "identify", "page", "screen", "group", "alias")},
    **{f"/v1/{short}": name for short, name in protocol.SHORT.items()},
    **dict.fromkeys(("/v1/batch", "/v1/b"), "batch"),
    **dict.fromkeys(("/v1/import", "/v1/import/"), "import"),
    "/v1/m": "metrics",
}
_SUCCESS = b'{"success":true}'
_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", b"application/problem+json")
_ALLOWED = (
    b"authorization, content-type, x-retry-count, x-write-key, x-ip-policy, anonymousid, sentat, rsa-recovered, "
    b"rsa-retry-attempt, rsa-retry-reason, rsa-since-last-attempt, rsa-since-first-attempt"
)
_MOST_PROOFS = 10_000
_LONGEST_TOKEN = 4_096  # what was seen is kept in memory


class Collect:
    """`POST /v1/…` of the Segment protocol."""

    def __init__(self, intake: Intake, directory: Directory) -> None:
        self._intake = intake
        self._directory = directory
        self._proofs: dict[tuple[int, str], tuple[str | None, float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        kind, origin = PATHS[scope["path"]], headers.get(b"origin")
        if scope["method"] == "OPTIONS":
            await _send(send, 204, b"", [*_cors(origin), *_preflight(headers)])
            return
        if scope["method"] != "POST":
            await _send(send, 405, b"", [(b"allow", b"POST, OPTIONS")])
            return
        try:
            body = await _body(receive)
            if kind != "metrics":  # SDKs report about themselves here, without a key: swallowed
                await self._take(kind, body, headers, scope, origin)
        except CollectError as error:
            REFUSED.labels(reason=type(error).__name__).inc()
            await _send(send, error.status, _problem(error), [_PROBLEM, *_cors(origin), *_retry(error)])
        else:
            await _send(send, 200, _SUCCESS, [_JSON, *_cors(origin)])

    async def _take(
        self, kind: str, body: bytes, headers: dict[bytes, bytes], scope: Scope, origin: bytes | None
    ) -> None:
        body = protocol.inflate(body, is_gzip=headers.get(b"content-encoding") == b"gzip")
        protocol.check_text(body)
        parsed = protocol.read_batch(body) if kind in ("batch", "import") else protocol.read_item(body)
        key = self._key(headers, scope, parsed.writeKey)
        self._check_origin(key, origin)
        sender = service.Sender(
            key,
            clock.now(),
            headers.get(b"sec-gpc") == b"1",
            service.is_bot(headers.get(b"user-agent", b"")),
            self._proof(key, parsed.identityToken),
            kind != "import",
        )
        if isinstance(parsed, protocol.Batch):
            taken = service.take_batch(parsed, sender)
        else:
            taken = service.take_single(body, parsed, kind, sender)
        if taken.rows or taken.refused:
            await self._intake.append(taken.rows, taken.refused)

    def _key(self, headers: dict[bytes, bytes], scope: Scope, in_body: protocol.Text) -> Key:
        """A header's key, else the query's, else the body's; a key in the body never overrides another."""
        authorization = headers.get(b"authorization")
        candidates = [*protocol.key_of_authorization(authorization)] if authorization else []
        if b"x-write-key" in headers:
            candidates.append(headers[b"x-write-key"].decode("latin-1").partition(":")[0])
        candidates.extend(_query_keys(scope["query_string"]))
        if isinstance(in_body, str):
            candidates.append(in_body)
        for candidate in candidates:
            found = self._directory.key(candidate) if candidate else None
            if found is not None and "collect" in found.scopes:
                return found
        raise UnknownKey

    def _check_origin(self, key: Key, origin: bytes | None) -> None:
        if origin is None:
            return
        allowed = self._directory.store(key.store_id).origins
        if allowed and origin.decode("latin-1").rstrip("/") not in allowed:
            raise ForeignOrigin(origin.decode("latin-1"))

    def _proof(self, key: Key, token: protocol.Text) -> str | None:
        """The user id a valid identity token names; a wrong token proves nothing and refuses nothing."""
        if not isinstance(token, str) or not 0 < len(token) <= _LONGEST_TOKEN:
            return None
        known = self._proofs.get((key.store_id, token))
        if known is not None and known[1] > time.monotonic():
            return known[0]
        store = self._directory.store(key.store_id)
        try:
            user_id = security.identity(token, secret=store.secret_key, audience=str(store.store_id))
        except security.RefusedToken:
            user_id = None
        if len(self._proofs) >= _MOST_PROOFS:
            self._proofs.clear()
        self._proofs[(key.store_id, token)] = (user_id, time.monotonic() + 60)
        return user_id


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > protocol.LARGEST_REQUEST:
            raise TooLarge
    return body


def _query_keys(query: bytes) -> list[str]:
    if not query:
        return []
    pairs = (pair.partition("=") for pair in query.decode("latin-1").split("&"))
    return [value for name, _, value in pairs if name in ("writekey", "writeKey")]


def _cors(origin: bytes | None) -> list[tuple[bytes, bytes]]:
    # `*` never covers Authorization, so the origin is echoed; whether it is the store's own is checked with the key.
    if origin is None:
        return []
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", b"retry-after"),
        (b"vary", b"origin"),
    ]


def _preflight(headers: dict[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    return [
        (b"access-control-allow-methods", b"POST, OPTIONS"),
        (b"access-control-allow-headers", headers.get(b"access-control-request-headers", _ALLOWED)),
        (b"access-control-max-age", b"86400"),
    ]


def _retry(error: CollectError) -> list[tuple[bytes, bytes]]:
    return [] if error.retry_after is None else [(b"retry-after", str(error.retry_after).encode())]


def _problem(error: CollectError) -> bytes:
    document: dict[str, Any] = {"type": "about:blank", "title": str(error), "status": error.status}
    return msgspec.json.encode(document)


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
