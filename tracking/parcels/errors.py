"""ParcelError
├── UnreadableParcel
└── UnknownParcel
"""


class ParcelError(Exception):
    """Something about a parcel cannot be done."""


class UnreadableParcel(ParcelError):
    """A document about a parcel or a checkpoint cannot be used."""

    def __init__(self, parcel_id: str, reason: str) -> None:
        super().__init__(f"The document about parcel “{parcel_id[:80]}” cannot be used: {reason}")


class UnknownParcel(ParcelError):
    """There is no such parcel in this store."""

    def __init__(self, parcel_id: str) -> None:
        super().__init__(f"There is no parcel “{parcel_id[:80]}” in this store.")
