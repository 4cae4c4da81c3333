"""The database: one fair write lane, snapshots for readers, the same on SQLite and PostgreSQL.

Every write transaction of every process goes through `Database.write()`. On SQLite it takes the write lane (first in, first out
inside a process, `flock` between processes) before `BEGIN IMMEDIATE`: with busy_timeout alone, writers starve each other for
almost a second (docs/adr/0003). Inside it: no network, no rendering, at most ten milliseconds.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

import structlog
from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    CursorResult,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql import Executable
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from core import jobs

Kind: TypeAlias = Literal["log", "projection", "book", "configuration", "machine"]
Parameters: TypeAlias = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None

# SQLite counts rowids only in a column declared INTEGER; PostgreSQL needs the eight bytes.
BigSerial = BigInteger().with_variant(Integer, "sqlite")

_logger = structlog.get_logger(__name__)
_CHECKPOINT_EVERY = 0.25  # seconds
_WAL_LIMIT = 64 * 1024 * 1024  # bytes; above it a RESTART checkpoint runs under the write lane


class Base(DeclarativeBase):
    """Every table. `__kind__` says what a rebuild may do with it, `__subject__` which column names the person."""

    __kind__: ClassVar[Kind]
    __subject__: ClassVar[str | None]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Session:
    """One transaction. Statements are Core; what is appended or enqueued becomes real with the commit."""

    def __init__(self, connection: Connection, database: "Database") -> None:
        self.connection = connection
        self.database = database
        self.appended: list[Any] = []
        self._nudges: dict[tuple[str, tuple[tuple[str, str | int], ...]], None] = {}

    @property
    def is_sqlite(self) -> bool:
        return self.database.is_sqlite

    def execute(self, statement: Executable, parameters: Parameters = None) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement, for one row or for many."""
        return self.connection.execute(statement, parameters)

    def append(self, *events: Any) -> None:
        """Put events into the log in this transaction (`core.log.NewEvent`)."""
        self.appended.extend(events)

    def enqueue(self, name: str, **arguments: str | int) -> None:
        """Send a nudge after the commit; the same nudge is sent once."""
        self._nudges[(name, tuple(sorted(arguments.items())))] = None

    def send_nudges(self) -> None:
        """Let the buffered nudges go; called by `Database.write` after the commit."""
        for name, arguments in self._nudges:
            jobs.enqueue(name, **dict(arguments))


class _Turns:
    """A lock that is handed on in the order of asking."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        mine.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class _WriteLane:
    """First in, first out inside this process; `flock` on a file beside the database between processes."""

    def __init__(self, path: Path) -> None:
        self._turns = _Turns()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def __enter__(self) -> None:
        self._turns.__enter__()
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._turns.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._turns.__exit__()

    def close(self) -> None:
        os.close(self._file)


class _OpenLane:
    """PostgreSQL orders its writers itself."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        return None


BeforeCommit: TypeAlias = Callable[[Session], None]
_before_commit: list[BeforeCommit] = []


def before_commit(callback: BeforeCommit) -> BeforeCommit:
    """Register what has to run as the last thing of every write transaction (the log's insert)."""
    _before_commit.append(callback)
    return callback


class Database:
    """A database opened by URL (`sqlite:///…` or `postgresql+psycopg://…`).

    `listeners` are told after each commit which events it appended; they must return at once. What fails in them, or in a
    nudge, is logged and changes nothing: what was committed is true, and the sweeps find it.
    With `rebuilding=True`, `session.append` writes nothing: `core.log` compares instead.
    """

    def __init__(self, url: str, *, rebuilding: bool = False) -> None:
        self.url = url
        self.rebuilding = rebuilding
        self.differences: list[str] = []
        self.listeners: list[Callable[[Sequence[Any]], None]] = []
        self.is_sqlite = url.startswith("sqlite")
        self.path = Path(make_url(url).database or "") if self.is_sqlite else None
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lane: _WriteLane | _OpenLane = _WriteLane(self.path.with_suffix(".lane")) if self.path else _OpenLane()
        self._writer, self._reader = _sqlite_engines(url) if self.is_sqlite else _postgresql_engines(url)
        self._checkpointer = _Checkpointer(self) if self.is_sqlite else None

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction: commits when the block ends, rolls back when it raises."""
        if self._checkpointer:
            self._checkpointer.start()
        with self._lane, self._writer.connect() as connection, connection.begin():
            session = Session(connection, self)
            yield session
            for callback in _before_commit:
                callback(session)
        self._tell(session)

    def _tell(self, session: Session) -> None:
        """Send nudges and tell listeners. The commit stands: a fault here is logged, never the caller's."""
        _quietly(session.send_nudges)
        if session.appended:
            for listener in self.listeners:
                _quietly(partial(listener, session.appended))

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A snapshot that cannot write; hold it for a second at most."""
        with self._reader.connect() as connection, connection.begin():
            yield Session(connection, self)

    @property
    def writer(self) -> Engine:
        """The engine behind `write()`, for migrations only."""
        return self._writer

    def restart_wal(self) -> None:
        """Move the whole write-ahead log into the database and start it anew (SQLite)."""
        with self._lane:
            _pragma(self._writer, "wal_checkpoint(RESTART)")

    def checkpoint(self) -> None:
        """Move what readers allow from the write-ahead log into the database (SQLite)."""
        assert self.path is not None
        _pragma(self._reader, "wal_checkpoint(PASSIVE)")
        wal = self.path.with_name(self.path.name + "-wal")
        if wal.exists() and wal.stat().st_size > _WAL_LIMIT:
            self.restart_wal()

    def close(self) -> None:
        """Stop the checkpoint thread and give back every connection."""
        if self._checkpointer:
            self._checkpointer.stop()
        self._writer.dispose()
        self._reader.dispose()
        self._lane.close()


class _Checkpointer:
    """A thread that keeps the write-ahead log small, apart from the writers (left alone it grew to 787 MB in 20 s)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpointer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(_CHECKPOINT_EVERY):
            with suppress(Exception):  # a busy or vanished file is tried again a quarter of a second later
                self._database.checkpoint()


def upsert(
    session: Session,
    model: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    update: Sequence[str] = (),
) -> None:
    """Insert many rows of the same columns; where `key` exists, overwrite the columns in `update` (none: keep the old row)."""
    if rows:
        _prepared(session.connection.dialect, model, tuple(rows[0]), tuple(key), tuple(update)).run(session, rows)


def add(session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows of the same columns; one that is there already is an IntegrityError."""
    if rows:
        _prepared(session.connection.dialect, model, tuple(rows[0]), (), ()).run(session, rows)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An INSERT in the driver's own words: for many rows that is a third of what SQLAlchemy takes to prepare each."""

    statement: str
    columns: tuple[str, ...]
    defaults: Mapping[str, Any]
    processors: tuple[tuple[str, Callable[[Any], Any]], ...]
    is_positional: bool

    def run(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
        if self.defaults:
            rows = [{**self.defaults, **row} for row in rows]
        if self.processors:
            rows = [{**row, **{name: made(row[name]) for name, made in self.processors}} for row in rows]
        values: list[Any] = list(map(itemgetter(*self.columns), rows)) if self.is_positional else list(rows)
        session.connection.exec_driver_sql(self.statement, values)


@lru_cache(maxsize=512)
def _prepared(
    dialect: Dialect, model: type[Base], columns: tuple[str, ...], key: tuple[str, ...], update: tuple[str, ...]
) -> _Prepared:
    """Built once for each set of columns: building a statement costs more than running it."""
    table = model.__table__
    assert isinstance(table, Table)
    left_out = (column for column in table.columns if column.name not in columns)
    defaults = {one.name: one.default.arg for one in left_out if isinstance(one.default, ScalarElementColumnDefault)}
    columns += tuple(defaults)
    insert = (sqlite if dialect.name == "sqlite" else postgresql).insert(table)
    if update:
        changed = {name: insert.excluded[name] for name in update}
        insert = insert.on_conflict_do_update(index_elements=key, set_=changed)
    elif key:
        insert = insert.on_conflict_do_nothing(index_elements=key)
    compiled = insert.compile(dialect=dialect, column_keys=list(columns))
    names = compiled.positiontup if compiled.positiontup is not None else list(columns)
    return _Prepared(
        statement=str(compiled),
        columns=tuple(names),
        defaults=defaults,
        processors=tuple(
            # Both drivers know what a boolean is; SQLAlchemy's own check of each would only cost.
            (name, made)
            for name, made in compiled._bind_processors.items()
            if not isinstance(table.c[name].type, Boolean)
        ),
        is_positional=compiled.positiontup is not None,
    )


# `hide_parameters` on every engine: the text of an error goes to the log and to the console, its values are people's.
def _sqlite_engines(url: str) -> tuple[Engine, Engine]:
    waits = {"check_same_thread": False, "timeout": 30}
    writer = create_engine(url, pool_size=1, max_overflow=4, connect_args=waits, hide_parameters=True)
    reader = create_engine(url, pool_size=8, max_overflow=32, connect_args=waits, hide_parameters=True)
    event.listen(writer, "connect", _prepare_writer)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return writer, reader


def _prepare_writer(connection: Any, _: object) -> None:
    connection.isolation_level = None  # the driver would begin by itself, and deferred
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "wal_autocheckpoint=0",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: Any, _: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA cache_size=-32768")
    connection.execute("PRAGMA temp_store=MEMORY")


def _pragma(engine: Engine, pragma: str) -> None:
    # Through the driver: SQLAlchemy would begin a transaction, and a checkpoint cannot run inside one.
    connection = engine.raw_connection()
    try:
        connection.cursor().execute(f"PRAGMA {pragma}").fetchall()
    finally:
        connection.close()


def _postgresql_engines(url: str) -> tuple[Engine, Engine]:
    writer = create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writer, reader


def _quietly(call: Callable[[], None]) -> None:
    try:
        call()
    except Exception as error:
        _logger.warning("nobody was told of a commit", error=type(error).__name__)


def is_ready(database: Database) -> bool:
    """Whether the database answers a query now."""
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
    except Exception:
        return False
    return True
