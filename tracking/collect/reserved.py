"""Names that only we write into the log.

A client may call its own event anything, also “order placed”; such an event must not be taken for our fact of that name, which
gives points and sends mail. It is kept under another name and flagged. A convention test compares this list with the code.
"""

from tracking.collect.protocol import TYPES

FACTS = frozenset(
    {
        "checkpoint received",
        "identity moved",
        "message sent",
        "order cancellation received",
        "order cancelled",
        "order placed",
        "order received",
        "order refunded",
        "parcel moved",
        "parcel received",
        "person received",
        "points awarded",
        "points taken back",
        "product received",
        "refund received",
        "segment entered",
        "segment left",
        "trait set",
    }
)
_PREFIX = "webhook "


def is_reserved(name: str) -> bool:
    """Whether a tracked event of this name could be taken for something else."""
    return name in FACTS or name in TYPES or name.startswith(_PREFIX)


def harmless(name: str) -> str:
    """The name under which such an event is kept."""
    return f"{name} (sent by a client)"
