"""Backtests in a process of their own, kept for the next question: it starts once and answers the rest at once."""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from core.db import Database
from loyalty.backtest import service
from loyalty.backtest.schemas import Question, Result

_PRIORITY = 10
_opened: dict[str, Database] = {}


class BacktestProcess:
    """Answers questions about one database, one after the other, at lower priority."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: ProcessPoolExecutor | None = None
        self._guard = threading.Lock()

    def run(self, question: Question) -> Result:
        """The answer; starts the process at the first question, and once more when it was ended from outside."""
        pool = self._started()
        try:
            return pool.submit(_answer, self._url, question).result()
        except BrokenProcessPool:
            self._forget(pool)
            return self._started().submit(_answer, self._url, question).result()

    def _started(self) -> ProcessPoolExecutor:
        with self._guard:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_lower_priority)
            return self._pool

    def _forget(self, broken: ProcessPoolExecutor) -> None:
        """A pool whose process is gone answers nothing any more; another question may already have started the next."""
        with self._guard:
            if self._pool is broken:
                self._pool = None

    def close(self) -> None:
        """End the process."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _lower_priority() -> None:
    os.nice(_PRIORITY)


def _answer(url: str, question: Question) -> Result:
    database = _opened.get(url)
    if database is None:
        database = _opened[url] = Database(url)
    return service.run(database, question)
