"""LedgerError
├── Conflict
└── Overdrawn
"""


class LedgerError(Exception):
    """The ledger refuses a movement; nothing was moved."""


class Conflict(LedgerError):
    def __init__(self, key: bytes) -> None:
        super().__init__(f"Another movement already stands under the key {key.hex()}; the ledger is never rewritten.")


class Overdrawn(LedgerError):
    def __init__(self, lot: bytes, points: int) -> None:
        super().__init__(f"The lot {lot.hex()} holds fewer than {points} points.")
