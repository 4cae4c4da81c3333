"""Accounts: an e-mail address, a name, and a password that is kept as an argon2 hash only."""

import sqlite3
from dataclasses import dataclass
from functools import cache
from secrets import token_hex

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from demo.shop.clock import Instant


@dataclass(frozen=True)
class Account:
    """A shopper with a login. `user_id` is what Regulars knows the shopper by."""

    user_id: str
    email: str
    name: str

    @property
    def first_name(self) -> str:
        """How the shop addresses the shopper."""
        return self.name.split()[0]


def create(
    connection: sqlite3.Connection, *, email: str, name: str, password: str, now: Instant, user_id: str | None = None
) -> Account | None:
    """Open an account and return it, or `None` when the address has one already.

    `user_id` is for shoppers who were customers before the shop had this database.
    """
    account = Account(user_id or f"u_{token_hex(8)}", email.strip(), name.strip())
    made = connection.execute(
        "INSERT INTO account VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (account.user_id, account.email, account.name, _hasher().hash(password), now),
    ).rowcount
    return account if made else None


def signed_in(connection: sqlite3.Connection, email: str, password: str) -> Account | None:
    """Return the account of an address and its password, or `None`; both ways take the time of one verification."""
    row = connection.execute("SELECT * FROM account WHERE email = ?", (email.strip(),)).fetchone()
    try:
        _hasher().verify(row["password_hash"] if row else _nobodys_hash(), password)
    except VerifyMismatchError:
        return None
    return _account(row) if row else None


def find(connection: sqlite3.Connection, user_id: str) -> Account | None:
    """Return an account by its id, or `None` when it is gone."""
    row = connection.execute("SELECT * FROM account WHERE user_id = ?", (user_id,)).fetchone()
    return _account(row) if row else None


def delete(connection: sqlite3.Connection, user_id: str) -> None:
    """Delete an account."""
    connection.execute("DELETE FROM account WHERE user_id = ?", (user_id,))


def _account(row: sqlite3.Row) -> Account:
    return Account(row["user_id"], row["email"], row["name"])


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(token_hex(16))
