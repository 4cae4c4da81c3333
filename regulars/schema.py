"""The database schema: every model is known here, and Alembic brings a database to it."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import core
import crm
import loyalty
import migrations
import personalization
import tracking
from core.db import Database


class SchemaBehind(Exception):
    """The database was made by an older version of Regulars."""

    def __init__(self) -> None:
        super().__init__("The database's tables are not those of this version. Run `regulars migrate` once.")


def load_models() -> None:
    """Import every `models.py`, so that the metadata is whole."""
    for package in (core, tracking, personalization, loyalty, crm):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.endswith(".models"):
                importlib.import_module(found.name)


def migrate(database: Database) -> None:
    """Bring the database to the newest schema."""
    load_models()
    configuration = _configuration()
    with database.writer.connect() as connection, connection.begin():
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def require_current(database: Database) -> None:
    """Raise SchemaBehind unless the database has the newest schema."""
    newest = ScriptDirectory.from_config(_configuration()).get_current_head()
    with database.read() as session:
        if MigrationContext.configure(session.connection).get_current_revision() != newest:
            raise SchemaBehind


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_folder(migrations)))
    return configuration


def _folder(module: ModuleType) -> Path:
    return Path(module.__path__[0])
