"""What the console is given from outside: everything a page may reach."""

from dataclasses import dataclass

from console.accounts import Accounts
from core.db import Database


@dataclass(frozen=True)
class ConsoleServices:
    """`secret_key` signs cookies; `is_https` says whether cookies are limited to HTTPS; `database` may be None only in
    tests of the frame, which never open it."""

    accounts: Accounts
    database: Database
    secret_key: str
    is_https: bool = False
