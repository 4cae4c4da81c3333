"""`regulars import products`: a CSV file with one row per product becomes `product received`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from core.db import Database
from tracking.catalog.schemas import ProductDocument
from tracking.collect.files.errors import RefusedRow
from tracking.collect.files.rows import CsvFile, Fields, Row
from tracking.collect.files.run import ImportRun, ImportSummary, Progress
from tracking.stores.schemas import Store

FIELDS = Fields(
    required=("product_id",),
    optional=(
        "name",
        "url",
        "image_url",
        "price",
        "currency",
        "stock",
        "categories",
        "attributes",
        "attributes.",
        "deleted",
    ),
)
_LONGEST_ID = 200


def import_products(
    database: Database,
    store: Store,
    path: Path,
    mapping: Mapping[str, str],
    *,
    progress: Progress,
    reject_path: Path,
) -> ImportSummary:
    """Append what the file says; raises ImportFailure. An empty cell leaves a product's value as it was.

    `categories` are separated by |, `attributes` is a JSON object, `attributes.<name>` maps a column to one attribute.
    """
    with (
        CsvFile(path, mapping, FIELDS) as file,
        ImportRun(database, store.store_id, reject_path=reject_path, progress=progress) as run,
    ):
        for row in file.rows(run.refuse):
            run.columns(file.columns)
            run.read(file.position, file.size)
            try:
                document = _document(row, store.currency)
                run.document("product received", document, key=(document.product_id,), occurred_at=run.received_at)
            except RefusedRow as error:
                run.refuse(row.line, str(error), row.cells)
    progress(file.size, file.size)
    return run.summary()


def _document(row: Row, currency: str) -> ProductDocument:
    product_id = row.needed("product_id")
    if len(product_id) > _LONGEST_ID:
        raise RefusedRow(f"a product id may have {_LONGEST_ID} characters at most")
    price = row.optional_amount("price")
    if price is not None and price < 0:
        raise RefusedRow("a price below zero")
    return ProductDocument(
        product_id=product_id,
        name=row.text("name") or UNSET,
        url=row.text("url") or UNSET,
        image_url=row.text("image_url") or UNSET,
        price=UNSET if price is None else f"{price:f}",
        currency=UNSET if price is None else row.text("currency").upper() or currency,
        stock=row.whole("stock") if row.text("stock") else UNSET,
        categories=_categories(row),
        attributes=_attributes(row),
        deleted=row.truth("deleted") or False,
    )


def _categories(row: Row) -> list[str] | UnsetType:
    names = [name.strip() for name in row.text("categories").split("|")]
    return [name for name in names if name] or UNSET


def _attributes(row: Row) -> dict[str, Any] | UnsetType:
    text, attributes = row.text("attributes"), {}
    if text:
        try:
            attributes = msgspec.json.decode(text, type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise RefusedRow(f"the attributes are not a JSON object: {error}") from error
    return attributes | row.of("attributes") or UNSET
