"""A bounded memory of what was computed: the oldest is forgotten."""

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

    def peek(self, key: Hashable, kind: type[Value]) -> Value | None:
        """The value of the key, which is of this kind, or None."""
        found = self._values.get(key)
        return found if isinstance(found, kind) else None

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value of the key, computed when it is not remembered. Two threads may compute the same; either value is right."""
        found: Value | None = self._values.get(key)
        if found is not None:
            return found
        made = compute()
        self.keep(key, made)
        return made

    def keep(self, key: Hashable, value: object) -> None:
        """Remember a value, in place of the oldest one when there are too many."""
        self._values[key] = value
        if len(self._values) > self._size:
            self._values.popitem(last=False)
