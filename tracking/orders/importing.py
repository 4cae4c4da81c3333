"""`regulars import orders`: a CSV file of order lines becomes `order received` and `refund received`.

The lines of an order stand together, or at least near each other: an order ends when `_WINDOW` others have begun after it.
"""

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from core.db import Database
from tracking.catalog import service as catalog
from tracking.catalog.schemas import ProductDocument
from tracking.collect.files.errors import RefusedRow
from tracking.collect.files.rows import CsvFile, Fields, Row
from tracking.collect.files.run import ImportRun, ImportSummary, Progress
from tracking.orders.invoices import Invoices, OrderOptions, SoldProduct
from tracking.stores.schemas import Store

FIELDS = Fields(
    required=("order_id", "product_id", "quantity", "price", "occurred_at"),
    optional=(
        "line_id",
        "variant_id",
        "name",
        "currency",
        "email",
        "user_id",
        "anonymous_id",
        "shipping",
        "tax",
        "discount",
        "total",
        "promised_at",
        "country",
        "city",
        "postal_code",
        "refund_id",
    ),
)
_WINDOW = 200
_OrderKey = tuple[str, str]


def import_orders(
    database: Database,
    store: Store,
    path: Path,
    mapping: Mapping[str, str],
    *,
    progress: Progress,
    reject_path: Path,
    options: OrderOptions | None = None,
) -> ImportSummary:
    """Append what the file says; raises ImportFailure. Times without a zone are the store's; a second run changes nothing."""
    options = options or OrderOptions(currency=store.currency, zone=store.time_zone)
    with (
        CsvFile(path, mapping, FIELDS) as file,
        ImportRun(database, store.store_id, reject_path=reject_path, progress=progress) as run,
    ):
        invoices = Invoices(run, options)
        gathered = _Gathered(run, invoices)
        for row in file.rows(run.refuse):
            run.columns(file.columns)
            run.read(file.position, file.size)
            gathered.add(row)
        gathered.close(0)
        _products(database, store, run, invoices.products)
    progress(file.size, file.size)
    return run.summary()


class _Gathered:
    """Rows by order until the order has ended."""

    def __init__(self, run: ImportRun, invoices: Invoices) -> None:
        self._run = run
        self._invoices = invoices
        self._open: OrderedDict[_OrderKey, list[Row]] = OrderedDict()
        self._closed: set[_OrderKey] = set()

    def add(self, row: Row) -> None:
        try:
            key = (row.needed("order_id"), row.text("refund_id"))
        except RefusedRow as error:
            self._run.refuse(row.line, str(error), row.cells)
            return
        if key in self._closed:
            self._run.refuse(
                row.line, "its order has ended before: the lines of an order must stand together", row.cells
            )
            return
        self._open.setdefault(key, []).append(row)
        self.close(_WINDOW)

    def close(self, keep: int) -> None:
        """End the oldest orders until only `keep` are open."""
        while len(self._open) > keep:
            key, rows = self._open.popitem(last=False)
            self._closed.add(key)
            self._invoices.take(*key, rows)


def _products(database: Database, store: Store, run: ImportRun, sold: Mapping[str, SoldProduct]) -> None:
    """Products the shop has never described get their newest name and price from the orders."""
    product_ids = sorted(sold)
    with database.read() as session:
        described = catalog.now(session, store.store_id, product_ids)
    told = run.has("product received", [(product_id,) for product_id in product_ids])
    for product_id, is_told in zip(product_ids, told, strict=True):
        known, product = described.get(product_id), sold[product_id]
        if is_told or (known is not None and known.described):
            continue
        document = ProductDocument(
            product_id=product_id, name=product.name, price=f"{product.price:f}", currency=product.currency
        )
        run.document("product received", document, key=(product_id,), occurred_at=product.at)
