"""`regulars`: the operator's commands."""

import click

from regulars.commands import checking, importing, models, serving, stores


@click.group()
@click.version_option(package_name="regulars")
def main() -> None:
    """Regulars turns a shop's visitors into regulars."""


for command in (
    serving.demo,
    serving.serve,
    serving.worker,
    serving.migrate,
    serving.show_settings,
    checking.check,
    stores.store,
    stores.user,
    importing.import_files,
    models.train,
    models.evaluate,
    models.recommend,
):
    main.add_command(command)
