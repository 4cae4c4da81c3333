"""Opening the REST API: the bearer key decides the store, its scopes decide what may be done."""

from starlette.requests import Request

from core.http import Problem
from tracking.stores.directory import Directory
from tracking.stores.schemas import Key, Store


def directory(request: Request) -> Directory:
    """The process's directory of stores and keys."""
    found: Directory = request.app.state.services.directory
    return found


def require(request: Request, scope: str) -> Store:
    """The store behind `Authorization: Bearer <api key>`; raises Problem 401 without a key, 403 without the scope."""
    key = directory(request).key(_bearer(request))
    if key is None or key.kind != "api":
        raise Problem(401, "An API key is needed", "Send `Authorization: Bearer <api key>`.")
    if scope not in key.scopes:
        raise Problem(403, "This key may not do that", f"It has no scope “{scope}”.")
    return directory(request).store(key.store_id)


def actor(request: Request) -> str:
    """Who the audit log names for a change through the API: the key's beginning."""
    return f"API key {_bearer(request)[:8]}…"


def store_of_write_key(request: Request) -> tuple[Store, Key]:
    """The store behind `?write_key=`, for what a browser asks; raises Problem 401."""
    key = directory(request).key(request.query_params.get("write_key", ""))
    if key is None or key.kind != "write":
        raise Problem(401, "Unknown write key", "Copy the write key from the store's setup page.")
    return directory(request).store(key.store_id), key


def _bearer(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""
