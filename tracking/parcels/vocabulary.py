"""What the words of tracking services mean in our thirteen states.

One table per service, from its public documentation; a sub-status is more exact than its status and goes first. The raw words
are kept with every checkpoint, so that a changed row here can be replayed. Uncertain: Shopify's CONFIRMED, FAILURE and PICKED_UP,
EasyPost's failure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from tracking.parcels.schemas import STATES

Mark: TypeAlias = Literal["stale", "alarm", "unclear"]
"""A word that leaves the state as it is: no news for long, a fault of the service, or a meaning nobody has verified."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A state, or a mark where the word says nothing about it; `reason` is the family of an incident."""

    state: str | None
    mark: Mark | None = None
    reason: str | None = None


def _states(**states: str) -> dict[str, Meaning]:
    return {word: Meaning(state) for word, state in states.items()}


_STALE, _ALARM, _UNCLEAR = Meaning(None, "stale"), Meaning(None, "alarm"), Meaning(None, "unclear")

AFTERSHIP: Mapping[str, Meaning] = {
    **_states(
        Pending="created",
        InfoReceived="label_ready",
        InTransit="in_transit",
        OutForDelivery="out_for_delivery",
        AttemptFail="attempt_failed",
        Delivered="delivered",
        AvailableForPickup="ready_for_pickup",
        Exception="delayed",
    ),
    "Expired": _STALE,
}
AFTERSHIP_SUBTAGS: Mapping[str, Meaning] = {
    "Exception_002": Meaning("delayed", reason="consignee"),
    "Exception_003": Meaning("attempt_failed", reason="consignee"),
    "Exception_004": Meaning("customs", reason="customs"),
    "Exception_006": Meaning("delayed", reason="consignee"),
    "Exception_007": Meaning("delayed", reason="consignee"),
    "Exception_008": Meaning("delayed", reason="consignee"),
    "Exception_009": Meaning("delayed", reason="carrier"),
    "Exception_010": Meaning("returning"),
    "Exception_011": Meaning("returned"),
    "Exception_012": Meaning("delayed", reason="carrier"),
    "Exception_013": Meaning("lost_or_cancelled", reason="carrier"),
    "Exception_016": Meaning("delayed", reason="carrier"),
    "Exception_017": Meaning("delayed", reason="weather"),
    "Exception_020": Meaning("lost_or_cancelled"),
    "Exception_021": Meaning("lost_or_cancelled"),
}

SEVENTEEN_TRACK: Mapping[str, Meaning] = {
    **_states(
        NotFound="created",
        InfoReceived="label_ready",
        InTransit="in_transit",
        AvailableForPickup="ready_for_pickup",
        OutForDelivery="out_for_delivery",
        DeliveryFailure="attempt_failed",
        Delivered="delivered",
        Exception="delayed",
    ),
    "Expired": _STALE,
}
SEVENTEEN_TRACK_SUBSTATUSES: Mapping[str, Meaning] = {
    "InTransit_PickedUp": Meaning("picked_up"),
    "InTransit_CustomsProcessing": Meaning("customs", reason="customs"),
    "InTransit_CustomsRequiringInformation": Meaning("customs", reason="customs"),
    "DeliveryFailure_NoBody": Meaning("attempt_failed", reason="consignee"),
    "DeliveryFailure_Rejected": Meaning("attempt_failed", reason="consignee"),
    "DeliveryFailure_InvalidAddress": Meaning("attempt_failed", reason="consignee"),
    "Exception_Returning": Meaning("returning"),
    "Exception_Returned": Meaning("returned"),
    "Exception_NoBody": Meaning("attempt_failed", reason="consignee"),
    "Exception_Damage": Meaning("delayed", reason="carrier"),
    "Exception_Delayed": Meaning("delayed", reason="carrier"),
    "Exception_Lost": Meaning("lost_or_cancelled", reason="carrier"),
    "Exception_Destroyed": Meaning("lost_or_cancelled"),
    "Exception_Cancel": Meaning("lost_or_cancelled"),
}

EASYPOST: Mapping[str, Meaning] = {
    **_states(
        unknown="created",
        pre_transit="label_ready",
        in_transit="in_transit",
        out_for_delivery="out_for_delivery",
        delivered="delivered",
        available_for_pickup="ready_for_pickup",
        return_to_sender="returning",
        failure="attempt_failed",
        cancelled="lost_or_cancelled",
    ),
    "error": _ALARM,
}

KARRIO: Mapping[str, Meaning] = _states(
    pending="created",
    picked_up="picked_up",
    unknown="created",
    on_hold="delayed",
    cancelled="lost_or_cancelled",
    delivered="delivered",
    in_transit="in_transit",
    delivery_delayed="delayed",
    out_for_delivery="out_for_delivery",
    ready_for_pickup="ready_for_pickup",
    delivery_failed="attempt_failed",
    return_to_sender="returning",
)
KARRIO_REASONS: Mapping[str, Meaning] = {
    "carrier_parcel_lost": Meaning("lost_or_cancelled", reason="carrier"),
    "customs_delay": Meaning("customs", reason="customs"),
    "customs_documentation": Meaning("customs", reason="customs"),
    "customs_duties_unpaid": Meaning("customs", reason="customs"),
    "customs_inspection": Meaning("customs", reason="customs"),
    "customs_prohibited": Meaning("customs", reason="customs"),
}

SHOPIFY: Mapping[str, Meaning] = {
    **_states(
        ATTEMPTED_DELIVERY="attempt_failed",
        CARRIER_PICKED_UP="picked_up",
        CONFIRMED="label_ready",
        DELAYED="delayed",
        DELIVERED="delivered",
        FAILURE="attempt_failed",
        IN_TRANSIT="in_transit",
        LABEL_PRINTED="label_ready",
        LABEL_PURCHASED="label_ready",
        OUT_FOR_DELIVERY="out_for_delivery",
        READY_FOR_PICKUP="ready_for_pickup",
    ),
    "PICKED_UP": _UNCLEAR,
}

SERVICES: Mapping[str, tuple[Mapping[str, Meaning], Mapping[str, Meaning]]] = {
    "aftership": (AFTERSHIP, AFTERSHIP_SUBTAGS),
    "17track": (SEVENTEEN_TRACK, SEVENTEEN_TRACK_SUBSTATUSES),
    "easypost": (EASYPOST, {}),
    "karrio": (KARRIO, KARRIO_REASONS),
    "shopify": (SHOPIFY, {}),
}
_OWN: Mapping[str, Meaning] = {state: Meaning(state) for state in STATES}


def _folded(word: str) -> str:
    return word.strip().casefold().replace("_", "").replace("-", "").replace(" ", "")


def _merged(part: int) -> dict[str, Meaning]:
    """Every service's words in one table; where they differ our own states win, then the service named first."""
    merged = {_folded(word): meaning for word, meaning in (_OWN if part == 0 else {}).items()}
    for tables in SERVICES.values():
        for word, meaning in tables[part].items():
            merged.setdefault(_folded(word), meaning)
    return merged


_STATUSES, _DETAILS = _merged(0), _merged(1)


@lru_cache(maxsize=4_096)
def read(status: str, detail: str | None = None, service: str | None = None) -> Meaning:
    """What a status word means; `detail` is the service's sub-status or reason. A word nobody knows is unclear."""
    if service is not None:
        statuses, details = SERVICES[service]
        return (details.get(detail) if detail else None) or statuses.get(status) or _UNCLEAR
    found = _STATUSES.get(_folded(status), _UNCLEAR)
    if detail and found.state in ("delayed", "in_transit", "attempt_failed"):
        return _DETAILS.get(_folded(detail), found)
    return found
