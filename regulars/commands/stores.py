"""`store create`, `store list`, `user create`."""

import secrets

import click

from personalization.segments import service as segments
from regulars.commands.context import json_option, opened, print_json, says_what_to_do
from tracking.stores import service
from tracking.stores.schemas import ROLES, Role


@click.group()
def store() -> None:
    """Make and list stores."""


@store.command("create")
@click.argument("name")
@click.option("--currency", required=True, help="ISO 4217, such as EUR.")
@click.option("--time-zone", required=True, help="Such as Europe/Berlin.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="URL",
    help="A storefront's origin; none: every origin may send events.",
)
@click.option("--storefront-url", default="", help="Where the shop is, for links in mail.")
@click.option("--locale", default="en", show_default=True)
@json_option
@says_what_to_do()
def create_store(
    name: str, currency: str, time_zone: str, origins: tuple[str, ...], storefront_url: str, locale: str, as_json: bool
) -> None:
    """Make a store and print its keys, for the only time."""
    with opened() as (settings, database), database.write() as session:
        made = service.create_store(
            session,
            name=name,
            currency=currency,
            time_zone=time_zone,
            master=settings.secret_key,
            origins=origins,
            locale=locale,
            storefront_url=storefront_url,
        )
        segments.create_defaults(session, made.store.store_id, time_zone=made.store.time_zone)
    keys = {
        "store_id": made.store.store_id,
        "name": name,
        "write_key": made.write_key,
        "api_key": made.api_key,
        "secret_key": made.store.secret_key,
    }
    if as_json:
        print_json(keys)
        return
    for label, value in keys.items():
        click.echo(f"{label:<12}{value}")
    click.echo(
        "The API key and the secret key are shown once. The write key may stand in your pages, the others may not."
    )


@store.command("list")
@json_option
@says_what_to_do()
def list_stores(as_json: bool) -> None:
    """List the stores."""
    with opened() as (settings, database), database.read() as session:
        found = service.stores(session, master=settings.secret_key)
    rows = [
        {"store_id": row.store_id, "name": row.name, "currency": row.currency, "time_zone": row.time_zone}
        for row in found
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['store_id']:>4}  {row['name']}  {row['currency']}  {row['time_zone']}")
    if not rows:
        click.echo("No store yet. Make one with `regulars store create`.")


@click.group()
def user() -> None:
    """Make users of the console."""


@user.command("create")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", default="")
@click.option("--password", default=None, help="Left out: one is made and printed.")
@json_option
@says_what_to_do()
def create_user(email: str, role: Role, name: str, password: str | None, as_json: bool) -> None:
    """Make a console user and print the password, if one was made."""
    chosen = password or secrets.token_urlsafe(12)
    with opened() as (_, database), database.write() as session:
        made = service.create_user(session, email=email, role=role, password=chosen, name=name)
    shown = {"email": made.email, "role": made.role} | ({} if password else {"password": chosen})
    if as_json:
        print_json(shown)
        return
    for label, value in shown.items():
        click.echo(f"{label:<10}{value}")
