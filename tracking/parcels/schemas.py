"""Documents a shop or carrier sends about parcels, the fact `parcel moved`, and what other parts see."""

from dataclasses import dataclass
from datetime import date

import msgspec

from core.clock import Instant

# Canonical states in the rank that decides between equal carrier times (reference: order tracking).
STATES = (
    "created",
    "label_ready",
    "picked_up",
    "in_transit",
    "customs",
    "delayed",
    "out_for_delivery",
    "attempt_failed",
    "ready_for_pickup",
    "returning",
    "lost_or_cancelled",
    "delivered",
    "returned",
)


class ParcelDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`parcel received`."""

    v: int = 1
    parcel_id: str
    order_id: str
    carrier: str | None = None
    tracking_number: str | None = None
    occurred_at: str | None = None


class CheckpointDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """`checkpoint received`: one carrier scan. `status` is one of STATES or a carrier's word for it."""

    v: int = 1
    parcel_id: str
    status: str
    raw_code: str | None = None
    occurred_at: str
    place: str | None = None


class ParcelMoved(msgspec.Struct, kw_only=True, frozen=True):
    """Fact `parcel moved`, key ("parcel moved", parcel_id, state, cause position): the folded state changed.

    `at` is the carrier's time of the scan that decided it.
    """

    v: int = 1
    parcel_id: str
    order_id: str
    person_id: int
    state: str
    state_before: str
    at: Instant
    place: str | None
    carrier: str | None
    tracking_number: str | None


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A carrier scan. `state` is None where the word says nothing about the state; `mark` then says what it is."""

    at: Instant
    state: str | None
    status: str
    raw_code: str | None
    place: str | None
    reason: str | None
    mark: str | None
    is_ahead: bool
    received_at: Instant


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel as it is now. `is_late`: the promised day ended (in the store's zone) before it was delivered."""

    parcel_id: str
    order_id: str
    person_id: int
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    state: str
    state_at: Instant
    place: str | None
    promised_at: Instant | None
    delivered_at: Instant | None
    stale_since: Instant | None
    is_open: bool
    is_late: bool
    checkpoints: tuple[Checkpoint, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class ParcelPage:
    """Some parcels, the last moved first; `next` is the cursor of the following page or None."""

    items: tuple[Parcel, ...]
    next: str | None


@dataclass(frozen=True, kw_only=True)
class DayPunctuality:
    """Parcels promised for one local day, and how many of them were delivered by its end."""

    day: date
    promised: int
    on_time: int
