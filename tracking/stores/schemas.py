"""What other parts see of stores and staff."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from core.clock import Instant

Role: TypeAlias = Literal["owner", "marketer", "agent", "viewer"]
ROLES: tuple[Role, ...] = ("owner", "marketer", "agent", "viewer")

SCOPES = ("collect", "read", "write")


@dataclass(frozen=True, kw_only=True)
class Store:
    """A storefront."""

    store_id: int
    name: str
    currency: str
    locale: str
    time_zone: str
    origins: tuple[str, ...]
    asks_consent_first: bool
    storefront_url: str
    postal_address: str
    secret_key: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """What reactions need of a store: everything but its secrets."""

    currency: str
    time_zone: str
    origins: frozenset[str]
    asks_consent_first: bool


@dataclass(frozen=True, kw_only=True)
class NewStore:
    """A store just made, with its keys in clear for the only time."""

    store: Store
    write_key: str
    api_key: str


@dataclass(frozen=True, kw_only=True)
class Key:
    """What a presented key opens."""

    store_id: int
    kind: Literal["write", "api"]
    scopes: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class User:
    """A person who works with the console."""

    user_id: int
    email: str
    name: str
    role: Role


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A console session: the token goes into the cookie, the CSRF token into every form."""

    user: User
    token: str
    csrf: str
    expires_at: Instant


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One change by a person or an API key."""

    audit_id: int
    at: Instant
    actor: str
    action: str
    subject: str
    detail: dict[str, object]
