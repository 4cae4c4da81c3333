"""Who somebody is: from what an event or an order says to the person, and from the person to what they did."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select, tuple_

from core import clock, ids, log
from core.clock import Instant
from core.conditions import fold
from core.db import Session
from tracking.collect import consent as stamps
from tracking.people import identifier
from tracking.people.identifier import Identifier, own_person
from tracking.people.reactions import REACTIONS
from tracking.people.repository import consent_rows, identity_rows, person_rows
from tracking.people.repository.person_rows import PERSON
from tracking.people.schemas import Consent, Identity, KnownIdentity, Moment, PeoplePage, Person
from tracking.people.timeline import moments
from tracking.stores.schemas import Store

__all__ = [
    "REACTIONS",
    "UnknownCursor",
    "consent_of",
    "count",
    "current",
    "identities",
    "is_proved",
    "marketing",
    "may_use",
    "merged",
    "owned_anonymous_ids",
    "people",
    "person",
    "positions",
    "record_consent",
    "resolve",
    "timeline",
    "traits_as_of",
]


_EVENTS_PER_LINE = 20
_MOST_EVENTS = 10_000
_LONGEST_VISIT = 6 * clock.HOUR


class UnknownCursor(ValueError):
    """A page was asked for after something that no page has ended with."""

    def __init__(self, text: str) -> None:
        super().__init__(f"“{text[:40]}” is not a cursor that a page of people has given.")


def resolve(session: Session, store_id: int, identities: Sequence[Identity]) -> list[int | None]:
    """The current person of each; None for one that names nobody.

    A user id decides, then the e-mail, then the anonymous id. Give an e-mail only where a trusted source brought it. An identity
    nobody has mentioned yet is its own person, whose id is derived from it.
    """
    chosen = [_chosen(store_id, identity) for identity in identities]
    asked = {one for one in chosen if one is not None and one.kind != "user"}
    known = identity_rows.identities(session, store_id, asked) if asked else {}
    return [None if one is None else known[one].person_id if one in known else own_person(one) for one in chosen]


def person(session: Session, store_id: int, person_id: int) -> Person | None:
    """The person that this id means now, merges followed; None when nobody was ever seen under it."""
    row = person_rows.person(session, store_id, person_id)
    if row is None:
        now = identity_rows.merge_of(session, store_id, person_id)
        row = None if now is None else person_rows.person(session, store_id, now)
    return None if row is None else _person(row, marketing(session, store_id, row.person_id))


def current(session: Session, store_id: int, person_ids: Sequence[int]) -> list[int]:
    """The ids that these mean now, one for one."""
    moved = identity_rows.merges(session, store_id, person_ids)
    return [moved.get(person_id, person_id) for person_id in person_ids]


def people(
    session: Session,
    store_id: int,
    *,
    search: str = "",
    cursor: str | None = None,
    limit: int = 50,
    person_ids: Sequence[int] | Select[int] | None = None,
    known_only: bool = False,
    anonymous_only: bool = False,
) -> PeoplePage:
    """One page of people, last seen first; `person_ids` (numbers, or a SELECT of them) narrows it. Raises UnknownCursor."""
    statement = select(person_rows.PERSON_ROW).where(PERSON.store_id == store_id)
    if known_only:
        statement = statement.where(PERSON.known.is_(True))
    if anonymous_only:
        statement = statement.where(PERSON.known.is_(False))
    if search.strip():
        statement = statement.where(PERSON.searched.contains(fold(search.strip()), autoescape=True))
    if person_ids is not None:
        statement = statement.where(PERSON.person_id.in_(person_ids))
    if cursor is not None:
        statement = statement.where(tuple_(PERSON.last_seen_at, PERSON.person_id) < tuple_(*_read_cursor(cursor)))
    # Named people are few and sorted; the sum keeps SQLite from looking for them along the index of everybody.
    last_seen = PERSON.last_seen_at if person_ids is None or isinstance(person_ids, Select) else PERSON.last_seen_at + 0
    statement = statement.order_by(last_seen.desc(), PERSON.person_id.desc()).limit(limit + 1)
    rows = person_rows.rows(session, statement)
    agreed = _marketing_of(session, store_id, [row.person_id for row in rows[:limit]])
    items = tuple(_person(row, agreed.get(row.person_id)) for row in rows[:limit])
    last = items[-1] if len(rows) > limit else None
    return PeoplePage(items=items, next=f"{last.last_seen_at}-{last.person_id}" if last else None)


def count(session: Session, store_id: int, *, known_only: bool = False) -> int:
    """How many people were seen."""
    return person_rows.count(session, store_id, known_only=known_only)


def identities(session: Session, store_id: int, person_id: int) -> list[KnownIdentity]:
    """Every identity of the person: user id, addresses, then browsers, the last seen first."""
    known = identity_rows.identities_of(session, store_id, [person_id])
    found = [
        KnownIdentity(
            kind=one.identifier.kind,
            value=one.identifier.value,
            proved=one.proved,
            shared=one.shared,
            first_seen_at=one.first_seen_at,
            last_seen_at=one.last_seen_at,
        )
        for one in known
    ]
    order = {"user": 0, "email": 1, "anonymous": 2}
    return sorted(found, key=lambda one: (order[one.kind], -(one.last_seen_at or 0), one.value))


def merged(session: Session, store_id: int, person_id: int) -> list[int]:
    """Every id that means this person now, the person's own first: what a domain that has not rekeyed looks under."""
    known = identity_rows.identities_of(session, store_id, [person_id])
    return [person_id, *sorted({own_person(one.identifier) for one in known} - {person_id})]


def owned_anonymous_ids(session: Session, store_id: int, person_id: int, *, proved_only: bool) -> list[str]:
    """The browsers that belong to this person; with `proved_only` those a token or the shop's server has proved."""
    known = identity_rows.identities_of(session, store_id, [person_id])
    return sorted(
        one.identifier.value for one in known if one.identifier.kind == "anonymous" and (one.proved or not proved_only)
    )


def is_proved(session: Session, store_id: int, anonymous_id: str) -> int | None:
    """The person a browser was proved to belong to, or None: then it is shown nothing but its own events."""
    one = identifier.anonymous(store_id, anonymous_id)
    known = identity_rows.identities(session, store_id, [one]).get(one) if one else None
    return known.person_id if known is not None and known.proved else None


def positions(
    session: Session, store_id: int, person_id: int, before: int | None = None, limit: int = 200
) -> list[int]:
    """The newest positions of the log that are about this person, those of merged identities included."""
    return identity_rows.positions(session, store_id, person_id, before, limit)


def timeline(
    session: Session, store_id: int, person_id: int, before: Instant | None = None, limit: int = 50
) -> list[Moment]:
    """A person's visits and how they were recognised, newest first, all of them before an instant.

    A visit is folded to one line at its beginning. Lines of one instant come together, so a page may be a little longer than
    `limit`.
    """
    until, wanted = None if before is None else before + _LONGEST_VISIT, limit * _EVENTS_PER_LINE
    while True:
        positions = identity_rows.latest(session, store_id, person_id, until, wanted)
        events = (
            log.read(session, log.Filter(store_id=store_id, positions=positions, limit=wanted)) if positions else []
        )
        lines = [line for line in moments(events) if before is None or line.at < before]
        is_all = len(positions) < wanted
        # Older events, not read, may belong to the oldest line.
        lines = lines if is_all else lines[:-1]
        if lines or is_all or wanted >= _MOST_EVENTS:
            return [line for at, line in enumerate(lines) if at < limit or line.at == lines[limit - 1].at]
        wanted *= 4


def traits_as_of(
    session: Session, store_id: int, person_ids: Sequence[int], position: int
) -> dict[int, dict[str, Any]]:
    """What `trait set` facts had said about each person up to a position (that row included)."""
    return person_rows.traits_as_of(session, store_id, person_ids, position)


def consent_of(session: Session, store: Store, person_id: int) -> Consent:
    """What this person's events may be used for now; a withdrawal holds for earlier events too."""
    said = _decided(consent_rows.consent(session, store.store_id, person_id))
    allowed = not store.asks_consent_first
    return Consent(
        analytics=said.get("analytics", allowed),
        personalization=said.get("personalization", allowed),
        marketing=said.get("marketing", False),
        stamps=said,
    )


def refusing(session: Session, store_id: int, purpose: stamps.Purpose) -> set[int]:
    """The people whose last word on a purpose is no; it holds for all their earlier events, too."""
    said = consent_rows.consent_for(session, store_id, purpose)
    return {person for person, words in said.items() if not _decided(words).get(purpose, True)}


def may_use(consent: Consent, stamp: str, purpose: stamps.Purpose, *, asks_first: bool) -> bool:
    """Whether an event with this stamp may be used for the purpose: the stamp and the current consent must both allow it."""
    now = {"analytics": consent.analytics, "personalization": consent.personalization, "marketing": consent.marketing}
    return now.get(purpose, False) and stamps.allows(stamp, purpose, asks_first)


def record_consent(
    session: Session,
    store_id: int,
    identity: Identity,
    *,
    purpose: stamps.Purpose,
    granted: bool,
    at: Instant,
    said_by: str,
) -> None:
    """Write down a yes or no that came by another way than an event: an unsubscribe link, a call, the console."""
    one = _chosen(store_id, identity)
    if one is None:
        return
    row = {
        "store_id": store_id,
        "identity_id": own_person(one),
        "purpose": purpose,
        "granted": granted,
        "at": at,
        "said_by": said_by,
    }
    consent_rows.write_consent(session, [row])


def marketing(session: Session, store_id: int, person_id: int) -> bool | None:
    """The person's word about marketing mail; None when they never said."""
    return _decided(consent_rows.consent(session, store_id, person_id)).get("marketing")


def _chosen(store_id: int, identity: Identity) -> Identifier | None:
    return (
        identifier.user(store_id, identity.user_id)
        or identifier.email(store_id, identity.email)
        or identifier.anonymous(store_id, identity.anonymous_id)
    )


def _marketing_of(session: Session, store_id: int, person_ids: Sequence[int]) -> dict[int, bool]:
    said = consent_rows.consent_of_people(session, store_id, person_ids, "marketing")
    return {of: _decided(rows)["marketing"] for of, rows in said.items()}


def _decided(said: Sequence[tuple[str, bool, Instant]]) -> dict[str, bool]:
    """The later word for each purpose; a no at a tie."""
    decided: dict[str, bool] = {}
    for purpose, granted, _ in sorted(said, key=lambda row: (row[2], not row[1])):
        decided[purpose] = granted
    return decided


def _read_cursor(text: str) -> tuple[int, int]:
    seen, _, number = text.partition("-")
    last_seen_at, person_id = ids.whole(seen), ids.whole(number)
    if last_seen_at is None or person_id is None:
        raise UnknownCursor(text)
    return last_seen_at, person_id


def _person(row: Row[Any], agreed: bool | None) -> Person:
    return Person(
        person_id=row.person_id,
        user_id=row.user_id,
        email=row.email,
        name=row.name,
        country=row.country,
        city=row.city,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        traits=row.traits,
        marketing=agreed,
    )
