"""Running reactions: when something they read was appended, and in a sweep that finds what a lost nudge left."""

from tasks.celery import task
from tasks.nudges import nudger
from tasks.runtime import current

# A reaction gives its thread back after this long, so that the others are not kept waiting.
_SLICE = 0.25


@task("run_reaction")
def run_reaction(reaction: str) -> None:
    """Handle what waits for one reaction; ask for another turn if its time was not enough."""
    nudger.started(reaction)
    if current().runner.run(reaction, seconds=_SLICE):
        nudger.nudge(reaction)


@task("sweep_reactions")
def sweep_reactions() -> None:
    """Nudge every reaction that something waits for."""
    for reaction in current().runner.waiting():
        nudger.nudge(reaction)
