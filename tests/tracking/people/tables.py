"""Reading whole tables, to compare what different ways through the log have made of them."""

from typing import Any

from sqlalchemy import delete, func, insert, select, update

from core.db import Base, Database
from core.log import Filter, NewEvent, read
from core.log.models import EventRow, ReactionCursor
from tests.tracking.people.speaking import STORE
from tracking.people.models import (
    ConsentRow,
    IdentityLinkRow,
    IdentityRow,
    IdentityTraitRow,
    PersonEventRow,
    PersonMergeRow,
    PersonRow,
    PersonTraitRow,
    TraitRow,
)
from tracking.people.service import REACTIONS

# What depends on the set of events alone, and what also depends on where they stand in the log.
GRAPH: dict[type[Base], tuple[str, ...]] = {
    IdentityRow: (),
    IdentityLinkRow: ("position",),
    IdentityTraitRow: (),
    PersonRow: (),
    TraitRow: (),
    ConsentRow: (),
}
ALL: dict[type[Base], tuple[str, ...]] = {
    **dict.fromkeys(GRAPH, ()),
    PersonEventRow: (),
    PersonMergeRow: (),
    PersonTraitRow: (),
}


def rows(database: Database, tables: dict[type[Base], tuple[str, ...]] = ALL) -> dict[str, list[str]]:
    """Every row of the tables, without the named columns, sorted; positions are counted from the log's first row."""
    found = {}
    with database.read() as session:
        base = session.execute(select(func.min(EventRow.position))).scalar() or 0
        for model, without in tables.items():
            columns = [
                column - base if column.name == "position" else column
                for column in model.__table__.columns
                if column.name not in without
            ]
            found[model.__tablename__] = sorted(str(tuple(row)) for row in session.execute(select(*columns)))
    return found


def wipe(database: Database) -> None:
    """Empty the tables of people and the log."""
    with database.write() as session:
        for model in (*ALL, EventRow):
            session.execute(delete(model))


def react(database: Database, events: list[NewEvent], *, size: int) -> dict[str, list[str]]:
    """From empty tables: put all events into the log, then let people read them in batches of `size`; the moves it concluded."""
    wipe(database)
    with database.write() as session:
        session.append(*events)
    with database.read() as session:
        stored = read(session, Filter(store_id=STORE, after=0, limit=10_000))
    for at in range(0, len(stored), size):
        with database.write() as session:
            REACTIONS[0].handle(session, stored[at : at + size])
    with database.read() as session:
        moves = read(session, Filter(store_id=STORE, name="identity moved", after=0, limit=10_000))
    base = stored[0].position
    return {"moves": sorted(f"{move.cause and move.cause - base} {move.body!r}" for move in moves)}


def copy_log(source: Database, target: Database) -> None:
    """The same log in another database."""
    with source.read() as session:
        found: list[dict[str, Any]] = [dict(row._mapping) for row in session.execute(select(EventRow.__table__))]
    with target.write() as session:
        session.execute(insert(EventRow), found)
        session.execute(update(ReactionCursor).values(position=0))
