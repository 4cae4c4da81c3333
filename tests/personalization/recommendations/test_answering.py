from collections.abc import Callable

import numpy as np
import pytest

from core import clock
from core.clock import DAY, HOUR, MINUTE
from personalization.recommendations.interactions import Kind
from personalization.recommendations.live import Touch
from personalization.recommendations.schemas import SLOTS, Answer
from personalization.recommendations.tickets import open_ticket
from tests.personalization.recommendations.conftest import NOW, SECRET, Desk, product
from tests.personalization.recommendations.samples import BEGIN
from tests.personalization.recommendations.test_live import about, order, row

AGO = NOW - BEGIN


def viewed(*product_ids: str, minutes_ago: int = 5, **changes: object) -> list[object]:
    return [
        row("Product Viewed", about(one), at=AGO - minutes_ago * MINUTE + step, **changes)
        for step, one in enumerate(product_ids)
    ]


def ids(answer: Answer) -> list[str]:
    return [item.product_id for item in answer.items]


def of_group(answer: Answer, group: int) -> float:
    return float(np.mean([int(one[1:]) // 10 == group for one in ids(answer)]))


def test_at_zero_events_the_catalog_answers(new_shop: Callable[[int], Desk]) -> None:
    answer = new_shop(5).ask(limit=3)
    assert answer.level == "catalog"
    assert ids(answer) == ["p00", "p01", "p02"]
    assert answer.model == ""


def test_an_empty_shop_has_a_valid_empty_answer(new_shop: Callable[[int], Desk]) -> None:
    for slot in SLOTS:
        answer = new_shop(0).ask(slot)
        assert (answer.items, answer.level, answer.next) == ((), "empty", None)


def test_without_models_a_viewed_product_brings_what_is_like_it(new_shop: Callable[[int], Desk]) -> None:
    desk = new_shop(20)
    desk.feed(*viewed("p13"))
    answer = desk.ask(anonymous_id="ann", limit=5)
    assert answer.level == "item"
    # These share the group and the colour, all others only one of both.
    assert set(ids(answer)[:3]) == {"p10", "p16", "p19"}
    assert answer.items[0].reason.text == "Similar to Thing p13"


def test_somebody_unknown_gets_what_is_popular_with_the_count_behind_it(desk: Desk) -> None:
    answer = desk.ask(limit=4)
    assert answer.level == "popular"
    reason = answer.items[0].reason
    assert reason.code == "popular"
    assert reason.text == f"{reason.evidence.count} people looked at it or bought it"


def test_one_view_changes_the_next_answer(desk: Desk) -> None:
    desk.feed(*viewed("p13"))
    answer = desk.ask(anonymous_id="ann", limit=6)
    assert answer.level == "session"
    assert of_group(answer, 1) == 1.0
    assert answer.items[0].reason.code == "similar_visits"


def test_an_answer_says_what_the_catalog_says(desk: Desk) -> None:
    shown = desk.ask(limit=1).items[0]
    number = shown.product_id
    assert (shown.position, shown.title, shown.url) == (1, f"Thing {number}", f"/p/{number}")
    assert (shown.image_url, shown.price, shown.currency) == (f"/i/{number}.svg", "12.50", "EUR")


@pytest.mark.parametrize("slot", ["home", "product", "together", "cart"])
def test_what_is_sold_out_excluded_or_at_hand_is_not_answered(desk: Desk, slot: str) -> None:
    desk.state.shelf.put([product("p02", for_sale=False, stock=0)])
    desk.feed(row("Product Added", about("p03"), at=AGO - MINUTE))
    answer = desk.ask(slot, anonymous_id="ann", item="p01", exclude=("p04",), limit=20)  # type: ignore[arg-type]
    assert answer.items
    assert not {"p01", "p02", "p03", "p04"} & set(ids(answer))


def test_what_was_just_bought_is_not_answered_and_later_it_is(desk: Desk) -> None:
    desk.live.of_anonymous(1, "ann").add(touch_bought("p05", 2))
    assert "p05" not in ids(desk.ask(anonymous_id="ann", limit=20))
    desk.live.of_anonymous(1, "bob").add(touch_bought("p05", 20))
    assert "p05" in ids(desk.ask(anonymous_id="bob", limit=20))


def touch_bought(product_id: str, days_ago: int) -> Touch:
    return Touch(NOW - days_ago * DAY, product_id, Kind.PURCHASE)


def test_bought_together_names_its_counts_and_never_fewer_than_three(desk: Desk) -> None:
    answer = desk.ask("together", item="p01", limit=5)
    together = [item.reason for item in answer.items if item.reason.code == "bought_together"]
    assert together
    for reason in together:
        count, of = reason.evidence.count, reason.evidence.of
        assert 3 <= count <= of
        assert reason.text == f"Bought together with Thing p01 in {count} of {of} orders"
        assert reason.evidence.about == "p01"


def test_similar_products_come_from_the_same_visits(desk: Desk) -> None:
    answer = desk.ask("product", item="p11", limit=5)
    assert answer.level == "item"
    assert of_group(answer, 1) == 1.0


def test_continue_has_this_visit_newest_first_without_what_was_bought(desk: Desk) -> None:
    desk.feed(*viewed("p01", "p02", "p03"))
    desk.live.of_anonymous(1, "ann").add(touch_bought("p02", 0))
    answer = desk.ask("continue", anonymous_id="ann")
    assert ids(answer) == ["p03", "p01"]
    assert answer.level == "session"
    assert answer.items[0].reason.text == "You looked at this"


def test_continue_puts_the_cart_first(desk: Desk) -> None:
    desk.feed(row("Product Added", about("p07"), at=AGO - 9 * MINUTE), *viewed("p01"))
    answer = desk.ask("continue", anonymous_id="ann")
    assert ids(answer) == ["p07", "p01"]
    assert answer.items[0].reason.text == "It is in your cart"


def test_continue_of_a_stranger_is_empty(desk: Desk) -> None:
    assert desk.ask("continue", anonymous_id="stranger").level == "empty"


def test_the_cart_slot_goes_with_everything_in_it(desk: Desk) -> None:
    desk.feed(row("Product Added", about("p11"), at=AGO), row("Product Added", about("p12"), at=AGO))
    answer = desk.ask("cart", anonymous_id="ann", limit=4)
    assert of_group(answer, 1) == 1.0


def test_a_new_product_is_answered_as_soon_as_it_is_on_the_shelf(desk: Desk) -> None:
    desk.state.shelf.put([product("p99", categories=("group1",), name="Thing p11", attributes={"colour": "colour2"})])
    assert "p99" in ids(desk.ask("product", item="p11", limit=12))


def test_a_new_product_that_is_looked_at_is_no_error_to_the_models(desk: Desk) -> None:
    desk.state.shelf.put([product("p99", categories=("group1",))])
    desk.feed(*viewed("p99"))
    for slot in SLOTS:
        desk.ask(slot, anonymous_id="ann", item="p99")


def test_the_next_page_goes_on_where_the_first_ended(desk: Desk) -> None:
    whole = ids(desk.ask(limit=8))
    first = desk.ask(limit=4)
    second = desk.ask(limit=4, offset=int(first.next or 0))
    assert ids(first) + ids(second) == whole
    assert [item.position for item in second.items] == [5, 6, 7, 8]


def test_the_last_page_says_that_nothing_follows(desk: Desk) -> None:
    assert desk.ask(limit=20).next is None


def test_an_anonymous_id_linked_by_a_claim_never_gets_the_users_purchases(desk: Desk) -> None:
    desk.live.of_user(1, "victim")
    desk.feed(order("p15", user_id="victim", at=AGO - 30 * DAY), *viewed("p16", user_id="victim", proof="victim"))
    assert [touch.product_id for touch in desk.live.of_user(1, "victim").bought] == ["p15"]
    plain = desk.ask(limit=20)
    desk.feed(row("identify", type="identify", anonymous_id="thief", user_id="victim", at=AGO))
    stolen = desk.ask(anonymous_id="thief", limit=20)
    assert ids(stolen) == ids(plain)
    assert [item.reason for item in stolen.items] == [item.reason for item in plain.items]
    assert desk.ask("continue", anonymous_id="thief").items == ()


def test_a_proved_user_gets_what_goes_with_their_purchases(desk: Desk) -> None:
    desk.live.of_user(1, "u1")
    desk.feed(order("p15", user_id="u1", at=AGO - 30 * DAY))
    answer = desk.ask(anonymous_id="new-phone", proved_user_id="u1", limit=5)
    assert answer.level == "personal"
    assert of_group(answer, 1) == 1.0
    assert answer.items[0].reason.evidence.about == "p15"


def test_with_global_privacy_control_only_the_visit_is_used(desk: Desk) -> None:
    desk.live.of_user(1, "u1")
    desk.feed(order("p15", user_id="u1", at=AGO - 30 * DAY), *viewed("p17", minutes_ago=300), *viewed("p02"))
    answer = desk.ask(anonymous_id="ann", proved_user_id="u1", session_only=True, limit=6)
    assert answer.level == "session"
    assert of_group(answer, 0) == 1.0
    assert ids(desk.ask("continue", anonymous_id="ann", session_only=True)) == ["p02"]


def test_a_stamp_that_refuses_has_the_same_effect(desk: Desk) -> None:
    desk.feed(*viewed("p17", minutes_ago=300), *viewed("p02", consent="gpc"))
    assert ids(desk.ask("continue", anonymous_id="ann")) == ["p02"]


def test_the_recommendation_id_carries_how_the_answer_came_about(desk: Desk) -> None:
    answer = desk.ask(limit=4)
    ticket = open_ticket(answer.recommendation_id, store_id=1, secret=SECRET)
    assert ticket is not None
    assert (ticket.slot, ticket.level, ticket.size, ticket.order) == ("home", "popular", 4, ())
    assert ticket.model == answer.model


def test_a_shuffled_answer_has_the_same_products_and_says_the_order(desk: Desk) -> None:
    ranked = ids(desk.ask(limit=6))
    desk.exploration = 1.0
    shuffled = desk.ask(limit=6)
    ticket = open_ticket(shuffled.recommendation_id, store_id=1, secret=SECRET)
    assert ticket is not None
    assert sorted(ids(shuffled)) == sorted(ranked)
    assert ids(shuffled) == [ranked[rank] for rank in ticket.order]
    assert ticket.propensity(0) == pytest.approx(1 / 6)


def test_the_share_of_shuffled_answers_is_the_setting(desk: Desk) -> None:
    desk.exploration = 0.25
    tickets = [open_ticket(desk.ask(limit=6).recommendation_id, store_id=1, secret=SECRET) for _ in range(400)]
    share = np.mean([bool(ticket and ticket.order) for ticket in tickets])
    assert 0.18 < share < 0.32


def test_unknown_products_in_the_question_are_no_error(desk: Desk) -> None:
    for slot in SLOTS:
        desk.ask(slot, item="nobody-sells-this", items=("nor-this",), exclude=("nor that",), anonymous_id="x" * 300)


def test_an_hour_later_the_visit_is_over(desk: Desk) -> None:
    desk.feed(*viewed("p13", minutes_ago=HOUR // MINUTE))
    assert desk.ask(anonymous_id="ann", limit=5).level == "personal"


def test_a_remembered_answer_ends_with_the_visit(desk: Desk) -> None:
    desk.feed(*viewed("p13", minutes_ago=29))
    assert desk.ask(anonymous_id="ann", limit=5).level == "session"
    with clock.frozen(NOW + 2 * MINUTE):
        assert desk.ask(anonymous_id="ann", limit=5).level == "personal"


def test_a_remembered_answer_ends_when_the_shelf_changes(desk: Desk) -> None:
    first = ids(desk.ask(limit=1))[0]
    desk.state.shelf.put([product(first, for_sale=False)])
    assert first not in ids(desk.ask(limit=20))


def test_a_long_visit_is_no_error(desk: Desk) -> None:
    desk.feed(*viewed(*(f"p{number % 20:02}" for number in range(50)), minutes_ago=1))
    assert len(desk.ask(anonymous_id="ann", limit=5).items) == 5
