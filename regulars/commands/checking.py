"""`check`: verify every invariant of a live database."""

import sys

import click

from regulars.checks import replay
from regulars.checks.invariants import CHECKS
from regulars.commands.context import json_option, opened, print_json, says_what_to_do
from regulars.wiring import reactions


@click.command()
@click.option(
    "--replay", "with_replay", is_flag=True, help="Also rebuild the projections in a scratch database and compare."
)
@json_option
@says_what_to_do()
def check(with_replay: bool, as_json: bool) -> None:
    """Verify every invariant; exit status 1 if one does not hold."""
    results: list[dict[str, object]] = []
    with opened() as (settings, database):
        for item in CHECKS:
            with database.read() as session:
                results.append({"check": item.name, "promise": item.promise, "contradictions": item.run(session)})
        if with_replay:
            promise = "A rebuild from the log gives the same projections."
            found = replay.differences(database, reactions(settings))
            results.append({"check": "log.replay", "promise": promise, "contradictions": found})
    failed = sum(bool(result["contradictions"]) for result in results)
    if as_json:
        print_json({"ok": not failed, "checks": results})
    else:
        _print(results)
    sys.exit(1 if failed else 0)


def _print(results: list[dict[str, object]]) -> None:
    for result in results:
        contradictions = result["contradictions"]
        assert isinstance(contradictions, list)
        click.echo(f"{'✗' if contradictions else '✓'} {result['promise']}")
        for sentence in contradictions[:10]:
            click.echo(f"    {sentence}")
