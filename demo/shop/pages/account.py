"""The account: open one, sign in and out, see what is remembered, and be forgotten. The points page belongs here too."""

from starlette.datastructures import FormData
from starlette.responses import Response

from demo.shop import accounts, carts, orders
from demo.shop.accounts import Account
from demo.shop.checkout_form import LONGEST, usable_address
from demo.shop.rendering import show
from demo.shop.visit import Visit, see, text

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200


def account_page(visit: Visit) -> Response:
    """Show the account and its orders, or the way into it."""
    if visit.account is None:
        return see("/shop/account/login")
    with visit.shop.database.read() as connection:
        placed = orders.of_account(connection, visit.account.user_id)
    return show(visit, "account.html", account=visit.account, orders=placed)


def login_page(visit: Visit) -> Response:
    """Ask for address and password."""
    return _login(visit)


def login(visit: Visit, fields: FormData) -> Response:
    """Sign in."""
    email, password = text(fields, "email"), text(fields, "password")[:LONGEST_PASSWORD]
    with visit.shop.database.read() as connection:
        account = accounts.signed_in(connection, email, password)
    if account is None:
        return _login(visit, email=email, error="Address and password do not belong together.")
    _enter(visit, account)
    return see("/shop/account")


def register_page(visit: Visit) -> Response:
    """Ask for what an account needs."""
    return _register(visit)


def register(visit: Visit, fields: FormData) -> Response:
    """Open an account and sign in."""
    name, email = text(fields, "name")[:LONGEST], text(fields, "email")[:LONGEST]
    password = text(fields, "password")[:LONGEST_PASSWORD]
    errors = _errors(name, email, password)
    if not errors:
        with visit.shop.database.write() as connection:
            account = accounts.create(connection, email=email, name=name, password=password, now=visit.now)
        if account:
            _enter(visit, account)
            return see("/shop/account")
        errors = {"email": "There is an account with this address already: sign in instead"}
    return _register(visit, name=name, email=email, errors=errors)


def logout(visit: Visit, fields: FormData) -> Response:
    """Sign out."""
    visit.sign_out()
    return see("/shop/")


def points(visit: Visit) -> Response:
    """Show the points, which Regulars counts."""
    return show(visit, "points.html")


def remembered(visit: Visit) -> Response:
    """Say what is remembered, where, and how to stop it."""
    count = 0
    if visit.user_id:
        with visit.shop.database.read() as connection:
            count = orders.count_of_account(connection, visit.user_id)
    return show(visit, "remembered.html", order_count=count, anonymous_id=visit.anonymous_id)


def forget_page(visit: Visit) -> Response:
    """Show what forgetting means before it is done."""
    return show(visit, "forget.html", error=None)


def forget(visit: Visit, fields: FormData) -> Response:
    """Delete the account and take its name off the orders; it cannot be undone, so the address is asked for."""
    account = visit.account
    if account is None:
        return see("/shop/account/forget")
    if text(fields, "email").casefold() != account.email.casefold():
        error = "Enter the address of your account, as it is written above"
        return show(visit, "forget.html", status=422, error=error)
    with visit.shop.database.write() as connection:
        orders.forget_buyer(connection, account.user_id)
        accounts.delete(connection, account.user_id)
        carts.empty(connection, visit.session_id)
    visit.sign_out()
    visit.tell_once("notice", "Your account is deleted, and your name is off your orders.")
    return see("/shop/")


def _enter(visit: Visit, account: Account) -> None:
    old = visit.sign_in(account)
    with visit.shop.database.write() as connection:
        carts.move(connection, old, visit.session_id)


def _errors(name: str, email: str, password: str) -> dict[str, str]:
    errors = {}
    if not name:
        errors["name"] = "Enter your name"
    if not usable_address(email):
        errors["email"] = "Enter an e-mail address, such as ines@example.org"
    if len(password) < SHORTEST_PASSWORD:
        errors["password"] = f"Enter a password of {SHORTEST_PASSWORD} characters or more"
    return errors


def _login(visit: Visit, *, email: str = "", error: str | None = None) -> Response:
    return show(visit, "login.html", status=422 if error else 200, email=email, error=error)


def _register(visit: Visit, *, name: str = "", email: str = "", errors: dict[str, str] | None = None) -> Response:
    status = 422 if errors else 200
    return show(visit, "register.html", status=status, name=name, email=email, errors=errors or {})
