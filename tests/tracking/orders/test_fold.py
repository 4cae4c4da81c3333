"""Reports become orders, on both databases: what counts, what waits, what is concluded."""

import pytest
from sqlalchemy import select

from core import clock
from core.db import Database
from core.log.models import SetAside
from tests.conftest import NOON
from tests.tracking.shop import Shop, amounts, line, order, refund
from tracking.orders import service
from tracking.orders.schemas import Order
from tracking.people import service as people
from tracking.people.schemas import Identity
from tracking.stores.schemas import NewStore

HOUR = clock.HOUR


@pytest.fixture
def shop(database: Database, new_store: NewStore) -> Shop:
    return Shop(database, new_store.store.store_id)


def person(shop: Shop, **identity: str) -> int:
    with shop.database.read() as session:
        found = people.resolve(session, shop.store_id, [Identity(**identity)])[0]
    assert found is not None
    return found


def the(shop: Shop, order_id: str = "O1") -> Order:
    with shop.database.read() as session:
        return service.order(session, shop.store_id, order_id)


def set_aside(shop: Shop) -> list[str]:
    with shop.database.read() as session:
        return list(session.execute(select(SetAside.error).order_by(SetAside.position)).scalars())


def test_an_order_becomes_a_row_and_a_fact(shop: Shop) -> None:
    shop.tell(
        shop.document("product received", {"product_id": "kettle", "name": "Kettle", "categories": ["Kettles"]}),
        shop.document("order received", order(promised_at="2026-11-24T22:59:59Z", address={"country": "DE"})),
    )
    fact = shop.facts("order placed")
    assert fact == [
        {
            "v": 1,
            "order_id": "O1",
            "person_id": person(shop, user_id="u1"),
            "user_id": "u1",
            "anonymous_id": None,
            "email": "ada@example.com",
            "currency": "EUR",
            "total": 3490,
            "goods": 3000,
            "tax": 557,
            "shipping": 490,
            "discount": 0,
            "placed_at": NOON - HOUR,
            "promised_at": clock.parse("2026-11-24T22:59:59Z"),
            "source": "fact",
            "lines": [
                {
                    "line_id": "1", "product_id": "kettle", "variant_id": None, "name": "Kettle", "quantity": 2,
                    "price": 1250, "total": 2500, "categories": ["Kettles"],
                },
                {
                    "line_id": "2", "product_id": "mug", "variant_id": None, "name": "Mug", "quantity": 1,
                    "price": 500, "total": 500, "categories": [],
                },
            ],
            "country": "DE",
        }
    ]  # fmt: skip
    event = shop.events("order placed")[0]
    assert (event.occurred_at, event.received_at, event.depth) == (NOON - HOUR, NOON, 1)
    found = the(shop)
    assert (found.status, found.total, found.goods, found.refunded) == ("placed", 3490, 3000, 0)
    assert [(one.line_id, one.quantity, one.total) for one in found.lines] == [("1", 2, 2500), ("2", 1, 500)]


def test_the_discount_is_spread_over_the_lines_to_the_cent(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(discount="10.01", total=None, tax=None)))
    fact = shop.facts("order placed")[0]
    assert [one["total"] for one in fact["lines"]] == [1666, 333]
    assert (fact["goods"], fact["discount"], fact["total"]) == (1999, 1001, 2489)


def test_an_order_counts_once_whoever_reports_it(shop: Shop) -> None:
    products = [{"product_id": "kettle", "quantity": "2", "price": 12.5}]
    shop.tell(shop.call("Order Completed", {"order_id": "O1", "total": 99, "products": products}))
    assert the(shop).status == "reported"
    assert shop.facts("order placed") == []
    shop.tell(shop.document("order received", order()), shop.document("order received", order()))
    shop.tell(shop.call("Order Completed", {"order_id": "O1", "total": 1, "currency": "EUR", "products": products}))
    found = the(shop)
    assert (found.status, found.total, found.source) == ("placed", 3490, "fact")
    assert [(report.source, report.total, report.difference) for report in found.reports] == [
        ("public", 9900, 6410),
        ("fact", 3490, 0),
        ("fact", 3490, 0),
        ("public", 100, -3390),
    ]
    assert len(shop.facts("order placed")) == 1
    assert statistics(shop, person(shop, user_id="u1")) == (1, 3490)


def statistics(shop: Shop, person_id: int) -> tuple[int, int] | None:
    with shop.database.read() as session:
        found = service.statistics_of(session, shop.store_id, [person_id]).get(person_id)
    return None if found is None else (found.order_count, found.total_minor)


def test_a_browser_order_never_counts_but_a_server_order_does(shop: Shop) -> None:
    products = [{"product_id": "mug", "quantity": 1, "price": "5"}]
    told = {"order_id": 7, "currency": "eur", "shipping": "2", "tax": "0.80", "products": products}
    shop.tell(shop.call("Order Completed", told | {"order_id": "B1"}, user_id="u1"))
    shop.tell(shop.call("Order Completed", told, source="server", user_id="u1"))
    assert the(shop, "B1").status == "reported"
    assert [(fact["order_id"], fact["total"], fact["goods"]) for fact in shop.facts("order placed")] == [
        ("7", 780, 500)
    ]
    assert statistics(shop, person(shop, user_id="u1")) == (1, 780)


def test_a_browser_cannot_send_the_shops_own_documents(shop: Shop) -> None:
    shop.tell(shop.call("order received", order()), shop.call("refund received", refund()))
    assert shop.facts("order placed") == []
    assert set_aside(shop) == []


def test_a_later_update_changes_figures_and_tells_no_second_fact(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()))
    update = order(revision=1, total="12.50", lines=[line("1", "kettle", 1, "12.50")])
    shop.tell(shop.document("order received", update))
    shop.tell(shop.document("order received", order()))  # the creation, delivered once more, late
    found = the(shop)
    assert (found.total, len(found.lines)) == (1250, 1)
    assert len(shop.facts("order placed")) == 1


def test_an_update_that_comes_before_the_creation_stays(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(revision=1, total="12.50")))
    shop.tell(shop.document("order received", order()))
    assert the(shop).total == 1250


def test_updated_at_decides_between_updates(shop: Shop) -> None:
    late = order(revision=1, updated_at="2026-11-20T11:50:00Z", total="20")
    early = order(revision=1, updated_at="2026-11-20T11:40:00Z", total="10")
    shop.tell(shop.document("order received", late), shop.document("order received", early))
    assert the(shop).total == 2000


def test_a_promise_is_never_rewritten(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(promised_at="2026-11-22T12:00:00Z")))
    shop.tell(shop.document("order received", order(promised_at="2026-11-28T12:00:00Z", revision=1)))
    assert the(shop).promised_at == clock.parse("2026-11-22T12:00:00Z")


def test_the_end_of_time_is_no_promise(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(promised_at="9999-12-31T23:59:59Z")))
    assert the(shop).promised_at is None
    assert set_aside(shop) == []


def test_an_address_that_would_be_two_headers_is_none(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(email="ada@example.com\r\nBcc: everybody@example.com")))
    assert the(shop).email is None


def test_a_refund_of_everything(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()), shop.document("refund received", refund()))
    fact = shop.facts("order refunded")
    assert fact == [
        {
            "v": 1, "refund_id": "R1", "order_id": "O1", "person_id": person(shop, user_id="u1"), "currency": "EUR",
            "amount": 3490, "refunded_at": NOON - HOUR // 2,
            "lines": [{"line_id": "1", "quantity": 2, "amount": 2500}, {"line_id": "2", "quantity": 1, "amount": 500}],
        }
    ]  # fmt: skip
    assert (the(shop).refunded, the(shop).net) == (3490, 0)
    assert statistics(shop, person(shop, user_id="u1")) == (1, 0)


def test_refunds_never_exceed_what_was_bought(shop: Shop) -> None:
    part = {"line_id": "1", "quantity": 5, "amount": "40"}
    shop.tell(shop.document("order received", order()))
    shop.tell(shop.document("refund received", refund("R1", lines=[part])))
    shop.tell(shop.document("refund received", refund("R2", amount="100")))
    shop.tell(shop.document("refund received", refund("R3")))
    facts = shop.facts("order refunded")
    assert amounts(facts) == [2500, 990]
    assert facts[0]["lines"] == [{"line_id": "1", "quantity": 2, "amount": 2500}]
    assert facts[1]["lines"] == [{"line_id": "2", "quantity": 1, "amount": 500}]
    assert the(shop).refunded == 3490
    assert [one.amount for one in the(shop).refunds] == [2500, 990, 0]


def test_a_refund_counts_once(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()))
    twice = refund(amount="5")
    shop.tell(shop.document("refund received", twice), shop.document("refund received", twice))
    shop.tell(shop.document("refund received", twice))
    assert the(shop).refunded == 500


def test_money_without_lines_is_spread_over_the_goods(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()))
    shop.tell(shop.document("refund received", refund(amount="6.00")))
    assert shop.facts("order refunded")[0]["lines"] == [
        {"line_id": "1", "quantity": 0, "amount": 500},
        {"line_id": "2", "quantity": 0, "amount": 100},
    ]


def test_shipping_given_back_takes_nothing_of_the_goods(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()))
    shop.tell(shop.document("refund received", refund(amount="4.90", shipping="4.90")))
    fact = shop.facts("order refunded")[0]
    assert (fact["amount"], fact["lines"]) == (490, [])


def test_lines_without_amounts_come_back_piece_by_piece_whole(shop: Shop) -> None:
    shop.tell(
        shop.document("order received", order(lines=[line("1", "kettle", 3, "3.33")], discount="0.02", total=None))
    )
    for number in range(3):
        shop.tell(shop.document("refund received", refund(f"R{number}", lines=[{"line_id": "1", "quantity": 1}])))
    facts = shop.facts("order refunded")
    assert [fact["lines"][0]["amount"] for fact in facts] == [332, 332, 333]
    assert the(shop).lines[0].refunded == the(shop).goods == 997


def test_a_refund_before_its_order_waits(shop: Shop) -> None:
    early = refund(lines=[{"line_id": "2", "quantity": 1}])
    shop.tell(shop.document("refund received", early))
    shop.tell(shop.call("Order Completed", {"order_id": "O1", "total": 1, "products": []}))
    assert shop.facts("order refunded") == []
    shop.tell(shop.document("order received", order()))
    assert [(fact["amount"], fact["refunded_at"]) for fact in shop.facts("order refunded")] == [(500, NOON - HOUR // 2)]
    assert shop.events("order refunded")[0].cause == shop.events("order received")[0].position
    shop.tell(shop.document("refund received", early))
    assert the(shop).refunded == 500


def test_a_refund_and_its_order_in_one_batch(shop: Shop) -> None:
    shop.tell(shop.document("refund received", refund(amount="5")), shop.document("order received", order()))
    assert amounts(shop.facts("order refunded")) == [500]
    assert [one.waits for one in the(shop).refunds] == [False]


def test_a_cancellation_ends_an_order(shop: Shop) -> None:
    called_off = {"order_id": "O1", "occurred_at": "2026-11-20T11:45:00Z"}
    shop.tell(shop.document("order received", order()))
    shop.tell(shop.call("Order Cancelled", {"order_id": "O1"}))
    assert the(shop).status == "placed"
    shop.tell(shop.document("order cancellation received", called_off))
    shop.tell(
        shop.document("order cancellation received", called_off), shop.document("order received", order(revision=1))
    )
    assert [(fact["total"], fact["cancelled_at"]) for fact in shop.facts("order cancelled")] == [
        (3490, NOON - HOUR // 4)
    ]
    assert (the(shop).status, the(shop).cancelled_at) == ("cancelled", NOON - HOUR // 4)
    assert statistics(shop, person(shop, user_id="u1")) is None


def test_a_cancellation_before_its_order_waits(shop: Shop) -> None:
    shop.tell(shop.document("order cancellation received", {"order_id": "O1", "occurred_at": "2026-11-20T10:00:00Z"}))
    shop.tell(shop.document("order received", order()))
    assert len(shop.facts("order placed")) == len(shop.facts("order cancelled")) == 1
    assert (the(shop).status, the(shop).cancelled_at) == ("cancelled", NOON - HOUR)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"total": "twelve"}, "“twelve” is not an amount"),
        ({"occurred_at": "yesterday"}, "“yesterday” is not an ISO 8601 time"),
        ({"currency": "€"}, "“€” is not an ISO 4217 currency"),
        ({"lines": [line("1", "kettle", 0, "1")]}, "a line has the quantity 0"),
        ({"order_id": ""}, "an id is empty"),
    ],
)
def test_a_document_that_cannot_be_counted_is_set_aside_alone(
    shop: Shop, changes: dict[str, object], words: str
) -> None:
    shop.tell(shop.document("order received", order() | changes), shop.document("order received", order("O2")))
    errors = set_aside(shop)
    assert len(errors) == 1
    assert words in errors[0]
    assert [fact["order_id"] for fact in shop.facts("order placed")] == ["O2"]


@pytest.mark.parametrize(
    "told", [{"total": "a lot"}, {"currency": "coins"}, {"products": [{"quantity": 1}]}, {"order_id": None}]
)
def test_an_unreadable_browser_order_disturbs_nobody(shop: Shop, told: dict[str, object]) -> None:
    shop.tell(
        shop.call("Order Completed", {"order_id": "B1", "products": []} | told),
        shop.document("order received", order()),
    )
    assert set_aside(shop) == []
    assert len(shop.facts("order placed")) == 1
    with pytest.raises(service.UnknownOrder):
        the(shop, "B1")


def test_a_guest_order_moves_to_the_person_of_its_address(shop: Shop) -> None:
    guest = order(user_id=None)
    shop.tell(shop.document("order received", guest))
    before = the(shop).person_id
    assert before == person(shop, email="ada@example.com")
    shop.tell(shop.document("order received", order("O2")))
    assert the(shop).person_id == before
    shop.tell(shop.filed("person received", {"user_id": "u1", "email": "ada@example.com"}))
    now = person(shop, user_id="u1")
    assert now != before
    assert (the(shop).person_id, the(shop, "O2").person_id) == (now, now)
    assert statistics(shop, now) == (2, 6980)
    assert statistics(shop, before) is None


def test_an_order_of_nobody_belongs_to_nobody(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(user_id=None, email=None)))
    assert shop.facts("order placed")[0]["person_id"] == 0
    assert statistics(shop, 0) is None


def test_segment_refunds_name_products_or_nothing(shop: Shop) -> None:
    shop.tell(shop.document("order received", order()))
    part = {"order_id": "O1", "products": [{"product_id": "kettle", "quantity": 1, "price": "12.50"}]}
    shop.tell(shop.call("Order Refunded", part, source="public"))
    shop.tell(shop.call("Order Refunded", part, source="server"))
    shop.tell(shop.call("Order Refunded", {"order_id": "O1"}, source="server"))
    shop.tell(shop.call("Order Refunded", {"order_id": "O1"}, source="server"))
    facts = shop.facts("order refunded")
    assert amounts(facts) == [1250, 2240]
    assert facts[0]["lines"] == [{"line_id": "1", "quantity": 1, "amount": 1250}]


def test_lines_of_the_same_id_stay_lines(shop: Shop) -> None:
    shop.tell(
        shop.document(
            "order received", order(lines=[line("1", "kettle", 1, "2"), line("1", "mug", 1, "3")], total=None)
        )
    )
    assert [(one.line_id, one.product_id, one.total) for one in the(shop).lines] == [
        ("1", "kettle", 200),
        ("1#2", "mug", 300),
    ]
    assert the(shop).goods == 500


def test_categories_are_those_of_the_orders_own_place_in_the_log(shop: Shop) -> None:
    def described(category: str) -> dict[str, object]:
        return {"product_id": "kettle", "name": "Kettle", "categories": [category]}

    shop.tell(
        shop.document("product received", described("Old")),
        shop.document("order received", order("O1")),
        shop.document("product received", described("New")),
        shop.document("order received", order("O2")),
    )
    assert [fact["lines"][0]["categories"] for fact in shop.facts("order placed")] == [["Old"], ["New"]]


def test_a_later_report_that_does_not_name_the_buyer_keeps_them(shop: Shop) -> None:
    shop.tell(shop.document("order received", order(address={"country": "DE"}, anonymous_id="a7")))
    buyer = the(shop).person_id
    told = {"order_id": "O1", "total": 12, "products": []}
    shop.tell(shop.call("Order Updated", told, source="server", anonymous_id="a9"))
    assert (the(shop).total, the(shop).goods, len(the(shop).lines)) == (1200, 3000, 2)
    shop.tell(shop.document("order received", order(user_id=None, email="Eve@example.com", revision=1)))
    found = the(shop)
    assert (found.person_id, found.address, found.email) == (buyer, {"country": "DE"}, "eve@example.com")
    shop.tell(shop.document("order received", order(user_id="u2", revision=1)))
    assert the(shop).person_id == person(shop, user_id="u2")
