"""`python -m demo`: Kettle Lane and Regulars in one process, with a year of history."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import click

from core.settings import WrongSetting
from demo import regular
from demo.history.errors import CommandFailed
from demo.home import PEOPLE, Home, Keys, default_home
from demo.operator import open_store
from demo.serving import Place, serve


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port of the shop and of Regulars.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--home", type=click.Path(path_type=Path), help="Folder of the demo. [default: the user's data directory]"
)
@click.option(
    "--people",
    type=click.IntRange(100, 100_000),
    default=PEOPLE,
    show_default=True,
    help="How many people the history is about; decided by the first start.",
)
@click.option("--quiet", is_flag=True, help="No simulated visitors after the history.")
def main(port: int, host: str, home: Path | None, people: int, quiet: bool) -> None:
    """Open Kettle Lane, a made-up shop, on top of Regulars.

    The shop opens at once; a year of history is told beside it. Settings come from REGULARS_… as for any Regulars, except the home.
    """
    folder = Home(home.resolve()) if home else default_home(os.environ)
    base_url = os.environ.setdefault("REGULARS_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    os.environ["REGULARS_HOME"] = str(folder.folder)
    place = Place(host=host, port=port, base_url=base_url)
    try:
        keys, is_first = open_store(folder, os.environ, base_url=base_url, people=people)
        keys = regular.open_account(folder, keys)
        greeting = welcome(folder, keys, base_url, is_first=is_first)
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(folder, keys, place, is_quiet=quiet, opened=lambda: click.echo(greeting)))
    except (CommandFailed, WrongSetting) as error:
        raise click.ClickException(str(error)) from error


def welcome(home: Home, keys: Keys, base_url: str, *, is_first: bool) -> str:
    """What is printed once the pages answer; passwords only the first time."""
    lines = [
        ("Shop", f"{base_url}/shop", keys.shopper_email, keys.shopper_password),
        ("Console", f"{base_url}/console", keys.email, keys.password),
    ]
    width = max(len(address) for _, address, _, _ in lines)
    rows = [
        f"  {name:<8} {address:<{width}}  {email}" + (f"  {password}" if is_first else "")
        for name, address, email, password in lines
    ]
    where = [] if is_first else [f"  The passwords are in {home.keys_path}"]
    return "\n".join(["", *rows, *where, ""])


if __name__ == "__main__":
    main()
