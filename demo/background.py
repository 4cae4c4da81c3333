"""The demo's second process: it tells the history, then keeps the shop alive. It runs at lower priority than the shop.

Started by `python -m demo` as `python -m demo.background`; everything it needs stands in the home and in its arguments.
"""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

import click
import httpx2

from core import clock
from demo import points
from demo.catalogue import products
from demo.history.calls import CallWriter
from demo.history.errors import HistoryError
from demo.history.loading import Loading
from demo.history.preparation import prepare
from demo.history.progress import Counter, ProgressFile, ProgressLine
from demo.history.sending import Doors, client
from demo.home import Home, Keys
from demo.simulator.live import LiveVisits
from demo.simulator.settings import SimulatorSettings
from demo.simulator.simulation import Simulation
from demo.visitors import LivingShop

NICENESS = 5


@click.command()
@click.option("--home", type=click.Path(path_type=Path), required=True, help="Folder of the demo.")
@click.option("--base-url", required=True, help="The shop's address as browsers see it.")
@click.option("--regulars-url", required=True, help="Where Regulars answers on this machine.")
@click.option("--quiet", is_flag=True, help="No simulated visitors after the history.")
def main(home: Path, base_url: str, regulars_url: str, quiet: bool) -> None:
    """Tell the history, if it was not told, then play visitors until the shop closes."""
    os.nice(NICENESS)
    place = Home(home)
    keys = place.keys()
    if keys is None:
        raise click.ClickException(f"{place.keys_path} is missing: start the shop with `python -m demo` first.")
    work = Background(place, keys, CallWriter(products(), base_url=base_url), keys.doors(regulars_url))
    failures: list[str] = []
    try:
        asyncio.run(work.run(is_quiet=quiet))
    except* HistoryError as errors:
        failures = sentences(errors)
    if failures:
        raise click.ClickException(f"The history is not complete: {' '.join(failures)} Start the demo again to go on.")


def sentences(errors: BaseExceptionGroup) -> list[str]:
    """What went wrong, each once, however deep it stands in the group."""
    found: dict[str, None] = {}
    for error in errors.exceptions:
        found |= dict.fromkeys(sentences(error) if isinstance(error, BaseExceptionGroup) else [str(error)])
    return list(found)


@dataclass(frozen=True, slots=True)
class Background:
    """The work of the second process, one thing after the other."""

    home: Home
    keys: Keys
    writer: CallWriter
    doors: Doors

    async def run(self, *, is_quiet: bool) -> None:
        settings = self.keys.history()
        async with client(self.doors) as http:
            if not self.home.is_history_loaded:
                await self._tell_history(http, settings)
            if not is_quiet:
                await self._keep_alive(http, settings)

    async def _tell_history(self, http: httpx2.AsyncClient, settings: SimulatorSettings) -> None:
        await points.turn_on(http, self.doors.api_key)
        prepared = prepare(Simulation(settings, products()), self.writer, folder=self.home.files)
        counter = Counter(prepared.total, (ProgressFile(self.home.folder), ProgressLine()))
        loading = Loading(http, self.doors, os.environ, counter)
        await loading.load(prepared)
        self.home.history_is_loaded()
        await loading.train()
        counter.finish()

    async def _keep_alive(self, http: httpx2.AsyncClient, settings: SimulatorSettings) -> None:
        """Ends when the process that started this one is gone."""
        parent = os.getppid()
        visits = LiveVisits(settings, products(), seed=clock.now())
        await LivingShop(http, self.doors, visits, self.writer).run(lambda: os.getppid() != parent)


if __name__ == "__main__":
    main()
