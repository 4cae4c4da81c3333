"""Mail that goes nowhere: it is still rendered and kept in the outbox."""


class NullTransport:
    """Takes everything and keeps nothing."""

    is_repeatable = True

    def send(self, *, key: str, sender: str, recipient: str, mime: bytes) -> None:
        return None
