import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.recommendations.tickets import Ticket, issue, open_ticket

SECRET = b"a secret of at least thirty-two bytes"


def ticket(**changes: object) -> Ticket:
    values: dict[str, object] = {
        "slot": "home",
        "model": "v1",
        "level": "session",
        "arm": "default",
        "exploration": 0.1,
        "size": 4,
    }
    return Ticket(**(values | changes))  # type: ignore[arg-type]


def test_an_issued_id_gives_its_ticket_back() -> None:
    given = ticket(order=(2, 0, 1, 3))
    assert open_ticket(issue(given, store_id=1, secret=SECRET), store_id=1, secret=SECRET) == given


def test_two_answers_never_have_the_same_id() -> None:
    first, second = (issue(ticket(), store_id=1, secret=SECRET) for _ in range(2))
    assert first[:32] != second[:32]


@pytest.mark.parametrize("bad", ["", ".", "a.b", "a.b.c", "é.é.é", "\ud800"])
def test_what_was_never_issued_opens_nothing(bad: str) -> None:
    assert open_ticket(bad, store_id=1, secret=SECRET) is None


def test_another_store_or_key_or_a_changed_letter_opens_nothing() -> None:
    name = issue(ticket(), store_id=1, secret=SECRET)
    assert open_ticket(name, store_id=2, secret=SECRET) is None
    assert open_ticket(name, store_id=1, secret=b"another") is None
    changed = ("0" if name[0] != "0" else "1") + name[1:]
    assert open_ticket(changed, store_id=1, secret=SECRET) is None


def test_propensity_without_a_shuffle() -> None:
    assert ticket().propensity(0) == pytest.approx(0.9 + 0.1 / 4)


def test_propensity_with_a_shuffle_depends_on_whether_the_item_stayed() -> None:
    shuffled = ticket(order=(0, 2, 1, 3))
    assert shuffled.propensity(0) == pytest.approx(0.9 + 0.1 / 4)
    assert shuffled.propensity(1) == pytest.approx(0.1 / 4)


@given(st.integers(1, 12), st.floats(0, 1))
def test_the_chances_of_all_items_at_one_place_sum_to_one(size: int, exploration: float) -> None:
    at_first = [
        ticket(size=size, exploration=exploration, order=(rank, *(r for r in range(size) if r != rank))).propensity(0)
        for rank in range(size)
    ]
    assert sum(at_first) == pytest.approx(1.0)
