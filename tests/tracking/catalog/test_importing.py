"""`import products`, on both databases."""

import csv

import pytest

from tests.tracking.filing import Desk, counts
from tracking.catalog.importing import import_products
from tracking.collect.files.errors import UnknownField

MAPPING = "product_id=Article,name=Name,price=Price,stock=Stock,categories=Categories,attributes=More,attributes.colour=Colour"
TEXT = "\n".join(
    [
        "Article,Name,Price,Stock,Categories,More,Colour",
        'kettle,Kettle,12.50,7,Kitchen | Kettles,"{""lid"": true}",red',
        "mug,Mug,,,,,",
        "lamp,Lamp,-1,,,,",
        "box,Box,1,some,,,",
        "bag,Bag,1,,,[],",
        "",
    ]
)


def test_a_row_for_each_product(desk: Desk) -> None:
    assert counts(desk.take(import_products, TEXT, MAPPING)) == (2, 0, 0, 3)
    assert desk.bodies("product received") == [
        {
            "product_id": "kettle",
            "name": "Kettle",
            "price": "12.50",
            "currency": "EUR",
            "stock": 7,
            "categories": ["Kitchen", "Kettles"],
            "attributes": {"lid": True, "colour": "red"},
        },
        {"product_id": "mug", "name": "Mug"},
    ]
    with desk.rejects.open(newline="") as file:
        assert [row["reason"].partition(" - ")[0] for row in csv.DictReader(file)] == [
            "a price below zero",
            "column “Stock”: “some” is not a number such as 12.50",
            "the attributes are not a JSON object: Expected `object`, got `array`",
        ]


def test_a_second_run_changes_nothing(desk: Desk) -> None:
    desk.take(import_products, TEXT, MAPPING)
    assert counts(desk.take(import_products, TEXT, MAPPING)) == (0, 0, 2, 3)
    assert counts(desk.take(import_products, TEXT.replace(",7,", ",6,"), MAPPING)) == (0, 1, 1, 3)


def test_a_column_named_field_must_be_one(desk: Desk) -> None:
    with pytest.raises(UnknownField, match=r"no field “traits\.size”"):
        desk.take(import_products, TEXT, MAPPING.replace("attributes.colour", "traits.size"))
