"""What several commands share: settings, a database for the time of a command, and how errors look."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click

from core import settings
from core.db import Database
from core.settings import Settings
from regulars import schema
from tracking.stores import service as stores
from tracking.stores.errors import StoreError
from tracking.stores.schemas import Store

Command = TypeVar("Command", bound=Callable[..., Any])
store_option = click.option("--store", "store_id", type=int, required=True, metavar="ID", help="The store's number.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def says_what_to_do(*errors: type[Exception]) -> Callable[[Command], Command]:
    """Turn these errors into one sentence and exit status 1."""

    handled: tuple[type[Exception], ...] = (settings.WrongSetting, schema.SchemaBehind, StoreError, *errors)

    def decorate(function: Command) -> Command:
        @wraps(function)
        def call(*arguments: Any, **keywords: Any) -> Any:
            try:
                return function(*arguments, **keywords)
            except handled as error:
                raise click.ClickException(str(error)) from error

        return call  # type: ignore[return-value]

    return decorate


@contextmanager
def opened(*, check_schema: bool = True) -> Iterator[tuple[Settings, Database]]:
    """Settings and an open database of the current schema."""
    loaded = settings.load()
    schema.load_models()
    database = Database(loaded.database_url)
    try:
        if check_schema:
            schema.require_current(database)
        yield loaded, database
    finally:
        database.close()


def the_store(database: Database, loaded: Settings, store_id: int) -> Store:
    """The store of that number; raises UnknownStore."""
    with database.read() as session:
        return stores.store(session, store_id, master=loaded.secret_key)


def print_json(data: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(data, indent=2, default=str, ensure_ascii=False))
