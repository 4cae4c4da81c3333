"""One pass over the simulated year: each occurrence goes to the door by which a shop would tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.clock import DAY, Instant
from demo.catalogue import Product
from demo.history import files
from demo.history.calls import Batch, Batcher, CallWriter
from demo.history.deliveries import Delivery, DeliveryWriter
from demo.history.files import Row, Table
from demo.simulator.occurrences import AccountOpened, Browsed, OrderPlaced, OrderRefunded, ParcelScanned
from demo.simulator.simulation import Simulation


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A file for `regulars import`, with how many rows it has."""

    table: Table
    path: Path
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Everything that is going to be told. `batches` are in the order of time, nearly."""

    files: tuple[PreparedFile, ...]
    batches: tuple[Batch, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def total(self) -> int:
        """Rows, calls and deliveries together: what the progress bar counts to."""
        return sum(file.rows for file in self.files) + sum(batch.size for batch in self.batches) + len(self.deliveries)


def prepare(simulation: Simulation, writer: CallWriter, *, folder: Path) -> Prepared:
    """Run the simulation to its end and write the files into `folder`; what is younger than a day becomes deliveries."""
    sorter = _Sorter(writer.products, fresh_from=simulation.settings.end - DAY)
    batcher = Batcher()
    for browsed in sorter.browsed(simulation):
        batcher.add(writer.write(browsed))
    sorter.rows[files.PRODUCTS.kind] = list(files.product_rows(writer.products, base_url=writer.base_url))
    tables = (files.PRODUCTS, files.PEOPLE, files.ORDERS, files.PARCELS)
    return Prepared(
        files=tuple(_write(folder, table, sorter.rows.get(table.kind, [])) for table in tables),
        batches=batcher.finish(),
        deliveries=tuple(sorter.deliveries),
    )


def _write(folder: Path, table: Table, rows: list[Row]) -> PreparedFile:
    path = folder / f"{table.kind}.csv.gz"
    return PreparedFile(table, path, files.write(path, table, rows))


class _Sorter:
    """Passes browsing on and keeps the rest as rows and deliveries."""

    def __init__(self, products: Sequence[Product], *, fresh_from: Instant) -> None:
        self.rows: dict[str, list[Row]] = {table.kind: [] for table in (files.PEOPLE, files.ORDERS, files.PARCELS)}
        self.deliveries: list[Delivery] = []
        self._products = products
        self._fresh_from = fresh_from
        self._writer = DeliveryWriter(products)

    def browsed(self, simulation: Simulation) -> Iterator[Browsed]:
        for occurrence in simulation.occurrences():
            if isinstance(occurrence, Browsed):
                yield occurrence
            elif isinstance(occurrence, AccountOpened):
                self.rows[files.PEOPLE.kind].append(files.person_row(occurrence))
            elif occurrence.at >= self._fresh_from:
                self.deliveries.extend(self._writer.write(occurrence))
            else:
                self._book(occurrence)

    def _book(self, occurrence: OrderPlaced | OrderRefunded | ParcelScanned) -> None:
        if isinstance(occurrence, OrderPlaced):
            self.rows[files.ORDERS.kind].extend(files.order_rows(occurrence, self._products))
        elif isinstance(occurrence, OrderRefunded):
            self.rows[files.ORDERS.kind].extend(files.refund_rows(occurrence, self._products))
        else:
            self.rows[files.PARCELS.kind].append(files.scan_row(occurrence))
