"""`serve`, `worker`, `demo`, `migrate`, `settings`."""

import os
import signal
import subprocess
import sys
from types import FrameType

import click
import uvicorn

from core import settings as core_settings
from core.settings import WrongSetting, without_password
from regulars import app as application
from regulars import schema
from regulars.commands.context import json_option, opened, print_json, says_what_to_do
from regulars.services import close_services, open_services
from tasks.embedded import Embedded


class CannotServe(Exception):
    """The options of `serve` and the settings contradict each other."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=int)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes (PostgreSQL and Redis only).",
)
@says_what_to_do(CannotServe)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the storefront API, the intake and the console; without Redis also run the background work."""
    loaded = core_settings.load()
    if workers > 1 and not loaded.redis_url:
        raise CannotServe(
            "--workers above 1 needs PostgreSQL and REGULARS_REDIS_URL: with SQLite one process does everything."
        )
    with opened():
        pass  # a database that is behind stops the start here, with one sentence
    if workers > 1:
        uvicorn.run("regulars.app:create_app", factory=True, host=host, port=port, workers=workers, log_level="warning")
    else:
        uvicorn.run(application.create_app(loaded), host=host, port=port, log_level="warning", access_log=False)


@click.command()
@says_what_to_do()
def worker() -> None:
    """Run reactions, mail and schedules in a process of their own (needs Redis)."""
    loaded = core_settings.load()
    if not loaded.redis_url:
        raise WrongSetting(
            "REGULARS_REDIS_URL is empty; without Redis `regulars serve` does the background work itself."
        )
    services = open_services(loaded)
    embedded = Embedded()
    embedded.start()

    def end(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        signal.pause()
    except KeyboardInterrupt:
        embedded.stop()
        close_services(services)


@click.command()
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--host", default="127.0.0.1", show_default=True)
def demo(host: str, port: int) -> None:
    """Start the demo shop Kettle Lane with a year of history."""
    command = [sys.executable, "-m", "demo", "--host", host, "--port", str(port)]
    sys.exit(subprocess.call(command, env=os.environ.copy()))


@click.command()
@says_what_to_do()
def migrate() -> None:
    """Bring the database to this version's schema."""
    with opened(check_schema=False) as (_, database):
        schema.migrate(database)
    click.echo("The database is up to date.")


@click.command("settings")
@json_option
@says_what_to_do()
def show_settings(as_json: bool) -> None:
    """List every setting with its value, default and meaning."""
    loaded = core_settings.load()
    rows = [
        {
            "variable": setting.variable,
            "value": "(secret)" if setting.is_secret else without_password(str(getattr(loaded, setting.name))),
            "default": setting.default,
            "help": setting.help,
        }
        for setting in core_settings.SETTINGS
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['variable']}\n    {row['help']}\n    now: {row['value'] or '(empty)'}")
