"""`import orders`, on both databases: what is taken, what is decided, what is refused."""

import csv
from pathlib import Path

import pytest

from core.db import Database
from tests.tracking.filing import Desk, counts
from tests.tracking.shop import Shop
from tracking.collect.files.errors import MissingField, UnknownColumn, UnknownField, UnreadableFile
from tracking.orders import service
from tracking.orders.importing import import_orders
from tracking.orders.invoices import OrderOptions
from tracking.stores.schemas import NewStore

RETAIL = (
    "order_id=InvoiceNo,product_id=StockCode,name=Description,quantity=Quantity,occurred_at=InvoiceDate,price=UnitPrice,"
    "user_id=CustomerID,country=Country"
)
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def retail(*lines: str) -> str:
    """Lines of an Online Retail file, invoices on 2010-12-01 at the hour of their number."""
    return "\n".join([HEAD, *lines, ""])


def line(invoice: str, code: str, quantity: str, price: str, customer: str = "17850", hour: int = 8) -> str:
    return f"{invoice},{code},{code.title()},{quantity},2010-12-01T{hour:02}:26:00.000000,{price},{customer},United Kingdom"


def rejected(desk: Desk) -> list[tuple[str, str]]:
    with desk.rejects.open(newline="") as file:
        return [(row["line"], row["reason"]) for row in csv.DictReader(file)]


def test_lines_of_one_invoice_are_one_order(desk: Desk) -> None:
    text = retail(line("1", "MUG", "6", "2.55"), line("1", "LAMP", "2", "3.39"), line("2", "MUG", "1", "2.60", "", 9))
    summary = desk.take(import_orders, text, RETAIL)
    assert counts(summary) == (4, 0, 0, 0)
    assert summary.names == {"order received": 2, "product received": 2}
    assert summary.notes == {"orders of guests, which belong to nobody": 1}
    first, second = desk.bodies("order received")
    assert first == {
        "order_id": "1",
        "occurred_at": "2010-12-01T07:26:00.000Z",  # the store is in Berlin
        "currency": "EUR",
        "user_id": "17850",
        "address": {"country": "United Kingdom"},
        "lines": [
            {"line_id": "1", "product_id": "MUG", "name": "Mug", "quantity": 6, "price": "2.55"},
            {"line_id": "2", "product_id": "LAMP", "name": "Lamp", "quantity": 2, "price": "3.39"},
        ],
    }
    assert "user_id" not in second
    assert [(body["product_id"], body["price"]) for body in desk.bodies("product received")] == [
        ("LAMP", "3.39"),
        ("MUG", "2.60"),
    ]


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    text = retail(line("1", "MUG", "6", "2.55"), line("C2", "MUG", "-1", "2.55"))
    assert counts(desk.take(import_orders, text, RETAIL)) == (3, 0, 0, 0)
    before = desk.log()
    summary = desk.take(import_orders, text, RETAIL, name="again.csv.gz")
    assert counts(summary) == (0, 0, 2, 0)
    assert desk.log() == before


def test_a_corrected_file_adds_what_differs_once(desk: Desk) -> None:
    desk.take(import_orders, retail(line("1", "MUG", "6", "2.55"), line("2", "MUG", "1", "2.55")), RETAIL)
    corrected = retail(line("1", "MUG", "5", "2.55"), line("2", "MUG", "1", "2.55"))
    assert counts(desk.take(import_orders, corrected, RETAIL)) == (0, 1, 1, 0)
    assert counts(desk.take(import_orders, corrected, RETAIL)) == (0, 0, 2, 0)
    assert [body["lines"][0].get("quantity", 1) for body in desk.bodies("order received")] == [6, 1, 5]


def test_postage_fees_and_discounts_are_no_products(desk: Desk) -> None:
    text = retail(
        line("1", "MUG", "2", "10"),
        line("1", "POST", "1", "3.50"),
        line("1", "D", "1", "2"),
        line("1", "M", "1", "0.25"),
    )
    summary = desk.take(import_orders, text, RETAIL)
    (body,) = desk.bodies("order received")
    assert [one["product_id"] for one in body["lines"]] == ["MUG"]
    assert (body["shipping"], body["discount"], body["total"]) == ("3.50", "2", "21.75")
    assert summary.notes == {
        "postage lines counted as shipping": 1,
        "discount lines counted as the order's discount": 1,
        "fee lines counted into the total, not as products": 1,
    }


def test_codes_are_the_files_own_when_they_are_given(desk: Desk) -> None:
    options = OrderOptions(
        currency="GBP", shipping_codes=frozenset({"SHIP"}), fee_codes=frozenset(), cancellation_prefix=""
    )
    desk.take(import_orders, retail(line("C1", "M", "1", "9"), line("C1", "SHIP", "1", "2")), RETAIL, options=options)
    (body,) = desk.bodies("order received")
    assert (body["currency"], body["shipping"], [one["product_id"] for one in body["lines"]]) == ("GBP", "2", ["M"])


def test_a_cancellation_takes_back_the_newest_purchase_that_fits(desk: Desk) -> None:
    text = retail(
        line("1", "MUG", "6", "2.55"),
        line("2", "MUG", "6", "2.00", hour=9),
        line("3", "MUG", "1", "2.55", hour=10),
        line("4", "MUG", "6", "2.55", customer="other", hour=10),
        line("C5", "MUG", "-4", "2.55", hour=11),  # the newest at this price with four pieces left: 1
        line("C6", "MUG", "-5", "2.55", hour=12),  # none at this price has five: 2
        line("C7", "MUG", "-4", "2.55", hour=13),  # none has four: one after the other, newest first
    )
    summary = desk.take(import_orders, text, RETAIL)
    refunds = [
        (body["refund_id"], body["order_id"], body["lines"][0].get("quantity", 1), body["amount"])
        for body in desk.bodies("refund received")
    ]
    assert refunds == [
        ("C5", "1", 4, "10.20"),
        ("C6", "2", 5, "12.75"),
        ("C7/3", "3", 1, "2.55"),
        ("C7/2", "2", 1, "2.55"),
        ("C7/1", "1", 2, "5.10"),
    ]
    assert summary.notes == {"cancelled lines matched to an earlier purchase": 5}


def test_what_cannot_be_taken_back_is_refused(desk: Desk) -> None:
    text = retail(
        line("1", "MUG", "2", "2.55"),
        line("1", "POST", "1", "4"),
        line("C2", "MUG", "-3", "2.55"),  # two of three were bought
        line("C2", "LAMP", "-1", "2"),
        line("C3", "MUG", "-1", "2.55", customer=""),
        line("C4", "D", "-1", "20"),
        line("C5", "POST", "-1", "4"),
    )
    summary = desk.take(import_orders, text, RETAIL)
    assert rejected(desk) == [
        ("5", "taken back, but this customer has no earlier purchase of it in the file"),
        ("6", "taken back by a guest: no earlier purchase can be found"),
        ("7", "a fee or discount taken back, which belongs to no earlier order"),
    ]
    assert summary.notes["cancelled lines of which only some pieces were bought before"] == 1
    first, postage = desk.bodies("refund received")
    assert (first["lines"], first["amount"]) == ([{"line_id": "1", "quantity": 2, "amount": "5.10"}], "5.10")
    assert (postage["amount"], postage["shipping"], postage.get("lines")) == ("4", "4", None)


def test_dirt_is_refused_with_its_line_and_reason(desk: Desk) -> None:
    text = retail(
        line("1", "MUG", "-10", "0"),
        line("2", "MUG", "4", "0"),
        line("3", "POST", "1", "5"),
        line("4", "B", "1", "-11062.06"),
        line("5", "MUG", "1", "2.55"),
        line("5", "GIFT", "1", "0"),
        "6,MUG",
        line("7", "MUG", "one", "2.55"),
        line("7", "LAMP", "1", "2.55"),
        line("", "LAMP", "1", "2.55"),
        line("8", "MUG", "1", "cheap"),
        line("9", "MUG", "1", "1").replace("2010-12-01", "1/12/10"),
    )
    summary = desk.take(import_orders, text, RETAIL)
    assert [body["order_id"] for body in desk.bodies("order received")] == ["5"]
    assert [one["price"] for one in desk.bodies("order received")[0]["lines"]] == ["2.55", "0"]
    assert sorted(rejected(desk), key=lambda row: int(row[0])) == [
        ("2", "pieces below zero outside a cancellation: a stock correction"),
        ("3", "everything on it costs nothing: a stock correction, no purchase"),
        ("4", "no product on it, only postage, fees or a discount"),
        ("5", "a price below zero: a correction of the books, no purchase"),
        ("8", "it has 2 cells where the head has 8"),
        ("9", "column “Quantity”: “one” is not a number such as 12.50"),
        ("10", "line 9 of the same order was refused"),
        ("11", "column “InvoiceNo”: it is empty"),
        ("12", "column “UnitPrice”: “cheap” is not a number such as 12.50"),
        ("13", "column “InvoiceDate”: “1/12/10T08:26:00.000000” is not an ISO 8601 time such as 2026-11-20T18:21:00Z"),
    ]
    assert (summary.refused, summary.rows, summary.reject_path) == (10, 11, desk.rejects)
    assert summary.reasons["column “Quantity”: … is not a number such as 12.50"] == 1


def test_an_order_whose_lines_are_torn_apart(desk: Desk) -> None:
    near = [line("1", "MUG", "1", "1"), line("2", "MUG", "1", "1"), line("1", "LAMP", "1", "1")]
    far = [line(str(number), "MUG", "1", "1") for number in range(3, 210)]
    summary = desk.take(import_orders, retail(*near, *far, line("1", "BOX", "1", "1")), RETAIL)
    assert [len(body["lines"]) for body in desk.bodies("order received")][:2] == [2, 1]
    assert rejected(desk) == [("212", "its order has ended before: the lines of an order must stand together")]
    assert summary.names["order received"] == 209


DEMO = (
    "order_id,line_id,occurred_at,currency,email,user_id,anonymous_id,product_id,name,quantity,price,shipping,tax,discount,"
    "total,promised_at,country,city,postal_code,refund_id"
)


def test_a_file_with_everything(desk: Desk) -> None:
    text = "\n".join(
        [
            DEMO,
            "K1,kettle,2026-11-20T10:00:00Z,EUR,a@x.org,u1,a1,kettle,Kettle,2,30.00,4.90,9.00,5.00,64.90,2026-11-24,DE,Kiel,24103,",
            "K1,mug,2026-11-20T10:00:00Z,EUR,a@x.org,u1,a1,mug,Mug,1,5.00,4.90,9.00,5.00,64.90,2026-11-24,DE,Kiel,24103,",
            "K1,kettle,2026-11-20T11:00:00Z,EUR,,,,kettle,Kettle,-1,30.00,,,,-27.69,,,,,K1-R1",
            "",
        ]
    )
    assert counts(desk.take(import_orders, text)) == (4, 0, 0, 0)
    (order,), (refund,) = desk.bodies("order received"), desk.bodies("refund received")
    assert order["address"] == {"country": "DE", "city": "Kiel", "postal_code": "24103"}
    assert (order["total"], order["promised_at"], order["email"]) == ("64.90", "2026-11-23T23:00:00.000Z", "a@x.org")
    assert refund == {
        "refund_id": "K1-R1",
        "order_id": "K1",
        "occurred_at": "2026-11-20T11:00:00.000Z",
        "amount": "27.69",
        "lines": [{"line_id": "kettle"}],
    }
    shop = Shop(desk.database, desk.store.store_id)
    shop.runner.drain()
    with desk.database.read() as session:
        found = service.order(session, desk.store.store_id, "K1")
    assert (found.total, found.goods, found.refunded) == (6490, 6000, 2769)
    assert [(one.line_id, one.total, one.refunded) for one in found.lines] == [("kettle", 5538, 2769), ("mug", 462, 0)]


def test_a_product_the_shop_has_described_is_left_alone(desk: Desk) -> None:
    shop = Shop(desk.database, desk.store.store_id)
    shop.tell(shop.document("product received", {"product_id": "MUG", "name": "The mug", "price": "9"}))
    assert desk.take(import_orders, retail(line("1", "MUG", "6", "2.55")), RETAIL).names == {"order received": 1}


def test_progress_ends_at_the_end(desk: Desk) -> None:
    desk.take(import_orders, retail(*(line(str(number // 100), "MUG", "1", "1") for number in range(4_500))), RETAIL)
    size = desk.folder.joinpath("file.csv").stat().st_size
    assert len(desk.seen) == 3
    assert desk.seen[-1] == (size, size)


@pytest.mark.parametrize(
    ("mapping", "failure", "words"),
    [
        (
            RETAIL.replace("StockCode", "Stock"),
            UnknownColumn,
            "Line 1 names no column “Stock” (for the field “product_id”)",
        ),
        (RETAIL.replace("price=", "cost="), UnknownField, "There is no field “cost”"),
        (RETAIL.replace("price=UnitPrice,", ""), MissingField, "The field “price” needs a column"),
    ],
)
def test_a_wrong_mapping_is_named_and_nothing_taken(
    desk: Desk, mapping: str, failure: type[Exception], words: str
) -> None:
    with pytest.raises(failure) as error:
        desk.take(import_orders, retail(line("1", "MUG", "6", "2.55")), mapping)
    assert str(error.value).startswith(words)
    assert desk.log() == []


def test_a_file_that_is_not_text_names_the_line(desk: Desk) -> None:
    path = desk.file(retail(line("1", "MUG", "6", "2.55")))
    path.write_bytes(path.read_bytes() + b"2,\xff\n")
    with pytest.raises(UnreadableFile, match=r"file\.csv cannot be read at line"):
        import_orders(desk.database, desk.store, path, dict(pair.split("=") for pair in RETAIL.split(",")),
                      progress=lambda *_: None, reject_path=desk.rejects)  # fmt: skip


def test_the_online_retail_file(
    sqlite_database: Database, new_store_in: NewStore, test_data: Path, tmp_path: Path
) -> None:
    """The counts of docs/guide/import.md."""
    summary = import_orders(
        sqlite_database,
        new_store_in.store,
        test_data / "online_retail" / "online_retail_to_2011-08-31.csv.gz",
        dict(pair.split("=") for pair in RETAIL.split(",")),
        progress=lambda *_: None,
        reject_path=tmp_path / "rejects.csv",
    )
    assert (summary.rows, summary.changed, summary.already_there, summary.refused) == (320_705, 0, 0, 2_910)
    assert summary.names == {"order received": 12_392, "refund received": 2_337, "product received": 3_618}
