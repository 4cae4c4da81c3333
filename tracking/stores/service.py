"""Making stores and staff, opening their keys, signing in, and the audit log."""

from collections.abc import Sequence
from zoneinfo import available_timezones

from babel.core import Locale, UnknownLocaleError, get_global
from email_validator import EmailNotValidError, validate_email

from core import clock, ids, security
from core.clock import Instant
from core.db import Session
from tracking.stores import repository
from tracking.stores.errors import (
    EmailTaken,
    StoreError,
    TooManyAttempts,
    UnknownCurrency,
    UnknownLocale,
    UnknownStore,
    UnknownTimeZone,
)
from tracking.stores.models import StoreRow, UserRow
from tracking.stores.schemas import SCOPES, AuditEntry, Key, NewStore, Place, Role, SignedIn, Store, User

_SIGN_IN_LIFE = 14 * clock.DAY
_FREE_ATTEMPTS = 5
_BLOCK = 30 * clock.SECOND
_MOST_DOUBLINGS = 5  # sixteen minutes at most: whoever guesses must not shut the owner out for a night


def create_store(
    session: Session,
    *,
    name: str,
    currency: str,
    time_zone: str,
    master: str,
    origins: tuple[str, ...] = (),
    locale: str = "en",
    storefront_url: str = "",
) -> NewStore:
    """A new store with one write key and one API key, both given back in clear for the only time."""
    _check_place(currency, time_zone)
    store_id, secret = repository.next_store_id(session), f"sk_{ids.token()}"
    row = {
        "store_id": store_id,
        "name": name,
        "currency": currency,
        "locale": _locale(locale),
        "time_zone": time_zone,
        "origins": [origin.rstrip("/") for origin in origins],
        "sealed_secret": security.seal(secret, master),
        "asks_consent_first": False,
        "storefront_url": storefront_url,
        "postal_address": "",
        "created_at": clock.now(),
    }
    repository.insert_store(session, row)
    write_key = _add_key(session, store_id, "write", ("collect",))
    api_key = _add_key(session, store_id, "api", SCOPES)
    store = _store(StoreRow(**row), master)
    return NewStore(store=store, write_key=write_key, api_key=api_key)


def stores(session: Session, *, master: str) -> list[Store]:
    """Every store, its secret key opened."""
    return [_store(row, master) for row in repository.stores(session)]


def store(session: Session, store_id: int, *, master: str) -> Store:
    """One store; raises UnknownStore."""
    for found in stores(session, master=master):
        if found.store_id == store_id:
            return found
    raise UnknownStore(store_id)


def set_origins(session: Session, store_id: int, origins: Sequence[str]) -> None:
    """The pages that may send and ask for this store; an empty list allows all."""
    repository.set_origins(session, store_id, [origin.rstrip("/") for origin in origins])


def time_zone(session: Session, store_id: int) -> str:
    """The store's time zone; raises UnknownStore."""
    return _row(session, store_id).time_zone


def currency(session: Session, store_id: int) -> str:
    """The store's currency; raises UnknownStore."""
    return _row(session, store_id).currency


def place(session: Session, store_id: int) -> Place:
    """The store without its secrets, for which no master key is needed; raises UnknownStore."""
    row = next((row for row in repository.stores(session) if row.store_id == store_id), None)
    if row is None:
        raise UnknownStore(store_id)
    return Place(
        currency=row.currency,
        time_zone=row.time_zone,
        origins=frozenset(row.origins),
        asks_consent_first=row.asks_consent_first,
    )


def keys(session: Session) -> dict[str, Key]:
    """What every valid key opens, by the key's hash (`core.security.hash_key`)."""
    return {
        row.hashed: Key(
            store_id=row.store_id, kind="write" if row.kind == "write" else "api", scopes=frozenset(row.scopes)
        )
        for row in repository.keys(session)
    }


def write_key(session: Session, store_id: int) -> str:
    """The store's public write key, for its own pages."""
    return next(row.shown for row in repository.keys(session) if row.store_id == store_id and row.kind == "write")


def create_user(session: Session, *, email: str, role: Role, password: str, name: str = "") -> User:
    """A new member of staff; raises EmailTaken or StoreError for an address that cannot be one."""
    address = _address(email)
    if repository.user_by_email(session, address):
        raise EmailTaken(address)
    row = {
        "user_id": ids.derived("staff", address),
        "email": address,
        "name": name or address.split("@")[0].replace(".", " ").title(),
        "role": role,
        "password": security.hash_password(password),
        "created_at": clock.now(),
    }
    repository.insert_user(session, row)
    return _user(UserRow(**row))


def sign_in_allowed(session: Session, email: str, now: Instant) -> None:
    """Raise TooManyAttempts while an address is blocked after repeated failures."""
    tried = repository.attempts(session, email.strip().lower())
    if tried and tried.blocked_until > now:
        raise TooManyAttempts(-(-(tried.blocked_until - now) // clock.SECOND))


def check_password(session: Session, email: str, password: str) -> User | None:
    """The member of staff with this address and password. Slow on purpose: call it outside the write lane."""
    row = repository.user_by_email(session, email.strip().lower())
    # A missing user costs the same time as a wrong password.
    hashed = row.password if row else _UNUSABLE
    return _user(row) if security.password_matches(hashed, password) and row else None


def start_session(session: Session, user: User, now: Instant) -> SignedIn:
    """A console session for a user whose password was right; sessions that have ended are cleared away."""
    token, csrf = ids.token(), ids.token(24)
    expires_at = now + _SIGN_IN_LIFE
    row = {"hashed": security.hash_key(token), "user_id": user.user_id, "csrf": csrf, "expires_at": expires_at}
    repository.delete_ended_sign_ins(session, now)
    repository.insert_sign_in(session, row)
    repository.record_attempt(session, user.email, 0, 0)
    return SignedIn(user=user, token=token, csrf=csrf, expires_at=expires_at)


def record_failure(session: Session, email: str, now: Instant) -> None:
    """Count a failed sign-in; from the sixth on the address is blocked, for twice as long each time, up to 16 minutes."""
    subject = email.strip().lower()[:320]
    tried = repository.attempts(session, subject)
    failures = (tried.failures if tried else 0) + 1
    over = failures - _FREE_ATTEMPTS
    blocked_until = now + _BLOCK * 2 ** min(over - 1, _MOST_DOUBLINGS) if over > 0 else 0
    repository.record_attempt(session, subject, failures, blocked_until)


def signed_in(session: Session, token: str, now: Instant) -> SignedIn | None:
    """The console session behind a cookie, or None."""
    found = repository.sign_in(session, security.hash_key(token), now)
    if found is None:
        return None
    row, user = found
    return SignedIn(user=_user(user), token=token, csrf=row.csrf, expires_at=row.expires_at)


def sign_out(session: Session, token: str) -> None:
    """End a console session."""
    repository.delete_sign_in(session, security.hash_key(token))


def record_change(
    session: Session, *, store_id: int, actor: str, action: str, subject: str, detail: dict[str, object]
) -> None:
    """Write down what a person or an API key changed, in the transaction that changes it."""
    row = {
        "store_id": store_id,
        "at": clock.now(),
        "actor": actor,
        "action": action,
        "subject": subject,
        "detail": detail,
    }
    repository.insert_audit(session, row)


def audit(session: Session, store_id: int, *, before: int | None = None, limit: int = 50) -> list[AuditEntry]:
    """The store's changes, newest first."""
    return [
        AuditEntry(
            audit_id=row.audit_id, at=row.at, actor=row.actor, action=row.action, subject=row.subject, detail=row.detail
        )
        for row in repository.audit(session, store_id, before, limit)
    ]


def _add_key(session: Session, store_id: int, kind: str, scopes: tuple[str, ...]) -> str:
    key = f"{'wk' if kind == 'write' else 'ak'}_{ids.token(24)}"
    repository.insert_key(
        session,
        {
            "store_id": store_id,
            "hashed": security.hash_key(key),
            "kind": kind,
            # A write key stands in every page of the shop; an API key is shown once and then only by its beginning.
            "shown": key if kind == "write" else key[:8] + "…",
            "scopes": list(scopes),
            "created_at": clock.now(),
            "revoked_at": None,
        },
    )
    return key


def _check_place(currency: str, time_zone: str) -> None:
    if currency not in get_global("all_currencies"):
        raise UnknownCurrency(currency)
    if time_zone not in available_timezones():
        raise UnknownTimeZone(time_zone)


def _locale(text: str) -> str:
    try:
        return str(Locale.parse(text.replace("-", "_")))
    except (ValueError, UnknownLocaleError) as error:
        raise UnknownLocale(text) from error


def _address(email: str) -> str:
    try:
        return validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise StoreError(f"“{email}” cannot be an e-mail address: {error}") from error


def _row(session: Session, store_id: int) -> StoreRow:
    for found in repository.stores(session):
        if found.store_id == store_id:
            return found
    raise UnknownStore(store_id)


def _store(row: StoreRow, master: str) -> Store:
    return Store(
        store_id=row.store_id,
        name=row.name,
        currency=row.currency,
        locale=row.locale,
        time_zone=row.time_zone,
        origins=tuple(row.origins),
        asks_consent_first=row.asks_consent_first,
        storefront_url=row.storefront_url,
        postal_address=row.postal_address,
        secret_key=security.unseal(row.sealed_secret, master),
    )


def _user(row: UserRow) -> User:
    role: Role = row.role  # type: ignore[assignment]
    return User(user_id=row.user_id, email=row.email, name=row.name, role=role)


_UNUSABLE = security.hash_password(ids.token())
