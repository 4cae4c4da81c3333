"""Cross-origin answers for the storefront API: the store's own list of origins, echoed."""

from starlette.requests import Request
from starlette.responses import Response

from tracking.stores.schemas import Store

_METHODS = b"GET, OPTIONS"


def may_ask(store: Store, origin: bytes | str | None) -> bool:
    """Whether a page of this origin may ask for this store; an empty list allows all, a missing header is no offence."""
    if origin is None or not store.origins:
        return True
    text = origin.decode("latin-1") if isinstance(origin, bytes) else origin
    return text.rstrip("/") in store.origins


def crossing(origin: bytes | None) -> list[tuple[bytes, bytes]]:
    """The CORS headers of an answer."""
    if origin is None:
        return []
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-headers", b"authorization, content-type"),
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-max-age", b"86400"),
        (b"vary", b"origin"),
    ]


def with_crossing(request: Request, response: Response) -> Response:
    """The same on a Starlette answer."""
    origin = request.headers.get("origin")
    for name, value in crossing(origin.encode("latin-1") if origin else None):
        response.headers[name.decode()] = value.decode("latin-1")
    return response


def preflight(request: Request) -> Response:
    """The answer to OPTIONS."""
    return with_crossing(request, Response(status_code=204))
