"""A simulated carrier: it takes the parcels of the shop through their milestones, in minutes instead of days.

Each parcel is booked with its order and then moves by time, or one step at once when somebody asks. Every step is
reported in the transaction that makes it. About one parcel in six is late: it says so on the way and takes longer.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from demo.shop import outbox
from demo.shop.clock import Instant, iso

NAME = "Slow Lane Parcels"
_LATE_ONE_IN = 6
_LATE_FACTOR = 3


@dataclass(frozen=True)
class Step:
    """A milestone: its state in the words of the `generic` webhook, the carrier's own code, and where it happens."""

    state: str
    raw_code: str
    place: str
    words: str


ON_TIME = (
    Step("label_ready", "LBL", "Kettle Lane, Leipzig", "Packed"),
    Step("picked_up", "PUP", "Leipzig", "Picked up"),
    Step("in_transit", "HUB", "Sorting centre Halle", "On its way"),
    Step("out_for_delivery", "OFD", "Delivery base near you", "Out for delivery"),
    Step("delivered", "DLV", "Your door", "Delivered"),
)
MILESTONES = tuple(step for step in ON_TIME if step.state != "picked_up")
LATE = (*ON_TIME[:3], Step("delayed", "DLY", "Sorting centre Halle", "Delayed"), *ON_TIME[3:])


@dataclass(frozen=True)
class Checkpoint:
    """One scan of a parcel."""

    state: str
    raw_code: str
    place: str
    words: str
    occurred_at: Instant


@dataclass(frozen=True)
class Parcel:
    """A parcel and its scans, oldest first."""

    parcel_id: str
    order_id: str
    carrier: str
    tracking_number: str
    late: bool
    checkpoints: tuple[Checkpoint, ...]

    @property
    def state(self) -> str:
        """The state it is in; "created" before the first scan."""
        return self.checkpoints[-1].state if self.checkpoints else "created"

    @property
    def reached(self) -> frozenset[str]:
        """The states it has been in."""
        return frozenset(checkpoint.state for checkpoint in self.checkpoints)

    @property
    def words(self) -> str:
        """Its state in words."""
        return self.checkpoints[-1].words if self.checkpoints else "Being packed"

    @property
    def delivered(self) -> bool:
        """Whether it has arrived."""
        return self.state == "delivered"


def book(connection: sqlite3.Connection, order_id: str, *, step_seconds: float, now: Instant) -> None:
    """Take an order's parcel on; it is packed after the first step's time."""
    parcel_id = f"P-{order_id}"
    number = int.from_bytes(sha256(parcel_id.encode()).digest()[:6], "big")
    late = number % _LATE_ONE_IN == 0
    connection.execute(
        "INSERT INTO parcel VALUES (?, ?, ?, ?, 0, ?, ?)",
        (parcel_id, order_id, NAME, f"SL{number % 10**10:010d}", late, _next_at(now, late, step_seconds)),
    )


def move_due(connection: sqlite3.Connection, *, now: Instant, step_seconds: float) -> int:
    """Move every parcel whose time has come by one step, and return how many moved."""
    rows = connection.execute("SELECT parcel_id FROM parcel WHERE next_at <= ?", (now,)).fetchall()
    return sum(move_on(connection, row["parcel_id"], now=now, step_seconds=step_seconds) for row in rows)


def move_on(connection: sqlite3.Connection, parcel_id: str, *, now: Instant, step_seconds: float) -> bool:
    """Move a parcel by one step and report it; return whether there was a step left."""
    row = connection.execute("SELECT * FROM parcel WHERE parcel_id = ?", (parcel_id,)).fetchone()
    steps = LATE if row["late"] else ON_TIME
    at = row["step"]
    if at >= len(steps):
        return False
    last = at + 1 == len(steps)
    connection.execute(
        "UPDATE parcel SET step = ?, next_at = ? WHERE parcel_id = ?",
        (at + 1, None if last else _next_at(now, bool(row["late"]), step_seconds), parcel_id),
    )
    connection.execute(
        "INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?)",
        (parcel_id, at, steps[at].state, steps[at].raw_code, steps[at].place, now),
    )
    if at == 0:
        _report_parcel(connection, row, now)
    _report_checkpoint(connection, parcel_id, steps[at], now)
    return True


def parcels_of(connection: sqlite3.Connection, order_id: str) -> list[Parcel]:
    """Return the parcels of an order with their scans."""
    rows = connection.execute("SELECT * FROM parcel WHERE order_id = ? ORDER BY parcel_id", (order_id,)).fetchall()
    return [_parcel(connection, row) for row in rows]


def on_its_way(connection: sqlite3.Connection, *, user_id: str | None, order_ids: Sequence[str]) -> Parcel | None:
    """Return the newest parcel that is not delivered, of an account or of these orders."""
    marks = ",".join("?" * len(order_ids))
    row = connection.execute(
        "SELECT parcel.* FROM parcel JOIN customer_order USING (order_id) WHERE next_at IS NOT NULL "
        f"AND (user_id = ? OR order_id IN ({marks})) ORDER BY number DESC LIMIT 1",
        (user_id, *order_ids),
    ).fetchone()
    return _parcel(connection, row) if row else None


def _parcel(connection: sqlite3.Connection, row: sqlite3.Row) -> Parcel:
    words = {step.state: step.words for step in LATE}
    scans = connection.execute("SELECT * FROM checkpoint WHERE parcel_id = ? ORDER BY step", (row["parcel_id"],))
    return Parcel(
        parcel_id=row["parcel_id"],
        order_id=row["order_id"],
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        late=bool(row["late"]),
        checkpoints=tuple(
            Checkpoint(scan["state"], scan["raw_code"], scan["place"], words[scan["state"]], scan["occurred_at"])
            for scan in scans
        ),
    )


def _next_at(now: Instant, late: bool, step_seconds: float) -> Instant:
    return now + round(step_seconds * 1000) * (_LATE_FACTOR if late else 1)


def _report_parcel(connection: sqlite3.Connection, row: sqlite3.Row, now: Instant) -> None:
    body = {name: row[name] for name in ("parcel_id", "order_id", "carrier", "tracking_number")}
    outbox.write(
        connection,
        topic="parcel.created",
        delivery_id=f"parcel.created/{row['parcel_id']}",
        body=body | {"occurred_at": iso(now)},
        now=now,
    )


def _report_checkpoint(connection: sqlite3.Connection, parcel_id: str, step: Step, now: Instant) -> None:
    outbox.write(
        connection,
        topic="parcel.checkpoint",
        delivery_id=f"parcel.checkpoint/{parcel_id}/{step.state}",
        body={
            "parcel_id": parcel_id,
            "status": step.state,
            "raw_code": step.raw_code,
            "occurred_at": iso(now),
            "place": step.place,
        },
        now=now,
    )
