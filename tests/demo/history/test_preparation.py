import csv
import gzip
from pathlib import Path
from typing import Any

import msgspec

from core import clock
from demo.catalogue import products
from demo.history.calls import CallWriter
from demo.history.preparation import Prepared, prepare
from demo.simulator.occurrences import AccountOpened, Browsed, Occurrence, OrderPlaced, OrderRefunded, ParcelScanned
from demo.simulator.simulation import Simulation
from tests.demo.history.conftest import BASE_URL
from tests.demo.years import END, SMALL

FRESH_FROM = END - clock.DAY


def table(prepared: Prepared, kind: str) -> list[dict[str, str]]:
    (file,) = (file for file in prepared.files if file.table.kind == kind)
    with gzip.open(file.path, "rt", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == file.rows
    return rows


def calls(prepared: Prepared) -> list[dict[str, Any]]:
    return [call for batch in prepared.batches for call in msgspec.json.decode(batch.body)["batch"]]


def test_every_occurrence_is_told_by_exactly_one_door(prepared: Prepared, small_year: list[Occurrence]) -> None:
    old = [each for each in small_year if each.at < FRESH_FROM]
    fresh = [each for each in small_year if each.at >= FRESH_FROM]
    told = len(calls(prepared)) + len(table(prepared, "people")) + len(prepared.deliveries)
    assert len(calls(prepared)) == sum(isinstance(each, Browsed) for each in small_year)
    assert len(table(prepared, "people")) == sum(isinstance(each, AccountOpened) for each in small_year)
    assert len(table(prepared, "parcels")) == sum(isinstance(each, ParcelScanned) for each in old)
    assert len(table(prepared, "orders")) == sum(
        len(each.lines) for each in old if isinstance(each, OrderPlaced | OrderRefunded)
    )
    scans = [each for each in fresh if isinstance(each, ParcelScanned)]
    labels = sum(scan.status == "label_ready" for scan in scans)
    books = sum(isinstance(each, OrderPlaced | OrderRefunded) for each in fresh)
    assert len(prepared.deliveries) == len(scans) + labels + books > 0
    files = {"products", "orders", "parcels"}
    assert prepared.total == told + sum(len(table(prepared, kind)) for kind in files)


def test_products_stand_first_and_all_are_there(prepared: Prepared) -> None:
    assert [file.table.kind for file in prepared.files] == ["products", "people", "orders", "parcels"]
    assert [row["Article"] for row in table(prepared, "products")] == [product.product_id for product in products()]


def test_order_rows_add_up(prepared: Prepared, small_year: list[Occurrence]) -> None:
    first = next(each for each in small_year if isinstance(each, OrderPlaced))
    rows = [row for row in table(prepared, "orders") if row["Order"] == first.order_id and not row["Refund"]]
    goods = sum(int(row["Quantity"]) * round(float(row["Price"]) * 100) for row in rows)
    assert goods + first.amounts.shipping - first.amounts.discount == first.amounts.total
    assert {row["Total"] for row in rows} == {f"{first.amounts.total / 100:.2f}"}
    assert {row["Time"] for row in rows} == {clock.iso(first.at)}
    assert len({row["Line"] for row in rows}) == len(rows)


def test_refund_rows_point_to_lines_of_their_order(prepared: Prepared) -> None:
    rows = table(prepared, "orders")
    bought = {(row["Order"], row["Line"]): int(row["Quantity"]) for row in rows if not row["Refund"]}
    refunds = [row for row in rows if row["Refund"]]
    assert refunds
    for row in refunds:
        assert -bought[row["Order"], row["Line"]] <= int(row["Quantity"]) < 0
        assert row["Total"].startswith("-")


def test_calls_are_segment_calls(prepared: Prepared) -> None:
    for call in calls(prepared):
        assert call["type"] in ("page", "identify", "track")
        assert ("event" in call) == (call["type"] == "track")
        assert call["context"]["page"]["url"].startswith(f"{BASE_URL}/shop")
        assert call["anonymousId"]
        assert clock.parse(call["timestamp"]) < END


def test_an_order_in_the_browser_says_what_the_books_say(prepared: Prepared, small_year: list[Occurrence]) -> None:
    orders = {each.order_id: each for each in small_year if isinstance(each, OrderPlaced)}
    completed = [call for call in calls(prepared) if call.get("event") == "Order Completed"]
    assert completed
    for call in completed:
        order = orders[call["properties"]["order_id"]]
        bought = [(products()[line.product].product_id, line.quantity) for line in order.lines]
        assert [(item["product_id"], item["quantity"]) for item in call["properties"]["products"]] == bought
        assert call["properties"]["total"] == order.amounts.total / 100
        assert call.get("userId") == order.user_id
        assert call["anonymousId"] == order.anonymous_id


def test_only_orders_in_the_browser_travel_with_the_browsers_key(prepared: Prepared) -> None:
    for batch in prepared.batches:
        events = {call.get("event") for call in msgspec.json.decode(batch.body)["batch"]}
        assert (events == {"Order Completed"}) if batch.key == "write" else ("Order Completed" not in events)


def test_no_body_is_too_large(prepared: Prepared) -> None:
    assert all(len(batch.body) < 512 * 1024 and batch.size <= 500 for batch in prepared.batches)


def test_a_second_preparation_gives_equal_bytes(prepared: Prepared, tmp_path: Path) -> None:
    writer = CallWriter(products(), base_url=BASE_URL)
    again = prepare(Simulation(SMALL, products()), writer, folder=tmp_path)
    assert again.batches == prepared.batches
    assert again.deliveries == prepared.deliveries
    for file, other in zip(again.files, prepared.files, strict=True):
        assert file.path.read_bytes() == other.path.read_bytes()
