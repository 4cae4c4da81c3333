"""Parcels in the console: the late ones at hand, and one parcel's scans."""

from collections.abc import Callable

from starlette.testclient import TestClient

from console.words import parcel_state, parcel_steps
from tests.console.pages.test_orders import rows
from tests.console.pages.test_rules import text_of
from tracking.parcels.schemas import STATES

Enter = Callable[[str], TestClient]


def test_late_parcels_are_counted_said_and_filtered(enter: Enter) -> None:
    client = enter("tom")
    page = client.get("/console/parcels")
    text = text_of(page.text)
    late = rows(client.get("/console/parcels?view=late").text)
    # Promised four days after orders that are 5 to 14 days old: their day is over, and none was delivered.
    assert late == [f"003410{number}" for number in range(409, 399, -1)]
    assert f"{len(late)} parcels are late" in text
    assert f'<span class="count alert">{len(late)}' in page.text
    assert "Late: in transit" in text


def test_views_and_search_narrow_the_list(enter: Enter) -> None:
    client = enter("tom")
    assert all(
        "Delivered" in row for row in text_of(client.get("/console/parcels?view=delivered").text).split("0034")[2:]
    )
    assert "003410482" in rows(client.get("/console/parcels?view=moving").text)
    assert rows(client.get("/console/parcels?q=P10482").text) == ["003410482"]
    assert "No parcel matches." in client.get("/console/parcels?view=packed").text


def test_one_parcel_shows_milestones_scans_and_whose_it_is(enter: Enter) -> None:
    page = enter("tom").get("/console/parcels/P10482")
    text = text_of(page.text)
    assert "Step 3 of 4: out for delivery, Leipzig-Mitte, today 09:30." in text
    assert page.text.count('<li class="done">') == 3
    assert "2 scans" in text
    assert text.index("Out for delivery Leipzig-Mitte · carrier’s word: out_for_delivery") < text.index(
        "Picked up Leipzig"
    )
    assert "Promised for Wed 25 Nov" in text
    assert 'href="/console/orders/10482"' in page.text
    assert "Follow it at DHL" in text


def test_unknown_parcels_are_not_found_and_known_ones_are_found_by_number(enter: Enter) -> None:
    client = enter("tom")
    assert client.get("/console/parcels/nosuch").status_code == 404
    assert client.get("/console/find?q=003410482&go=1").headers["location"] == "/console/parcels/P10482"


def test_every_state_has_a_word_and_steps_that_say_the_same() -> None:
    for state in STATES:
        assert parcel_state(state) != state
        steps = parcel_steps(state)
        assert parcel_state(state).lower() in steps.text.lower()
    assert parcel_steps("delivered").done == 4
    assert parcel_steps("returned").done == 0
