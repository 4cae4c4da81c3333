"""CollectError
├── Unreadable          400
├── UnknownKey          401
├── ForeignOrigin       403
├── TooLarge            413
├── QueueFull           429
└── StorageDown         503
"""


class CollectError(Exception):
    """A request is answered with something else than 200; nothing of it is stored."""

    status = 400
    retry_after: int | None = None


class Unreadable(CollectError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"The body cannot be read: {reason}")


class UnknownKey(CollectError):
    status = 401

    def __init__(self) -> None:
        super().__init__("The key is unknown. Copy the write key from the store's setup page.")


class ForeignOrigin(CollectError):
    status = 403

    def __init__(self, origin: str) -> None:
        super().__init__(f"The store does not accept events from {origin[:200]}. Add it to the store's origins.")


class TooLarge(CollectError):
    status = 413

    def __init__(self) -> None:
        super().__init__("A request may hold 512 KiB and 2,500 items at most.")


class QueueFull(CollectError):
    status = 429
    retry_after = 2

    def __init__(self) -> None:
        super().__init__("Too many events wait for storage; send again in a moment.")


class StorageDown(CollectError):
    status = 503
    retry_after = 5

    def __init__(self) -> None:
        super().__init__("Storage does not answer; nothing was taken, send again in a moment.")
