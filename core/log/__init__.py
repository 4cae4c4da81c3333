"""The append-only log of events and facts, and the reactions that read it in order.

Position order is commit order, a key exists once per store for ever, and a reaction's effect and its cursor are one
transaction. The log knows nothing of what the events mean.
"""

from core.log.append import insert_rows
from core.log.events import FACT, IMPORT, PUBLIC, SERVER, Event, LoopTooDeep, NewEvent, UnreadableBody, is_trusted
from core.log.reactions import EVERYTHING, Reaction, Runner
from core.log.reading import Filter, count_by_name, head, newest, read, recent_visitors

__all__ = [
    "EVERYTHING",
    "FACT",
    "IMPORT",
    "PUBLIC",
    "SERVER",
    "Event",
    "Filter",
    "LoopTooDeep",
    "NewEvent",
    "Reaction",
    "Runner",
    "UnreadableBody",
    "count_by_name",
    "head",
    "insert_rows",
    "is_trusted",
    "newest",
    "read",
    "recent_visitors",
]
