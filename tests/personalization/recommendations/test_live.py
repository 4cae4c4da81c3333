import msgspec
import pytest

from core.clock import DAY, HOUR, MINUTE
from core.log import FACT, PUBLIC, SERVER, NewEvent
from personalization.recommendations.interactions import Kind
from personalization.recommendations.live import LONGEST_MEMORY, LiveView, Recalled, Touch, this_visit
from tests.personalization.recommendations.samples import BEGIN


def row(name: str, body: object = None, *, at: int = 0, **changes: object) -> NewEvent:
    """A row of the log as collect commits it, from anonymous id “ann” unless told otherwise."""
    values: dict[str, object] = {
        "store_id": 1,
        "source": PUBLIC,
        "key": b"",
        "type": "track",
        "name": name,
        "occurred_at": BEGIN + at,
        "received_at": BEGIN + at,
        "anonymous_id": "ann",
        "user_id": None,
        "consent": "",
        "proof": None,
        "cause": None,
        "depth": 0,
        "body": msgspec.json.encode(body if body is not None else {}),
        "flags": "",
    }
    return NewEvent(**(values | changes))  # type: ignore[arg-type]


def about(product_id: str) -> dict[str, object]:
    return {"properties": {"product_id": product_id}}


def order(*product_ids: str, user_id: str | None = None, anonymous_id: str | None = None, at: int = 0) -> NewEvent:
    """The fact `order placed`, as the orders part concludes it from the shop's own report."""
    body = {
        "placed_at": BEGIN + at,
        "user_id": user_id,
        "anonymous_id": anonymous_id,
        "lines": [{"product_id": one} for one in product_ids],
    }
    return row("order placed", body, at=at, source=FACT, type="fact", anonymous_id=None)


def view(*recalled: NewEvent, largest: int = 100) -> LiveView:
    return LiveView(lambda *_: Recalled(recalled), lambda _, stamp: "-personalization" not in stamp, largest)


@pytest.fixture
def live() -> LiveView:
    """A view that already knows “ann”."""
    found = view()
    found.of_anonymous(1, "ann")
    return found


def seen(live: LiveView, anonymous_id: str = "ann") -> list[str]:
    return [touch.product_id for touch in live.of_anonymous(1, anonymous_id).touches]


def test_what_was_looked_at_is_there_at_once(live: LiveView) -> None:
    live.feed([row("Product Viewed", about("cup")), row("Product Viewed", about("mug"), at=1)])
    assert seen(live) == ["cup", "mug"]


def test_what_happened_before_the_first_question_is_there_although_the_log_does_not_find_it_yet() -> None:
    live = view()
    live.feed([row("Product Viewed", about("cup"))])
    assert seen(live) == ["cup"]


def test_what_is_fed_while_the_log_is_read_is_not_lost() -> None:
    def recall(*_: object) -> Recalled:
        live.feed([row("Product Viewed", about("cup"), at=1)])
        return Recalled((row("Product Viewed", about("pot")),))

    live = LiveView(recall, lambda *_: True)
    assert seen(live) == ["pot", "cup"]


def test_a_row_that_comes_twice_counts_once(live: LiveView) -> None:
    live.feed([row("Product Viewed", about("cup"))])
    live.feed([row("Product Viewed", about("cup"))])
    assert seen(live) == ["cup"]


def test_late_rows_take_their_place_in_time(live: LiveView) -> None:
    live.feed([row("Product Viewed", about("late"), at=9), row("Product Viewed", about("early"), at=2)])
    assert seen(live) == ["early", "late"]


def test_the_cart_follows_adding_removing_and_buying(live: LiveView) -> None:
    live.feed([row("Product Added", about(one), at=1) for one in ("cup", "mug", "pan")])
    live.feed([row("Product Removed", about("mug"), at=2)])
    assert list(live.of_anonymous(1, "ann").cart) == ["cup", "pan"]
    live.feed([order("cup", anonymous_id="ann", at=3)])
    assert list(live.of_anonymous(1, "ann").cart) == ["pan"]


def test_a_cart_that_is_told_of_after_the_order_was_bought_all_the_same(live: LiveView) -> None:
    """A shop's books are imported before its browsing: positions say nothing about what happened first."""
    live.feed([order("cup", anonymous_id="ann", at=3)])
    live.feed([row("Product Added", about("cup"), at=1), row("Product Added", about("pan"), at=2)])
    assert list(live.of_anonymous(1, "ann").cart) == ["pan"]
    live.feed([row("Product Added", about("cup"), at=5)])
    assert live.of_anonymous(1, "ann").cart == {"pan": BEGIN + 2, "cup": BEGIN + 5}


def test_an_order_in_the_browser_empties_what_was_in_the_cart_by_then(live: LiveView) -> None:
    live.feed([row("Product Added", about("mug"), at=1), row("Product Added", about("cup"), at=9)])
    live.feed([row("Order Completed", about("mug"), at=4), row("Product Added", about("pan"), at=3)])
    assert list(live.of_anonymous(1, "ann").cart) == ["cup"]


def test_who_is_not_in_memory_is_read_from_the_log() -> None:
    live = view(row("Product Viewed", about("cup")))
    assert seen(live) == ["cup"]


def test_the_memory_of_one_visitor_and_of_the_view_is_bounded() -> None:
    live = view(largest=2)
    live.of_anonymous(1, "ann")
    live.feed([row("Product Viewed", about(f"p{n}"), at=n) for n in range(LONGEST_MEMORY + 5)])
    assert seen(live)[0] == "p5"
    for name in ("bob", "cyd"):
        live.of_anonymous(1, name)
    assert len(live) == 2


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"properties": 3}', b'{"properties": {"product_id": {}}}', b"\xff"]
)
def test_an_odd_body_teaches_nothing(live: LiveView, body: bytes) -> None:
    live.feed([msgspec.structs.replace(row("Product Viewed"), body=body)])
    assert seen(live) == []


def test_history_that_is_imported_is_found_by_the_next_question() -> None:
    past: list[NewEvent] = []
    live = LiveView(lambda *_: Recalled(tuple(past)), lambda *_: True)
    assert seen(live) == []
    old = row("Product Viewed", about("cup"), received_at=BEGIN + 2 * DAY)
    past.append(old)
    live.feed([old])
    assert seen(live) == ["cup"]


def test_another_store_is_another_visitor(live: LiveView) -> None:
    live.feed([row("Product Viewed", about("cup"), store_id=2)])
    assert seen(live) == []


def test_a_claimed_user_id_adds_nothing_to_the_user_and_proves_nothing(live: LiveView) -> None:
    live.of_user(1, "victim")
    live.feed(
        [row("identify", type="identify", user_id="victim"), row("Product Viewed", about("cup"), user_id="victim")]
    )
    assert live.of_user(1, "victim").touches == []
    assert live.of_anonymous(1, "ann").proved_user_id is None


@pytest.mark.parametrize(
    "proving", [{"proof": "u1", "user_id": "u1"}, {"source": SERVER, "user_id": "u1"}], ids=["token", "server"]
)
def test_a_token_or_the_server_proves_whose_it_is(live: LiveView, proving: dict[str, object]) -> None:
    live.of_user(1, "u1")
    live.feed([row("Product Viewed", about("cup"), **proving)])
    assert live.of_anonymous(1, "ann").proved_user_id == "u1"
    assert [touch.product_id for touch in live.of_user(1, "u1").touches] == ["cup"]


def test_a_fact_with_the_user_id_of_a_public_event_proves_nothing(live: LiveView) -> None:
    live.feed([row("order placed", source=FACT, type="fact", user_id="victim", body={"placed_at": 1, "lines": []})])
    assert live.of_anonymous(1, "ann").proved_user_id is None


def test_a_public_event_named_like_a_fact_buys_nothing(live: LiveView) -> None:
    body = {"placed_at": BEGIN, "lines": [{"product_id": "cup"}], "anonymous_id": "ann", "user_id": "u1"}
    live.of_user(1, "u1")
    live.feed([row("order placed", body)])
    assert live.of_anonymous(1, "ann").bought == []
    assert live.of_user(1, "u1").bought == []


def test_a_refusal_holds_until_the_next_word(live: LiveView) -> None:
    live.feed([row("Product Viewed", about("cup"), consent="-personalization")])
    assert live.of_anonymous(1, "ann").session_only
    live.feed([row("Product Viewed", about("mug"), at=1, consent="personalization")])
    assert not live.of_anonymous(1, "ann").session_only


def test_a_visit_ends_after_half_an_hour_of_silence() -> None:
    touches = [Touch(BEGIN + at, str(at), Kind.VIEW) for at in (0, HOUR, HOUR + 20 * MINUTE)]
    assert [touch.at - BEGIN for touch in this_visit(touches, BEGIN + HOUR + 30 * MINUTE)] == [HOUR, HOUR + 20 * MINUTE]
    assert this_visit(touches, BEGIN + 2 * HOUR) == []
