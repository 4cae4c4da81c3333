"""`GET /storefront/v1/recommendations`: a raw ASGI callable, answered from memory."""

from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from core import http, security
from personalization.recommendations.errors import RecommendationError
from personalization.recommendations.serving import Recommender
from storefront_plugin.crossing import crossing, may_ask
from tracking.stores.directory import Directory
from tracking.stores.schemas import Key

PATH = "/storefront/v1/recommendations"


class Recommendations:
    """The recommendations endpoint of one process."""

    def __init__(self, recommender: Recommender, directory: Directory) -> None:
        self._recommender = recommender
        self._directory = directory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        status, body = self._answer(scope, headers)
        kind = b"application/json" if status == 200 else b"application/problem+json"
        answered = [
            (b"content-type", kind),
            (b"cache-control", b"no-store"),
            (b"content-length", str(len(body)).encode()),
            *crossing(origin),
        ]
        await send({"type": "http.response.start", "status": status, "headers": answered})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[int, bytes]:
        if scope["method"] == "OPTIONS":
            return 204, b""
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        key = self._directory.key(query.get("write_key", ""))
        if key is None or key.kind != "write":
            return 401, _problem(401, "Unknown write key", "Copy the write key from the store's setup page.")
        if not may_ask(self._directory.store(key.store_id), headers.get(b"origin")):
            return 403, _problem(403, "Foreign origin", "Add this origin to the store's origins.")
        try:
            proved = self._proved(key, headers.get(b"authorization", b""))
            gpc = headers.get(b"sec-gpc") == b"1"
            return 200, self._recommender.answer_bytes(key.store_id, query, proved_user_id=proved, session_only=gpc)
        except security.RefusedToken as error:
            return 401, _problem(401, "Refused token", str(error))
        except RecommendationError as error:
            return 400, _problem(400, "Wrong question", str(error))

    def _proved(self, key: Key, authorization: bytes) -> str | None:
        """The user an identity token proves; without one the answer uses what this browser did, nothing else."""
        scheme, _, token = authorization.decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            return None
        store = self._directory.store(key.store_id)
        return security.identity(token.strip(), secret=store.secret_key, audience=str(store.store_id))


def _problem(status: int, title: str, detail: str) -> bytes:
    return bytes(http.problem(status, title, detail).body)
