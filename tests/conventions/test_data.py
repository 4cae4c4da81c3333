"""Tables, migrations, settings, routes, mails and nudges are declared, and what is declared exists."""

import ast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core import settings
from core.db import Base, Database
from regulars import routes, schema
from regulars.wiring import reactions as reactions_of
from tasks import celery, messages, points, reactions, segments, training
from tasks.schedule import SCHEDULE
from tests.conventions.sources import ROOT, modules
from tracking.collect import protocol, reserved

SOME = {"REGULARS_HOME": "/nonexistent", "REGULARS_SECRET_KEY": "k" * 40}
KINDS = {"log", "projection", "book", "configuration", "machine"}
schema.load_models()


def test_every_table_says_what_it_is_and_whose() -> None:
    wrong = []
    for mapper in Base.registry.mappers:
        model = mapper.class_
        subject = getattr(model, "__subject__", "undeclared")
        columns = set(mapper.local_table.c.keys())  # type: ignore[attr-defined]
        if getattr(model, "__kind__", None) not in KINDS or (subject is not None and subject not in columns):
            wrong.append(model.__name__)
    assert wrong == []


def test_store_is_the_first_column_of_every_key() -> None:
    exempt = {
        "event",
        "reaction_cursor",
        "lease",
        "staff_user",
        "staff_session",
        "staff_attempt",
        "audit",
        "refused_event",
        "order_page",
    }
    wrong = []
    for table in Base.metadata.sorted_tables:
        key = [column.name for column in table.primary_key.columns]
        if table.name not in exempt and key[:1] != ["store_id"]:
            wrong.append(table.name)
    assert wrong == []


def test_the_models_are_the_migrated_schema(database: Database) -> None:
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text()
    assert [
        setting.variable
        for setting in settings.SETTINGS
        if f"`{setting.variable}`" not in text or setting.help not in text
    ] == []


def test_every_setting_has_a_reader() -> None:
    source = "".join(ast.unparse(tree) for name, tree in modules().items() if name != "core.settings")
    assert [setting.name for setting in settings.SETTINGS if f".{setting.name}" not in source] == []


def test_every_route_stands_in_the_reference() -> None:
    text = (ROOT / "docs/reference/http.md").read_text()
    paths = {getattr(route, "path", "") for route in routes.API}
    assert sorted(path for path in paths if f"`{path}`" not in text) == []


def test_every_mail_has_its_three_files() -> None:
    folder = ROOT / "crm/notifications/templates"
    wrong = [
        path.name
        for path in folder.iterdir()
        if path.is_dir() and {"subject.txt", "body.txt", "body.html"} != {file.name for file in path.iterdir()}
    ]
    assert wrong == []


def test_every_nudge_has_a_handler() -> None:
    assert all((messages, points, reactions, segments, training))
    handlers = {name for name in celery.app.tasks if not name.startswith("celery.")}
    assert handlers == set(SCHEDULE) | {"run_reaction"}
    sent = {
        node.args[0].value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("enqueue", "send_task")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert sent <= handlers


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_a_newcomer_finds_what_every_project_has(name: str) -> None:
    assert (ROOT / name).stat().st_size > 400


def test_every_name_we_write_into_the_log_is_reserved() -> None:
    written = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("fact", "decided", "imported")
            ):
                written.update(
                    keyword.value.value
                    for keyword in node.keywords
                    if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
                )
    assert written <= reserved.FACTS
    read = {name for reaction in reactions_of(settings.load(SOME)) for name in reaction.reads}
    assert {
        name for name in read if name.islower() and not name.startswith("webhook ")
    } <= reserved.FACTS | protocol.TYPES
