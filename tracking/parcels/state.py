"""A parcel while a batch is folded, and what its documents say."""

from dataclasses import dataclass, field

from core import clock, ids
from core.clock import Instant
from core.log import Event
from tracking.parcels import vocabulary
from tracking.parcels.errors import UnreadableParcel
from tracking.parcels.folding import Folded, Scan, fold
from tracking.parcels.schemas import CheckpointDocument, ParcelDocument

LONGEST_ID = 200
CLOSED = frozenset({"delivered", "returning", "returned", "lost_or_cancelled"})

_UNTOUCHED = Folded()


@dataclass(slots=True, kw_only=True)
class ParcelState:
    """A parcel with the set of its scans; `told` is the state the last fact told."""

    parcel_id: str
    is_known: bool = False
    order_id: str = ""
    person_id: int = 0
    carrier: str | None = None
    tracking_number: str | None = None
    told: str = "created"
    promised_at: Instant | None = None
    created_at: Instant = 0
    position: int = 0
    scans: set[Scan] = field(default_factory=set)
    folded: Folded = _UNTOUCHED

    def take(self, scan: Scan) -> bool:
        """Add a scan to the set; whether it is new."""
        if scan in self.scans:
            return False
        self.scans.add(scan)
        self.folded = fold(self.scans)
        return True

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way to the buyer."""
        return self.is_known and self.folded.state not in CLOSED


@dataclass(frozen=True, slots=True)
class Told:
    """A checkpoint as a document tells it."""

    parcel_id: str
    scan: Scan
    reason: str | None
    event: Event

    @property
    def content(self) -> bytes:
        """The scan's identity: what makes a repetition one."""
        return ids.key(self.scan.at, self.scan.status, self.scan.raw_code, self.scan.place)


def read_parcel(event: Event) -> ParcelDocument:
    """The parcel a document tells; raises UnreadableParcel or UnreadableBody."""
    document = event.read(ParcelDocument)
    for value in (document.parcel_id, document.order_id):
        _check(value, document.parcel_id)
    return document


def read_checkpoint(event: Event) -> Told:
    """The scan a document tells; raises UnreadableParcel or UnreadableBody."""
    document = event.read(CheckpointDocument)
    _check(document.parcel_id, document.parcel_id)
    try:
        at = clock.parse(document.occurred_at)
    except clock.UnreadableTime as error:
        raise UnreadableParcel(document.parcel_id, str(error)) from error
    meaning = vocabulary.read(document.status, document.raw_code)
    scan = Scan.of(
        at=at,
        state=meaning.state,
        status=_text(document.status, 80),
        raw_code=_text(document.raw_code, 80),
        place=_text(document.place, 200),
        mark=meaning.mark,
    )
    return Told(document.parcel_id, scan, meaning.reason, event)


def _check(value: str, parcel_id: str) -> None:
    if not value or len(value) > LONGEST_ID or "\x00" in value:
        raise UnreadableParcel(parcel_id, f"an id is empty or longer than {LONGEST_ID} characters")


def _text(value: str | None, longest: int) -> str:
    return (value or "").replace("\x00", "").strip()[:longest]
