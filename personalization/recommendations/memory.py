"""A bounded memory of what was computed: the least recently used is forgotten."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Value = TypeVar("Value")


class Memory:
    """Values by key. One key always names the same kind of value; whoever asks with a key knows which."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, Any] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value of the key, computed when it is not remembered. Two threads may compute the same; either value is right."""
        found: Value | None = self._values.get(key)
        if found is not None:
            return found
        made = compute()
        self._values[key] = made
        if len(self._values) > self._size:
            self._values.popitem(last=False)
        return made
