"""What can go wrong while the history is told.

HistoryError
├── Refused           Regulars answered, and the answer was no
├── Unreachable       nobody answered for too long
└── CommandFailed     a command of Regulars ended with an error
"""

from collections.abc import Sequence


class HistoryError(Exception):
    """The history could not be told; the message says why in one sentence."""


class Refused(HistoryError):
    def __init__(self, address: str, status: int, answer: str) -> None:
        super().__init__(f"{address} answered {status}: {answer[:300]}")
        self.status = status


class Unreachable(HistoryError):
    def __init__(self, address: str) -> None:
        super().__init__(f"{address} did not answer for too long.")


class CommandFailed(HistoryError):
    def __init__(self, words: Sequence[str], output: str) -> None:
        super().__init__(f"“regulars {' '.join(words[:2])}” failed: {output.strip()[-500:]}")
