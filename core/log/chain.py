"""From a fact to what caused it, and from an event to what was concluded from it."""

from sqlalchemy import select

from core.db import Session
from core.log.events import DEEPEST_FACT, Event
from core.log.models import EventRow
from core.log.reading import Filter, read, to_events

_ROW = EventRow.__table__
_COLUMNS = tuple(_ROW.c[name] for name in Event.__struct_fields__)

# A reaction appends its facts soon after it gets their cause. Looking only so far ahead keeps the question cheap without an
# index that every insert would pay for; a fact concluded later is still found from its own side.
WINDOW = 20_000


def causes(session: Session, event: Event) -> list[Event]:
    """What led to the event, nearest first; empty for what came from outside."""
    found: list[Event] = []
    above = event
    while above.cause is not None and len(found) < DEEPEST_FACT:
        rows = read(session, Filter(store_id=event.store_id, positions=[above.cause], limit=1))
        if not rows:
            break
        above = rows[0]
        found.append(above)
    return found


def effects(session: Session, event: Event, *, limit: int = 50) -> list[Event]:
    """The facts concluded from the event within the next WINDOW positions, in the order of the log."""
    statement = (
        select(*_COLUMNS)
        .where(
            _ROW.c.position > event.position,
            _ROW.c.position <= event.position + WINDOW,
            _ROW.c.cause == event.position,
            _ROW.c.store_id == event.store_id,
        )
        .order_by(_ROW.c.position)
        .limit(limit)
    )
    return to_events(session, statement)
