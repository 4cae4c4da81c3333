"""Who may enter: sessions of staff, and what each role opens."""

from dataclasses import dataclass
from typing import Protocol

from core.clock import Instant
from core.db import Database
from tracking.stores import service
from tracking.stores.directory import Directory
from tracking.stores.schemas import ROLES, Role, Store, User


@dataclass(frozen=True)
class Entered:
    """A live session: its user, the stores that user may open, and the token every changing form repeats."""

    user: User
    stores: tuple[Store, ...]
    csrf: str


class Accounts(Protocol):
    """Sessions of staff. Calls are synchronous and use the database; make them from a worker thread."""

    def sign_in(self, email: str, password: str, now: Instant) -> str | None:
        """A fresh session token, or None where e-mail and password do not belong together.

        Raises TooManyAttempts while the address is blocked.
        """

    def entered(self, token: str, now: Instant) -> Entered | None:
        """The session behind a token, or None where it has ended or never was."""

    def sign_out(self, token: str) -> None:
        """End the session."""


class StaffAccounts:
    """Accounts in the database."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    def sign_in(self, email: str, password: str, now: Instant) -> str | None:
        """See Accounts; the slow password check runs outside the write lane."""
        with self._database.read() as session:
            service.sign_in_allowed(session, email, now)
            user = service.check_password(session, email, password)
        with self._database.write() as session:
            if user is None:
                service.record_failure(session, email, now)
                return None
            return service.start_session(session, user, now).token

    def entered(self, token: str, now: Instant) -> Entered | None:
        """See Accounts; every user may open every store."""
        with self._database.read() as session:
            found = service.signed_in(session, token, now)
        if found is None:
            return None
        return Entered(found.user, tuple(self._directory.stores()), found.csrf)

    def sign_out(self, token: str) -> None:
        """See Accounts."""
        with self._database.write() as session:
            service.sign_out(session, token)


def may(role: Role, needed: Role) -> bool:
    """Whether `role` opens what needs `needed`: owner, marketer, agent and viewer, each may what those after it may."""
    return ROLES.index(role) <= ROLES.index(needed)


def initials(user: User) -> str:
    """Two letters for the round badge: "Mara Kessler" → "MK"."""
    return letters(user.name or user.email)


def letters(name: str) -> str:
    """The first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper()
