"""Which keys a store has already: what an import needs to say “already there”."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.db import Session
from core.log.models import EventRow


@dataclass(frozen=True, slots=True)
class Present:
    """What stands in the log under a key."""

    body: bytes
    flags: str


def present(session: Session, store_id: int, keys: Sequence[bytes]) -> dict[bytes, Present]:
    """Those of the keys that the store has."""
    if not keys:
        return {}
    statement = select(EventRow.key, EventRow.body, EventRow.flags).where(
        EventRow.store_id == store_id, EventRow.key.in_(keys)
    )
    return {bytes(key): Present(bytes(body), flags) for key, body, flags in session.execute(statement)}
