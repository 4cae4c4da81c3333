"""Who may enter: what the console needs of stores and users, and how it gets it from `tracking.stores`."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from core.clock import Instant


class Role(IntEnum):
    """What a user may do; each role may do what those below it may."""

    VIEWER = 1
    AGENT = 2
    MARKETER = 3
    OWNER = 4


@dataclass(frozen=True)
class StoreFacts:
    """The store a page is about: `locale` as in "en_GB", `time_zone` as in "Europe/Berlin"."""

    id: int
    name: str
    currency: str
    locale: str
    time_zone: str


@dataclass(frozen=True)
class SignedIn:
    """The user behind a session and the stores that user may open (never empty)."""

    id: int
    email: str
    name: str
    role: Role
    stores: tuple[StoreFacts, ...]

    @property
    def initials(self) -> str:
        """Two letters for the round badge: "Mara Kessler" → "MK"."""
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()


class Accounts(Protocol):
    """Sessions of users. Calls are synchronous and may read or write the database; call them from a worker thread."""

    def sign_in(self, email: str, password: str, now: Instant) -> str | None:
        """A fresh session token, or None where e-mail and password do not belong together."""

    def signed_in(self, token: str, now: Instant) -> SignedIn | None:
        """Who is behind the token, or None where it has ended or never was."""

    def sign_out(self, token: str) -> None:
        """End the session."""
