"""OrderError
├── UnreadableOrder
└── UnknownOrder
"""


class OrderError(Exception):
    """Something about an order cannot be done."""


class UnreadableOrder(OrderError):
    """A trusted source reported an order, refund or cancellation that cannot be counted."""

    def __init__(self, order_id: str, reason: str) -> None:
        super().__init__(f"The report about order “{order_id[:80]}” cannot be counted: {reason}")
        self.reason = reason


class UnknownOrder(OrderError):
    """There is no such order in this store."""

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order “{order_id[:80]}” in this store.")
