"""`import people`, on both databases."""

import csv

from core import clock
from tests.tracking.filing import Desk, counts
from tracking.people.importing import import_people

MAPPING = (
    "user_id=Customer,email=E-mail,first_name=First name,country=Country,marketing=Newsletter,created_at=Since,"
    "traits.shoe_size=Shoes"
)
TEXT = "\n".join(
    [
        "Customer,E-mail,First name,Country,Newsletter,Since,Shoes",
        "u1,ada@example.com,Ada,DE,yes,2025-11-20T12:00:00Z,38",
        "u2,,,,,,",
        "u3,nobody,Bob,DE,no,,",
        "u4,eve@example.com,Eve,DE,perhaps,,",
        "",
    ]
)


def test_a_row_for_each_person(desk: Desk) -> None:
    assert counts(desk.take(import_people, TEXT, MAPPING)) == (2, 0, 0, 2)
    assert desk.log() == [
        (
            "person received",
            "import",
            -365 * clock.DAY,
            {
                "user_id": "u1",
                "email": "ada@example.com",
                "traits": {"first_name": "Ada", "country": "DE", "shoe_size": "38"},
                "marketing": True,
                "created_at": "2025-11-20T12:00:00.000Z",
            },
        ),
        ("person received", "import", 0, {"user_id": "u2"}),
    ]
    with desk.rejects.open(newline="") as file:
        assert [(row["line"], row["reason"], row["Customer"]) for row in csv.DictReader(file)] == [
            ("4", "“nobody” is not an e-mail address", "u3"),
            ("5", "column “Newsletter”: “perhaps” is neither yes nor no", "u4"),
        ]


def test_a_second_run_changes_nothing_and_news_is_added(desk: Desk) -> None:
    desk.take(import_people, TEXT, MAPPING)
    assert counts(desk.take(import_people, TEXT, MAPPING)) == (0, 0, 2, 2)
    assert counts(desk.take(import_people, TEXT.replace("yes", "no"), MAPPING)) == (0, 1, 1, 2)
    assert [body.get("marketing") for body in desk.bodies("person received")] == [True, None, False]
