"""The shop's books as gzipped CSV files, as a shop would export them for `regulars import`."""

import csv
import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core import clock
from demo.catalogue import Product
from demo.history.money import decimal_text
from demo.simulator.occurrences import AccountOpened, OrderPlaced, OrderRefunded, ParcelScanned

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What `regulars import <kind>` calls a file, and its columns: our name -> the name Regulars knows."""

    kind: str
    columns: dict[str, str]


PRODUCTS = Table(
    "products",
    {
        "Article": "product_id",
        "Name": "name",
        "Address": "url",
        "Picture": "image_url",
        "Price": "price",
        "Currency": "currency",
        "Stock": "stock",
        "Categories": "categories",
        "Kind": "attributes.kind",
        "Colour": "attributes.colour",
        "Colour family": "attributes.colour_family",
        "Pattern": "attributes.pattern",
        "Lasts (days)": "attributes.lasts_days",
    },
)
PEOPLE = Table(
    "people",
    {
        "Customer": "user_id",
        "E-mail": "email",
        "First name": "first_name",
        "Last name": "last_name",
        "Country": "country",
        "City": "city",
        "Since": "created_at",
        "Newsletter": "marketing",
    },
)
ORDERS = Table(
    "orders",
    {
        "Order": "order_id",
        "Line": "line_id",
        "Refund": "refund_id",
        "Time": "occurred_at",
        "Currency": "currency",
        "E-mail": "email",
        "Customer": "user_id",
        "Browser": "anonymous_id",
        "Article": "product_id",
        "Name": "name",
        "Quantity": "quantity",
        "Price": "price",
        "Shipping": "shipping",
        "Tax": "tax",
        "Discount": "discount",
        "Total": "total",
        "Promised": "promised_at",
        "Country": "country",
        "City": "city",
        "Postal code": "postal_code",
    },
)
PARCELS = Table(
    "parcels",
    {
        "Parcel": "parcel_id",
        "Order": "order_id",
        "Carrier": "carrier",
        "Tracking number": "tracking_number",
        "Status": "status",
        "Code": "raw_code",
        "Time": "occurred_at",
        "Place": "place",
    },
)


def write(path: Path, table: Table, rows: Iterable[Row]) -> int:
    """Write the file; returns the number of rows under its head. Equal rows give equal bytes."""
    count = 0
    with (
        path.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=1, mtime=0, filename="") as packed,
    ):
        lines = csv.writer(_Text(packed), lineterminator="\n")
        lines.writerow(table.columns)
        for row in rows:
            lines.writerow(row)
            count += 1
    return count


def product_rows(products: Sequence[Product], *, base_url: str) -> Iterable[Row]:
    for product in products:
        yield (
            product.product_id,
            product.name,
            base_url + product.url_path,
            base_url + product.image_path.replace(".svg", ".png"),
            product.price,
            product.currency,
            product.stock,
            "|".join(product.categories),
            product.kind,
            product.colour,
            product.colour_family,
            product.pattern,
            product.lasts_days or "",
        )


def person_row(account: AccountOpened) -> Row:
    return (
        account.user_id,
        account.email,
        account.first_name,
        account.last_name,
        account.country,
        account.city,
        clock.iso(account.at),
        "yes" if account.accepts_marketing else "no",
    )


def order_rows(order: OrderPlaced, products: Sequence[Product]) -> Iterable[Row]:
    """One row per line; what belongs to the order as a whole stands in each."""
    for line in order.lines:
        product = products[line.product]
        yield (
            order.order_id,
            product.product_id,
            "",
            clock.iso(order.at),
            product.currency,
            order.email,
            order.user_id or "",
            order.anonymous_id,
            product.product_id,
            product.name,
            line.quantity,
            decimal_text(line.price),
            decimal_text(order.amounts.shipping),
            decimal_text(order.amounts.tax),
            decimal_text(order.amounts.discount),
            decimal_text(order.amounts.total),
            clock.iso(order.promised_at),
            order.address.country,
            order.address.city,
            order.address.postal_code,
        )


def refund_rows(refund: OrderRefunded, products: Sequence[Product]) -> Iterable[Row]:
    """Like order rows, with a refund number and pieces below zero; the total is what was given back."""
    for line in refund.lines:
        product = products[line.product]
        yield (
            refund.order_id,
            product.product_id,
            refund.refund_id,
            clock.iso(refund.at),
            product.currency,
            *("", "", ""),
            product.product_id,
            product.name,
            -line.quantity,
            decimal_text(line.price),
            *("", "", ""),
            decimal_text(-refund.amount),
            *("", "", "", ""),
        )


def scan_row(scan: ParcelScanned) -> Row:
    return (
        scan.parcel_id,
        scan.order_id,
        scan.carrier,
        scan.tracking_number,
        scan.status,
        scan.raw_code,
        clock.iso(scan.scanned_at),
        scan.place,
    )


class _Text:
    """Lets csv write text into a binary file without a second buffer that could stay open."""

    def __init__(self, binary: gzip.GzipFile) -> None:
        self._binary = binary

    def write(self, text: str) -> int:
        return self._binary.write(text.encode())
