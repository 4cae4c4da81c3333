"""Writing people anew from what their identities say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from core.conditions import fold
from core.db import Session
from tracking.people import profile
from tracking.people.identifier import own_person
from tracking.people.mentions import Rank
from tracking.people.profile import Profile, Told
from tracking.people.repository import identity_rows, person_rows
from tracking.people.repository.identity_rows import Known


def refold(session: Session, store_id: int, people: Collection[int]) -> None:
    """Fold these people's identities, traits and times anew. One whose identities all moved away is gone."""
    if not people:
        return
    by_person: dict[int, list[Known]] = defaultdict(list)
    for known in identity_rows.identities_of(session, store_id, people):
        by_person[known.person_id].append(known)
    told = _told(session, store_id, by_person)
    seen = {of: known for of, known in by_person.items() if any(one.first_seen_at is not None for one in known)}
    profiles = {of: profile.folded(store_id, told[of]) for of in sorted(seen)}
    person_rows.replace_people(
        session, store_id, people, [_row(store_id, of, seen[of], profiles[of]) for of in profiles]
    )
    person_rows.replace_traits(session, store_id, people, list(_trait_rows(store_id, profiles)))


def _told(session: Session, store_id: int, by_person: dict[int, list[Known]]) -> dict[int, list[tuple[str, Told]]]:
    person_of = {own_person(one.identifier): of for of, known in by_person.items() for one in known}
    found: dict[int, list[tuple[str, Told]]] = defaultdict(list)
    for (of, name), one in person_rows.told(session, store_id, person_of).items():
        found[person_of[of]].append((name, one))
    meaning = person_of | {of: of for of in by_person}
    versions = person_rows.trait_versions(session, store_id, meaning)
    # What was set for the person's own id holds over what was set for an id merged into it; then the newest.
    for number, name, position, value in sorted(versions, key=lambda row: (row[0] == meaning[row[0]], row[2])):
        found[meaning[number]] = [pair for pair in found[meaning[number]] if pair[0] != name]
        found[meaning[number]].append((name, Told(Rank.OWNER, position, value)))
    return found


def _row(store_id: int, person_id: int, known: Sequence[Known], found: Profile) -> dict[str, Any]:
    user_id = next((one.identifier.value for one in known if one.identifier.kind == "user"), None)
    address = found.email or min(
        (one.identifier.value for one in known if one.identifier.kind == "email"), default=None
    )
    return {
        "store_id": store_id,
        "person_id": person_id,
        "known": any(one.identifier.kind != "anonymous" for one in known),
        "user_id": user_id,
        "email": address,
        "name": found.name,
        "country": found.country,
        "country_folded": found.country and fold(found.country),
        "city": found.city,
        "city_folded": found.city and fold(found.city),
        "searched": fold("\n".join(part for part in (found.name, address, user_id) if part)),
        "first_seen_at": min(one.first_seen_at for one in known if one.first_seen_at is not None),
        "last_seen_at": max(one.last_seen_at for one in known if one.last_seen_at is not None),
        "traits": found.traits,
    }


def _trait_rows(store_id: int, profiles: dict[int, Profile]) -> Iterable[dict[str, Any]]:
    for person_id, found in profiles.items():
        for name, value in found.traits.items():
            columns = profile.typed(name, value)
            if columns is not None:
                yield {"store_id": store_id, "person_id": person_id, **columns}
