"""Who asks: what belongs to one known person needs an identity token made by the shop's server."""

from dataclasses import dataclass

from starlette.requests import Request

from core import security
from core.http import Problem
from storefront_plugin.crossing import may_ask
from tracking.stores import access
from tracking.stores.schemas import Store


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A store and the user id that a valid token named."""

    store: Store
    user_id: str


def require_token(request: Request) -> SignedIn:
    """The user behind `Authorization: Bearer <identity token>`; the store follows from `write_key`. Raises Problem."""
    store, _ = access.store_of_write_key(request)
    if not may_ask(store, request.headers.get("origin")):
        raise Problem(403, "Foreign origin", "Add this origin to the store's origins.")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Problem(401, "An identity token is needed", "The shop's server signs it; see the guide to the snippet.")
    try:
        user_id = security.identity(token.strip(), secret=store.secret_key, audience=str(store.store_id))
    except security.RefusedToken as error:
        raise Problem(401, "Refused token", str(error)) from error
    return SignedIn(store=store, user_id=user_id)
