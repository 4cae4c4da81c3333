"""The console's cookies: what each is for, and how it is written and read.

All are limited to the console's path and SameSite=Lax; those that a script has no use for are HttpOnly.
"""

import secrets
from http.cookies import SimpleCookie

from itsdangerous import BadData, BadSignature, Signer, URLSafeSerializer
from starlette.requests import Request

from console.frame import PageContext, Toast
from core import security

SESSION = "regulars_session"  # the signed session token
SEED = "regulars_door"  # a random text; the CSRF token of the signed-out depends on it
TOAST = "regulars_toast"  # signed: one sentence for the next page
THEME = "regulars_theme"  # "light" or "dark"; absent: as the system has it
SHORTCUTS = "regulars_shortcuts"  # "off" turns single-key shortcuts off
STORE = "regulars_store"  # id of the store last looked at

FORTNIGHT = 14 * 24 * 3_600
YEAR = 365 * 24 * 3_600


def line(page: PageContext, name: str, value: str, lasts: int, *, hidden: bool = True) -> str:
    """The `Set-Cookie` line for `lasts` seconds (0 deletes); `hidden` means HttpOnly."""
    cookie: SimpleCookie = SimpleCookie({name: value})
    cookie[name].update({"path": page.root or "/", "max-age": str(lasts), "samesite": "lax"})
    if hidden:
        cookie[name]["httponly"] = True
    if page.services.is_https:
        cookie[name]["secure"] = True
    return cookie.output(header="").strip()


def signed_session(token: str, secret_key: str) -> str:
    """The session token as it stands in the cookie."""
    return _signer(secret_key).sign(token).decode()


def session_token(request: Request, secret_key: str) -> str | None:
    """The token in the request's session cookie, or None where it is missing or was not signed by us."""
    try:
        return _signer(secret_key).unsign(request.cookies.get(SESSION, "")).decode()
    except BadSignature:
        return None


def csrf_token(seed: str, secret_key: str) -> str:
    """The token that forms of the signed-out repeat, bound to their seed cookie; a session has one of its own."""
    return security.sign(secret_key, b"regulars console csrf " + seed.encode())


def new_seed() -> str:
    """A seed nobody can guess."""
    return secrets.token_urlsafe(24)


def toast_value(toast: Toast, secret_key: str) -> str:
    """A toast as it stands in its cookie."""
    return str(_toasts(secret_key).dumps([toast.text, toast.undo_path, dict(toast.undo_fields)]))


def read_toast(request: Request, secret_key: str) -> Toast | None:
    """The toast that the answer before left behind, or None."""
    try:
        text, undo_path, fields = _toasts(secret_key).loads(request.cookies.get(TOAST, ""))
    except (BadData, ValueError):
        return None
    return Toast(text, undo_path, fields)


def _signer(secret_key: str) -> Signer:
    return Signer(secret_key, salt="regulars console session")


def _toasts(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="regulars console toast")
