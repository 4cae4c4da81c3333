"""`import events|orders|products|people|parcels`."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click

from core.db import Database
from regulars.commands.applying import apply_waiting
from regulars.commands.context import json_option, opened, print_json, says_what_to_do, store_option, the_store
from tracking.catalog.importing import import_products
from tracking.collect.files.errors import ImportFailure
from tracking.collect.files.run import ImportSummary, Progress
from tracking.collect.importing import import_events
from tracking.orders.importing import import_orders
from tracking.orders.invoices import OrderOptions
from tracking.parcels.importing import import_parcels
from tracking.people.importing import import_people
from tracking.stores.schemas import Store


class _Take(Protocol):
    """An importer that needs no more than a mapping."""

    def __call__(
        self,
        database: Database,
        store: Store,
        path: Path,
        mapping: Mapping[str, str],
        *,
        progress: Progress,
        reject_path: Path,
    ) -> ImportSummary: ...


_PLAIN: dict[str, _Take] = {"products": import_products, "people": import_people, "parcels": import_parcels}
_file = click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
_map = click.option("--map", "mapping", default="", metavar="FIELD=COLUMN,…", help="Which column holds which field.")
_reject = click.option(
    "--rejects",
    "reject_path",
    type=click.Path(path_type=Path),
    default=None,
    help="Where refused rows go (FILE.rejects.csv).",
)


@click.group("import")
def import_files() -> None:
    """Take history from files, as events of the shop's own; running a file twice changes nothing."""


@import_files.command("events")
@_file
@store_option
@_reject
@json_option
@says_what_to_do(ImportFailure)
def events(path: Path, store_id: int, reject_path: Path | None, as_json: bool) -> None:
    """Take calls of the Segment protocol, one JSON object a line (.jsonl or .jsonl.gz)."""

    def run(database: Database, store: Store, progress: Progress) -> ImportSummary:
        return import_events(database, store, path, progress=progress, reject_path=_rejects(path, reject_path))

    _import(store_id, as_json, run)


@import_files.command("orders")
@_file
@store_option
@_map
@_reject
@click.option("--currency", default=None, help="The file's currency; the store's when left out.")
@click.option("--time-zone", default=None, help="The zone of times without one; the store's when left out.")
@json_option
@says_what_to_do(ImportFailure)
def orders(
    path: Path,
    store_id: int,
    mapping: str,
    reject_path: Path | None,
    currency: str | None,
    time_zone: str | None,
    as_json: bool,
) -> None:
    """Take order lines (.csv or .csv.gz), refunds and cancellations among them."""

    def run(database: Database, store: Store, progress: Progress) -> ImportSummary:
        options = OrderOptions(currency=currency or store.currency, zone=time_zone or store.time_zone)
        return import_orders(
            database,
            store,
            path,
            _mapping(mapping),
            progress=progress,
            reject_path=_rejects(path, reject_path),
            options=options,
        )

    _import(store_id, as_json, run)


def _plain(name: str, what: str) -> click.Command:
    @_file
    @store_option
    @_map
    @_reject
    @json_option
    @says_what_to_do(ImportFailure)
    def command(path: Path, store_id: int, mapping: str, reject_path: Path | None, as_json: bool) -> None:
        def run(database: Database, store: Store, progress: Progress) -> ImportSummary:
            take = _PLAIN[name]
            return take(
                database, store, path, _mapping(mapping), progress=progress, reject_path=_rejects(path, reject_path)
            )

        _import(store_id, as_json, run)

    return click.command(name, help=what)(command)


import_files.add_command(_plain("products", "Take products (.csv or .csv.gz)."))
import_files.add_command(_plain("people", "Take people with their traits and consent (.csv or .csv.gz)."))
import_files.add_command(_plain("parcels", "Take parcels, one row for each scan (.csv or .csv.gz)."))


def _import(store_id: int, as_json: bool, run: Callable[[Database, Store, Progress], ImportSummary]) -> None:
    with opened() as (settings, database):
        store = the_store(database, settings, store_id)
        with _bar(shown=not as_json) as progress:
            summary = run(database, store, progress)
        apply_waiting(database, settings, shown=not as_json)
    if as_json:
        print_json({name: getattr(summary, name) for name in ImportSummary.__dataclass_fields__})
    else:
        _print(summary)


@contextmanager
def _bar(*, shown: bool) -> Iterator[Progress]:
    """A progress bar over rows; a file whose length is not known counts up instead."""
    if not shown:
        yield lambda done, whole: None
        return
    bar: Any
    stream = sys.stderr
    with click.progressbar(length=0, label="Importing", show_pos=True, file=stream) as bar:

        def progress(done: int, whole: int | None) -> None:
            bar.length = whole or done + 1
            bar.update(done - bar.pos)

        yield progress


def _mapping(text: str) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in text.split(",") if pair]
    wrong = next((field for field, mark, column in pairs if not (field and mark and column)), None)
    if wrong is not None:
        raise click.BadParameter(f"“{wrong}” must look like field=Column.", param_hint="--map")
    return {field.strip(): column for field, _, column in pairs}


def _rejects(path: Path, given: Path | None) -> Path:
    return given or Path.cwd() / f"{path.name.partition('.')[0]}.rejects.csv"


def _print(summary: ImportSummary) -> None:
    click.echo(f"{summary.rows:>10,} rows read in {summary.seconds:.1f} s")
    click.echo(f"{summary.taken:>10,} events taken" + _listed(summary.names))
    click.echo(f"{summary.changed:>10,} taken again, because their content has changed")
    click.echo(f"{summary.already_there:>10,} were there already")
    click.echo(f"{summary.refused:>10,} rows refused" + _listed(summary.reasons))
    for note, count in summary.notes.items():
        click.echo(f"{count:>10,} {note}")
    if summary.refused and summary.reject_path:
        click.echo(f"Refused rows, each with its reason: {summary.reject_path}")


def _listed(counts: dict[str, int]) -> str:
    return ": " + ", ".join(f"{count:,} {name}" for name, count in counts.items()) if counts else ""
