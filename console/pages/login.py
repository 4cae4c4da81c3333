"""Signing in and out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console import cookies
from console.answers import local_path
from console.attempts import Attempts
from console.frame import current_page, path_to, render
from console.language import gettext as _
from console.language import ngettext
from console.parts import FieldError
from core import clock
from tracking.stores.errors import TooManyAttempts


def make_brake() -> Attempts:
    """Thirty attempts in five minutes from one network address; failures of one e-mail are counted by the database."""
    return Attempts(30, 5 * clock.MINUTE)


def show(request: Request) -> Response:
    """The form; whoever is signed in already goes on."""
    page = current_page()
    if page.visitor is not None:
        return RedirectResponse(local_path(page, page.query.get("next", "")), 303)
    return _form(request, "", [], 200)


def sign_in(request: Request) -> Response:
    """Check e-mail and password; a wrong pair answers 422 with the form, too many tries 429."""
    page = current_page()
    email = page.answer("email").lower()
    password = str(page.form.get("password", ""))
    errors = _missing(email, password)
    if errors:
        return _form(request, email, errors, 422)
    waiting = request.app.state.login_brake.wait(_address(request), page.now)
    if waiting:
        return _form(request, email, [_too_often(-(-waiting // clock.SECOND))], 429)
    try:
        token = page.services.accounts.sign_in(email, password, page.now)
    except TooManyAttempts as refusal:
        return _form(request, email, [_too_often(refusal.seconds)], 429)
    if token is None:
        return _form(request, email, [FieldError("email", _("E-mail and password do not belong together"))], 422)
    return _welcome(token)


def sign_out(request: Request) -> Response:
    """End the session, here and on the server."""
    page = current_page()
    token = cookies.session_token(request, page.services.secret_key)
    if token is not None:
        page.services.accounts.sign_out(token)
    response = RedirectResponse(path_to(request, "login"), 303)
    response.headers.append("Set-Cookie", cookies.line(page, cookies.SESSION, "", 0))
    return response


def _welcome(token: str) -> Response:
    page = current_page()
    response = RedirectResponse(local_path(page, page.answer("next")), 303)
    value = cookies.signed_session(token, page.services.secret_key)
    response.headers.append("Set-Cookie", cookies.line(page, cookies.SESSION, value, cookies.FORTNIGHT))
    return response


def _form(request: Request, email: str, errors: list[FieldError], status_code: int) -> Response:
    page = current_page()
    back = page.answer("next") or page.query.get("next", "")
    return render(request, "login.html", status_code=status_code, email=email, errors=errors, back=back)


def _missing(email: str, password: str) -> list[FieldError]:
    errors = []
    if not email:
        errors.append(FieldError("email", _("Enter your e-mail")))
    if not password:
        errors.append(FieldError("password", _("Enter your password")))
    return errors


def _too_often(seconds: int) -> FieldError:
    text = ngettext(
        "Too many attempts. Try again in %(n)s second", "Too many attempts. Try again in %(n)s seconds", seconds
    )
    return FieldError("email", text % {"n": seconds})


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"


ROUTES = (
    Route("/login", show, name="login", methods=["GET"]),
    Route("/login", sign_in, name="sign_in", methods=["POST"]),
    Route("/logout", sign_out, name="sign_out", methods=["POST"]),
)
