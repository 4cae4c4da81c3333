"""Every word of the tracking services in the reference has a row."""

import pytest

from tracking.parcels import vocabulary
from tracking.parcels.schemas import STATES
from tracking.parcels.vocabulary import SERVICES, Meaning, read

WORDS = {
    "aftership": "Pending InfoReceived InTransit OutForDelivery AttemptFail Delivered AvailableForPickup Exception Expired",
    "17track": "NotFound InfoReceived InTransit Expired AvailableForPickup OutForDelivery DeliveryFailure Delivered Exception",
    "easypost": "unknown pre_transit in_transit out_for_delivery delivered available_for_pickup return_to_sender failure "
    "cancelled error",
    "karrio": "pending picked_up unknown on_hold cancelled delivered in_transit delivery_delayed out_for_delivery "
    "ready_for_pickup delivery_failed return_to_sender",
    "shopify": "ATTEMPTED_DELIVERY CARRIER_PICKED_UP CONFIRMED DELAYED DELIVERED FAILURE IN_TRANSIT LABEL_PRINTED "
    "LABEL_PURCHASED OUT_FOR_DELIVERY READY_FOR_PICKUP PICKED_UP",
}


@pytest.mark.parametrize("service", WORDS)
def test_every_word_has_a_row(service: str) -> None:
    assert set(SERVICES[service][0]) == set(WORDS[service].split())


def test_rows_name_our_states() -> None:
    for statuses, details in SERVICES.values():
        for meaning in (*statuses.values(), *details.values()):
            assert (meaning.state in STATES) != (meaning.mark is not None)


@pytest.mark.parametrize("state", STATES)
def test_our_own_states_mean_themselves(state: str) -> None:
    assert read(state) == read(state.upper()) == Meaning(state)


@pytest.mark.parametrize(
    ("status", "detail", "state"),
    [
        ("InTransit", None, "in_transit"),
        ("Exception", None, "delayed"),
        ("Exception", "Exception_004", "customs"),
        ("Exception", "Exception_010", "returning"),
        ("Exception", "Exception_011", "returned"),
        ("Exception", "Exception_013", "lost_or_cancelled"),
        ("InTransit", "InTransit_CustomsProcessing", "customs"),
        ("InTransit", "HUB", "in_transit"),
        ("on_hold", "customs_delay", "customs"),
        ("delivered", "Exception_013", "delivered"),
        ("CARRIER_PICKED_UP", None, "picked_up"),
    ],
)
def test_a_sub_status_is_more_exact(status: str, detail: str | None, state: str) -> None:
    assert read(status, detail).state == state


def test_words_that_only_mark() -> None:
    assert read("Expired") == Meaning(None, "stale")
    assert read("error") == Meaning(None, "alarm")
    assert read("beamed up") == Meaning(None, "unclear")
    assert read("PICKED_UP", service="shopify") == Meaning(None, "unclear")
    assert read("PICKED_UP").state == "picked_up"
    assert vocabulary.read("Exception", "Exception_013", service="aftership").state == "lost_or_cancelled"
