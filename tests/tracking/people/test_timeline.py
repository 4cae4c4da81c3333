"""A person's visits as lines."""

from core import clock
from core.db import Database
from core.log import NewEvent
from tests.conftest import NOON
from tests.tracking.people.speaking import STORE, call, order, person, tell
from tests.tracking.people.test_resolve import user
from tracking.people import service

MINUTE = clock.MINUTE


def lines(database: Database, before: int | None = None, limit: int = 50) -> list[tuple[int, str, str, str]]:
    with database.read() as session:
        found = service.timeline(session, STORE, user("u"), before, limit)
    return [((line.at - NOON) // MINUTE, line.icon, line.text, line.detail) for line in found]


def view(minute: int, number: int, browser: str = "a") -> NewEvent:
    properties = {"product_id": f"p{number}", "name": f"Pot {number}"}
    return call("track", name="Product Viewed", at=minute * MINUTE, anonymous=browser, properties=properties)


def test_visits_fold_and_recognition_shows(database: Database) -> None:
    tell(
        database,
        call(anonymous="phone", at=0),
        *(view(10 + number, number, "phone") for number in (1, 2, 3, 4, 1)),
        call(anonymous="phone", at=60 * MINUTE),
        call(anonymous="laptop", at=61 * MINUTE),
        call("track", name="Product Added", at=70 * MINUTE, anonymous="laptop", user="u", properties={"product_id": 7}),
        call("identify", at=71 * MINUTE, anonymous="laptop", user="u", proof="u", traits={}),
        call("identify", at=80 * MINUTE, anonymous="phone", user="u", traits={}),
        order("1", at=90 * MINUTE, user_id="u", anonymous_id="laptop"),
        person("u", at=95 * MINUTE),
        call(
            "track", name="Product Viewed", at=99 * MINUTE, anonymous="phone", user="u", properties={"product_id": [1]}
        ),
    )
    recognised = "Visits of a browser were recognised as theirs"
    assert lines(database) == [
        (99, "eye", "Visited: one action", ""),
        (95, "people", "Came with an imported list of customers", ""),
        (80, "people", recognised, ""),
        (80, "people", "Said who they are", ""),
        (71, "people", "Said who they are (confirmed by the shop)", ""),
        (70, "people", recognised, ""),
        (61, "cart", "Visited: 1 page, 1 put into the cart", "7"),
        (60, "eye", "Visited: 1 page", ""),
        (0, "eye", "Visited: 1 page, 4 products", "Pot 1, Pot 2, Pot 3 and 1 more"),
    ]


def test_pages_of_lines_neither_miss_nor_repeat(database: Database) -> None:
    tell(
        database,
        call(anonymous="a", user="u"),
        *(view(100 * visit + page, page) for visit in range(9) for page in range(30)),
    )
    whole, paged, before = lines(database), [], None
    while page := lines(database, before, limit=2):
        paged += page
        before = NOON + page[-1][0] * MINUTE
    assert paged == whole
    assert len(whole) == 9
    assert whole[0] == (800, "eye", "Visited: 30 products", "Pot 0, Pot 1, Pot 2 and 27 more")
