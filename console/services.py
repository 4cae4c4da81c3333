"""What the console is given from outside: everything a page may reach."""

from dataclasses import dataclass
from typing import Protocol

from console.accounts import Accounts, StaffAccounts
from core.db import Database
from core.log import Runner
from core.settings import Settings
from loyalty.backtest.schemas import Question, Result
from tracking.stores.directory import Directory


class Backtests(Protocol):
    """Answers what a rule would have done; in production a process of its own (`loyalty.backtest.process`)."""

    def run(self, question: Question) -> Result:
        """The answer; raises WrongRule for a rule that cannot be used."""


@dataclass(frozen=True, kw_only=True)
class ConsoleServices:
    """Settings, database, reactions (for replaying what was set aside), backtests and the sessions of staff."""

    settings: Settings
    database: Database
    runner: Runner
    accounts: Accounts
    backtests: Backtests

    @property
    def secret_key(self) -> str:
        """What cookies are signed with."""
        return self.settings.secret_key

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this service by HTTPS, so that cookies are limited to it."""
        return self.settings.base_url.startswith("https:")


def console_services(
    settings: Settings, database: Database, directory: Directory, runner: Runner, backtests: Backtests
) -> ConsoleServices:
    """The console's services over those of the process."""
    accounts = StaffAccounts(database, directory)
    return ConsoleServices(settings=settings, database=database, runner=runner, accounts=accounts, backtests=backtests)
