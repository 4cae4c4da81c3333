"""When a store's models are old enough to be trained anew."""

from pathlib import Path

from core.clock import Instant
from core.db import Database
from personalization.recommendations import history
from personalization.recommendations.storage import newest_manifest

# A young shop, or one whose history is being imported, is trained again each time its log has doubled.
_SMALLEST_GROWTH = 500


def is_due(database: Database, root: Path, store_id: int, now: Instant, *, age: int) -> bool:
    """Whether there is something to learn that the newest version below `root`, current or refused, has not seen.

    A refused version counts too: the same data would be refused again.
    """
    newest = newest_manifest(root)
    if newest is not None and now - newest.created_at < age and not _has_doubled(database, newest.log_position):
        return False
    return history.has_interactions_after(database, store_id, newest.log_position if newest else 0)


def _has_doubled(database: Database, position: int) -> bool:
    with database.read() as session:
        return history.head(session) >= 2 * position + _SMALLEST_GROWTH
