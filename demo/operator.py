"""What an operator does once with a new Regulars: migrate, create the store, create a login. All by the command line."""

import subprocess
import sys
from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

from core import clock
from demo.history.errors import CommandFailed
from demo.home import PEOPLE, Home, Keys

STORE, CURRENCY, TIME_ZONE, LOCALE = "Kettle Lane", "EUR", "Europe/Berlin", "en-GB"
OWNER, OWNER_NAME = "owner@kettle-lane.example", "Kettle Lane"


class _Store(Struct):
    store_id: int
    write_key: str
    api_key: str
    secret_key: str


class _User(Struct):
    password: str


def regulars(environment: Mapping[str, str], *words: str) -> str:
    """Run one command of Regulars and return its output; raises CommandFailed."""
    done = subprocess.run(
        [sys.executable, "-m", "regulars", *words], env=dict(environment), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise CommandFailed(words, done.stderr or done.stdout)
    return done.stdout


def open_store(home: Home, environment: Mapping[str, str], *, base_url: str, people: int = PEOPLE) -> tuple[Keys, bool]:
    """The keys of the demo's store, and whether this is the first start, which alone decides about how many `people` the history is.

    Later starts only bring the schema up to date; a first start that was interrupted is gone on with.
    """
    home.prepare()
    regulars(environment, "migrate")
    keys = home.keys()
    if keys is not None and keys.password:
        return keys, False
    keys = keys or structs.replace(_create_store(environment, f"{base_url}/shop"), people=people)
    home.keep(keys)
    keys = _create_owner(environment, keys)
    home.keep(keys)
    return keys, True


def _create_store(environment: Mapping[str, str], storefront_url: str) -> Keys:
    words = ("store", "create", STORE, "--currency", CURRENCY, "--time-zone", TIME_ZONE, "--locale", LOCALE)
    printed = regulars(environment, *words, "--storefront-url", storefront_url, "--json")
    store = msgspec.json.decode(printed, type=_Store)
    return Keys(
        store_id=store.store_id,
        write_key=store.write_key,
        api_key=store.api_key,
        secret_key=store.secret_key,
        email=OWNER,
        password="",
        history_ends_at=clock.now(),
    )


def _create_owner(environment: Mapping[str, str], keys: Keys) -> Keys:
    printed = regulars(environment, "user", "create", keys.email, "--role", "owner", "--name", OWNER_NAME, "--json")
    return structs.replace(keys, password=msgspec.json.decode(printed, type=_User).password)
