"""One person's timeline, put together from every part that knows something of them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from markupsafe import Markup

from console import links
from console.explaining import movement_why
from console.frame import PageContext
from console.language import gettext as _
from console.language import ngettext
from console.parts import Entry, Leaf, Tone, Why
from core.clock import Instant
from core.db import Session
from crm.messaging import service as messaging
from loyalty.ledger import service as ledger
from loyalty.ledger.schemas import Movement
from personalization.segments import service as segments
from tracking.orders import service as orders
from tracking.parcels import service as parcels
from tracking.parcels.schemas import STATES
from tracking.people import schemas
from tracking.people import service as people

KINDS = ("visits", "orders", "parcels", "points", "mail", "segments")
MOST = 100  # moments of one kind that are read for a page
_VISITS = 40  # a visit is folded from many events
_TONES: dict[str, Tone] = {"orders": "accent", "points": "points"}
_ICON_TONES: dict[str, Tone] = {"truck": "good", "check": "good", "warn": "warn"}
_Source = Callable[[Instant | None, int], list["Line"]]


@dataclass(frozen=True)
class Line:
    """One moment with its place in the order of the log and the kind its chip filters by."""

    entry: Entry
    kind: str
    position: int


@dataclass(frozen=True)
class Part:
    """What stands of one kind before an instant; `is_all` is false where older ones were not read."""

    lines: Sequence[Line]
    is_all: bool


@dataclass(frozen=True)
class Timeline:
    """One page, newest first. `before` asks for the page after it; None at the end."""

    entries: Sequence[Entry]
    before: Instant | None


@dataclass(frozen=True)
class Reader:
    """Reads the moments of one person, under every id they ever had."""

    session: Session
    page: PageContext
    person_id: int
    person_ids: Sequence[int]

    def part(self, kind: str, before: Instant | None) -> Part:
        """The newest moments of one kind before an instant."""
        most = _VISITS if kind == "visits" else MOST
        lines = self._sources()[kind](before, most)
        return Part([line for line in lines if before is None or line.entry.at < before], len(lines) < most)

    def _sources(self) -> dict[str, _Source]:
        session, store_id, ids = self.session, self.page.store.store_id, self.person_ids

        def moments(found: Sequence[schemas.Moment]) -> list[Line]:
            return [_line(self.page, moment) for moment in found]

        def points(before: Instant | None, limit: int) -> list[Line]:
            found = ledger.movements(session, store_id, person_ids=ids, before=before, limit=limit)
            return [_movement(self.page, movement) for movement in found]

        return {
            "visits": lambda before, limit: moments(people.timeline(session, store_id, self.person_id, before, limit)),
            "orders": lambda before, limit: moments(orders.timeline(session, store_id, ids, before, limit)),
            "parcels": lambda before, limit: moments(parcels.timeline(session, store_id, ids, before, limit)),
            "points": points,
            "mail": lambda before, limit: moments(messaging.timeline(session, store_id, ids, before, limit)),
            "segments": lambda before, limit: moments(segments.timeline(session, store_id, ids, before, limit)),
        }


def merge(parts: Sequence[Part], limit: int) -> Timeline:
    """The newest `limit` moments of all parts; those of the last instant stay on one page."""
    lines = sorted((line for part in parts for line in part.lines), key=_place, reverse=True)
    # A part that was cut off knows nothing below its oldest moment, so no page may go below it.
    known_to = max((part.lines[-1].entry.at for part in parts if part.lines and not part.is_all), default=0)
    shown = [line for at, line in enumerate(lines) if at < limit or line.entry.at == lines[limit - 1].entry.at]
    certain = [line for line in shown if line.entry.at >= known_to] or shown
    is_end = len(certain) == len(lines) and all(part.is_all for part in parts)
    entries = [_numbered(line.entry, number) for number, line in enumerate(certain)]
    return Timeline(entries, None if is_end or not certain else certain[-1].entry.at)


def _place(line: Line) -> tuple[Instant, int]:
    return line.entry.at, line.position


def _numbered(entry: Entry, number: int) -> Entry:
    """A popover needs an id of its own on the page."""
    return replace(entry, why=replace(entry.why, id=f"why-{number}")) if entry.why else entry


def _line(page: PageContext, moment: schemas.Moment) -> Line:
    entry = Entry(
        at=moment.at,
        icon=moment.icon,
        sentence=_linked(page, moment),
        detail=_detail(moment),
        amount=moment.amount.replace("-", "−"),
        tone=_TONES.get(moment.kind) or (_ICON_TONES.get(moment.icon, "") if moment.kind == "parcels" else ""),
        why=_why(moment.why) if moment.why else None,
    )
    return Line(entry, moment.kind, moment.position)


def _movement(page: PageContext, movement: Movement) -> Line:
    number = page.format.number(abs(movement.points))
    text = {
        "award": ngettext("Earned %(n)s point", "Earned %(n)s points", abs(movement.points)),
        "take back": ngettext("%(n)s point taken back", "%(n)s points taken back", abs(movement.points)),
        "expiry": ngettext("%(n)s point ran out", "%(n)s points ran out", abs(movement.points)),
    }.get(movement.kind, ngettext("%(n)s point changed by hand", "%(n)s points changed by hand", abs(movement.points)))
    sentence = text % {"n": number}
    entry = Entry(
        at=movement.effective_at,
        icon="coin",
        sentence=sentence,
        detail=_order_link(page, movement.order_id) if movement.order_id else "",
        amount=page.format.signed(movement.points),
        tone="points",
        amount_tone="points",
        why=movement_why(page, movement),
    )
    return Line(entry, "points", movement.cause or 0)


def _detail(moment: schemas.Moment) -> str:
    """The detail; of a scan without the carrier's word where it only repeats our own for the state."""
    parts = moment.detail.split(", ")
    return ", ".join(part for part in parts if part not in STATES) if moment.kind == "parcels" else moment.detail


def _order_link(page: PageContext, order_id: str) -> Markup:
    return Markup('{} <a href="{}">{}</a>').format(_("for order"), links.to_order(page, order_id), order_id)


def _linked(page: PageContext, moment: schemas.Moment) -> str:
    """The sentence with a link on the part of it that names where the link leads."""
    if not moment.link:
        return moment.text
    named = _named_part(moment)
    before, _mark, after = moment.text.partition(named)
    url = page.root + moment.link.removeprefix("/console")
    return Markup('{}<a href="{}">{}</a>{}').format(before, url, named, after)


def _named_part(moment: schemas.Moment) -> str:
    """The words of a sentence that name its record: an order's number, a mail's title, a segment, else the first word."""
    record = unquote(moment.link.rsplit("/", 1)[1])
    title = re.search("“(.+)”", moment.text)
    if record in moment.text:
        return record
    if moment.kind == "mail" and title:
        return title[1]
    words = moment.text.split(" ", 1)
    return words[-1] if moment.kind == "segments" else words[0]


def _why(why: schemas.Why) -> Why:
    leaves = tuple(Leaf(leaf.holds, leaf.text, leaf.seen, leaf.needed) for leaf in why.leaves)
    return Why(id="", sentence=why.sentence, leaves=leaves, source=why.footer)
