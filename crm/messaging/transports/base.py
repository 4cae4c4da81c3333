"""What every transport promises."""

from typing import Protocol


class Refused(Exception):
    """The mail was clearly not taken. `is_final`: trying again will not help (an SMTP 5xx)."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.is_final = is_final


class UnknownResult(Exception):
    """The connection broke after the mail was handed over: it may or may not have been taken. Never resent by itself."""


class Transport(Protocol):
    """Takes one mail at a time. `is_repeatable`: handing the same mail over twice leaves it there once."""

    is_repeatable: bool

    def send(self, *, key: str, sender: str, recipient: str, mime: bytes) -> None:
        """Hand a mail over; raises Refused or UnknownResult."""
        ...
