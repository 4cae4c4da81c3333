"""`train`, `evaluate`, `recommend`."""

import click
import msgspec

from personalization.recommendations import evaluation, service
from personalization.recommendations.errors import RecommendationError
from personalization.recommendations.schemas import SLOTS, Slot
from regulars.commands.applying import apply_waiting
from regulars.commands.context import json_option, opened, print_json, says_what_to_do, store_option, the_store


def _stage(text: str) -> None:
    click.echo(f"  {text}", err=True)


@click.command()
@store_option
@json_option
@says_what_to_do(RecommendationError)
def train(store_id: int, as_json: bool) -> None:
    """Train a store's recommendation models; they answer from then on unless they are clearly worse."""
    with opened() as (settings, database):
        the_store(database, settings, store_id)
        apply_waiting(database, settings, shown=not as_json)
        report = service.train(database, settings, store_id, progress=_stage)
    if as_json:
        print_json(report.as_dict())
        return
    for name, value in report.as_dict().items():
        click.echo(f"{name:<22}{value}")


@click.command()
@store_option
@click.option("--days", default=30.0, show_default=True, help="How long the tested period is.")
@click.option("--k", default=10, show_default=True, help="Length of the lists that are judged.")
@json_option
@says_what_to_do(RecommendationError)
def evaluate(store_id: int, days: float, k: int, as_json: bool) -> None:
    """Compare the recommenders on the store's own past: a split in time, every product ranked."""
    with opened() as (settings, database):
        the_store(database, settings, store_id)
        apply_waiting(database, settings, shown=not as_json)
        found = service.evaluate(database, store_id, horizon_days=days, k=k, progress=_stage)
    if as_json:
        print_json([msgspec.to_builtins(one) for one in found])
        return
    for one in found:
        click.echo(evaluation.table(one))


@click.command()
@store_option
@click.option("--user", "user_id", default=None, help="The shop's user id.")
@click.option("--slot", type=click.Choice(SLOTS), default="home", show_default=True)
@click.option("--item", default=None, help="The product that is being looked at.")
@click.option("--limit", default=12, show_default=True, type=click.IntRange(1, 50))
@json_option
@says_what_to_do(RecommendationError)
def recommend(store_id: int, user_id: str | None, slot: Slot, item: str | None, limit: int, as_json: bool) -> None:
    """Recommend once, with the reasons."""
    with opened() as (settings, database):
        the_store(database, settings, store_id)
        answer = service.recommend_once(
            database, settings, store_id, slot=slot, user_id=user_id, item=item, limit=limit
        )
    if as_json:
        print_json(msgspec.to_builtins(answer))
        return
    click.echo(f"{answer.slot}, answered by {answer.model} at level {answer.level}")
    for shown in answer.items:
        reason = shown.reason.text if shown.reason else ""
        click.echo(f"{shown.position:>3}  {shown.product_id:<14}{shown.title[:44]:<46}{reason}")
