"""Rebuild every projection from the log in a scratch database, and compare it row by row with the live one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Table, insert, select

from core.db import Base, Database, Session
from core.log import Reaction, Runner
from regulars import schema

_SLICE = 5_000
_SHOWN = 5


def differences(live: Database, reactions: tuple[Reaction, ...]) -> list[str]:
    """What a rebuild finds different, one sentence each; the scratch database is SQLite and is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="regulars-replay-") as folder:
        scratch = Database(f"sqlite:///{Path(folder) / 'replay.db'}", rebuilding=True)
        try:
            schema.migrate(scratch)
            _copy(live, scratch)
            projections = [reaction for reaction in reactions if reaction.kind == "projection"]
            runner = Runner(scratch, [_alone(reaction, projections) for reaction in projections], in_bulk=True)
            runner.prepare()
            runner.drain()
            return [*scratch.differences, *_compare(live, scratch)]
        finally:
            scratch.close()


def _alone(reaction: Reaction, projections: list[Reaction]) -> Reaction:
    """The reaction, waiting only for reactions that take part in the rebuild."""
    names = {projection.name for projection in projections}
    return Reaction(
        name=reaction.name,
        reads=reaction.reads,
        handle=reaction.handle,
        after=tuple(name for name in reaction.after if name in names),
        kind=reaction.kind,
    )


def _copy(live: Database, scratch: Database) -> None:
    """Everything that is not derived: the log, configuration, and books (they are their own record)."""
    for table in _tables("log", "configuration", "book"):
        for rows in _slices(live, table):
            with scratch.write() as session:
                session.execute(insert(table), rows)


def _slices(database: Database, table: Table) -> Iterator[list[dict[str, object]]]:
    key = list(table.primary_key.columns)
    offset: int = 0
    last: tuple[object, ...] | None = None
    while True:
        statement = select(table).order_by(*key).limit(_SLICE)
        if len(key) == 1 and last is not None:
            statement = statement.where(key[0] > last[0])
        else:
            statement = statement.offset(offset)
        with database.read() as session:
            rows = [dict(row._mapping) for row in session.execute(statement)]
        if not rows:
            return
        last = tuple(rows[-1][column.name] for column in key)
        offset += len(rows)
        yield rows


def _compare(live: Database, scratch: Database) -> list[str]:
    found: list[str] = []
    with live.read() as left, scratch.read() as right:
        for table in _tables("projection"):
            found.extend(_compare_table(table, left, right))
    return found


def _compare_table(table: Table, left: Session, right: Session) -> list[str]:
    ours, theirs = _rows(table, left), _rows(table, right)
    missing, surplus = ours - theirs, theirs - ours
    if not missing and not surplus:
        return []
    examples = [f"live {row}" for row in sorted(missing, key=str)[:_SHOWN]]
    examples += [f"rebuilt {row}" for row in sorted(surplus, key=str)[:_SHOWN]]
    count = f"{table.name}: {len(missing)} rows only live, {len(surplus)} only in the rebuild"
    return [f"{count}; {'; '.join(examples)}"]


def _rows(table: Table, session: Session) -> set[tuple[str, ...]]:
    return {tuple(_text(value) for value in row) for row in session.execute(select(table))}


def _text(value: object) -> str:
    if isinstance(value, memoryview):
        value = bytes(value)
    if isinstance(value, dict):
        value = sorted(value.items())
    return repr(value)


def _tables(*kinds: str) -> list[Table]:
    found = [mapper for mapper in Base.registry.mappers if mapper.class_.__kind__ in kinds]
    return [mapper.local_table for mapper in found if isinstance(mapper.local_table, Table)]
