"""The order of moving in, with a listener in place of Regulars and a recorder in place of its command line."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx2
import pytest

from demo.history import loading
from demo.history.errors import CommandFailed, Unreachable
from demo.history.importing import command
from demo.history.loading import Loading
from demo.history.preparation import Prepared, PreparedFile
from demo.history.progress import Counter, Progress
from demo.history.reactions import is_level, wait_until_level
from tests.demo.history.conftest import DOORS, Listener

Run = Callable[[Any], None]
LEVEL = 'regulars_reaction_lag_seconds{reaction="orders.fold"} 0.0\n'
BEHIND = 'regulars_reaction_lag_seconds{reaction="orders.fold"} 1.5\n' + LEVEL


class Regulars(Listener):
    """Level from the third look at the metrics on."""

    looks = 0

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/metrics":
            return super().__call__(request)
        self.looks += 1
        return httpx2.Response(200, text=LEVEL if self.looks >= 3 else BEHIND)


@pytest.fixture
def listener() -> Listener:
    return Regulars()


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    kinds: list[str] = []

    async def import_file(file: PreparedFile, *, store_id: int, environment: Mapping[str, str]) -> None:
        kinds.append(file.table.kind)

    async def run(*words: str, environment: Mapping[str, str]) -> bytes:
        kinds.append(" ".join(words))
        return b""

    monkeypatch.setattr(loading, "import_file", import_file)
    monkeypatch.setattr(loading, "run", run)
    return kinds


def test_everything_is_told_and_the_conclusions_are_waited_for(
    with_http: Run, listener: Regulars, imported: list[str], prepared: Prepared, at_once: list[float]
) -> None:
    heard: list[Progress] = []
    counter = Counter(prepared.total, (heard.append,))
    with_http(lambda http: Loading(http, DOORS, {}, counter).load(prepared))
    assert imported == ["products", "people", "orders", "parcels"]
    assert len(listener.bodies("/v1/import")) == len(prepared.batches)
    assert len(listener.bodies("/webhooks/generic/7")) == len(prepared.deliveries)
    assert listener.looks == 3
    assert counter.progress.done == prepared.total
    assert heard[-1].stage == "conclusions"


def test_the_recommenders_learn_when_asked(with_http: Run, imported: list[str]) -> None:
    counter = Counter(1, ())
    with_http(lambda http: Loading(http, DOORS, {}, counter).train())
    assert imported == ["train --store 7"]
    assert counter.progress.stage == "training"


def test_a_failed_import_ends_it(
    with_http: Run, monkeypatch: pytest.MonkeyPatch, prepared: Prepared, listener: Listener
) -> None:
    async def import_file(file: PreparedFile, *, store_id: int, environment: Mapping[str, str]) -> None:
        raise CommandFailed(("import", "products"), "The column “Article” is not in the file.")

    monkeypatch.setattr(loading, "import_file", import_file)
    with pytest.RaisesGroup(
        pytest.RaisesExc(CommandFailed, match="“regulars import products” failed: The column “Article”")
    ):
        with_http(lambda http: Loading(http, DOORS, {}, Counter(1, ())).load(prepared))
    assert listener.bodies("/webhooks/generic/7") == []


def test_the_command_maps_every_column(prepared: Prepared) -> None:
    words = command(prepared.files[3], 7)
    assert words[:2] == ["import", "parcels"]
    assert words[3:6] == ["--store", "7", "--map"]
    assert words[6].startswith("parcel_id=Parcel,order_id=Order,carrier=Carrier,tracking_number=Tracking number,")


def test_level_means_every_reaction() -> None:
    assert is_level(LEVEL)
    assert not is_level(BEHIND)
    assert not is_level("python_gc_objects_collected_total 3.0\n")


def test_waiting_for_conclusions_has_an_end(with_http: Run, listener: Regulars) -> None:
    with pytest.raises(Unreachable):
        with_http(lambda http: wait_until_level(http, patience=0.0))
