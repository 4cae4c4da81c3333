"""Small repeatable differences: a stream of numbers that is a pure function of its key."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

Choice = TypeVar("Choice")


class Jitter:
    """Numbers from SHA-256 of `key/block`, in a fixed order; there is no generator whose state could be shared."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._block = 0
        self._bytes = b""

    def between(self, low: float, high: float) -> float:
        """Return the next number in [low, high]."""
        if not self._bytes:
            self._bytes = sha256(f"{self._key}/{self._block}".encode()).digest()
            self._block += 1
        word, self._bytes = self._bytes[:2], self._bytes[2:]
        return low + (high - low) * int.from_bytes(word, "big") / 65535

    def whole(self, low: int, high: int) -> int:
        """Return the next whole number from low to high, both included."""
        return min(high, int(self.between(low, high + 1)))

    def choose(self, options: Sequence[Choice]) -> Choice:
        """Return the next pick of `options`."""
        return options[self.whole(0, len(options) - 1)]
