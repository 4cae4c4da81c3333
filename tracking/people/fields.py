"""What conditions may ask about a person: SQL columns beside `PersonRow`, and the same values in a mapping."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from core.conditions import Field, Kind
from core.db import Session
from tracking.people import profile
from tracking.people.models import ConsentRow, IdentityRow, PersonRow, TraitRow
from tracking.people.schemas import Person

# The table that statements around these fields select from; its key is (store_id, person_id).
PERSON = PersonRow.__table__

_TRAIT = "trait."


def _marketing() -> ColumnElement[Any]:
    same = and_(ConsentRow.store_id == IdentityRow.store_id, ConsentRow.identity_id == IdentityRow.identity_id)
    return (
        select(ConsentRow.granted)
        .join(IdentityRow, same)
        .where(
            IdentityRow.store_id == PERSON.c.store_id,
            IdentityRow.person_id == PERSON.c.person_id,
            ConsentRow.purpose == "marketing",
        )
        .order_by(ConsentRow.at.desc(), ConsentRow.granted)
        .limit(1)
        .correlate(PERSON)
        .scalar_subquery()
    )


FIELDS: tuple[Field, ...] = (
    Field(name="person.country", kind=Kind.TEXT, label="country", column=PERSON.c.country_folded),
    Field(name="person.city", kind=Kind.TEXT, label="city", column=PERSON.c.city_folded),
    Field(name="person.known", kind=Kind.BOOLEAN, label="known by name", column=PERSON.c.known),
    Field(name="person.known_since", kind=Kind.INSTANT, label="first seen", column=PERSON.c.first_seen_at),
    Field(name="person.last_seen", kind=Kind.INSTANT, label="last seen", column=PERSON.c.last_seen_at),
    Field(name="person.has_email", kind=Kind.BOOLEAN, label="has an e-mail", column=PERSON.c.email.is_not(None)),
    Field(name="person.marketing", kind=Kind.BOOLEAN, label="agreed to marketing", column=_marketing()),
)


def trait_fields(kinds: Mapping[str, Kind]) -> tuple[Field, ...]:
    """A field `trait.<name>` for each trait of the given kind: text, number or boolean."""
    return tuple(
        Field(
            name=f"{_TRAIT}{name}",
            kind=kind,
            label=f"trait “{name}”",
            column=_trait(name, kind),
            getter=_reader(f"{_TRAIT}{name}", kind),
        )
        for name, kind in kinds.items()
    )


def trait_kinds(session: Session, store_id: int) -> dict[str, Kind]:
    """The traits that people of this store have, each with the kind most of its values are of."""
    statement = (
        select(TraitRow.name, func.count(TraitRow.text), func.count(TraitRow.number), func.count(TraitRow.flag))
        .where(TraitRow.store_id == store_id)
        .group_by(TraitRow.name)
        .order_by(TraitRow.name)
    )
    kinds = (Kind.TEXT, Kind.NUMBER, Kind.BOOLEAN)
    return {name: kinds[counts.index(max(counts))] for name, *counts in session.execute(statement)}


def values(person: Person) -> dict[str, Any]:
    """What the fields read of a person in process."""
    return {
        "person.country": person.country,
        "person.city": person.city,
        "person.known": person.user_id is not None or person.email is not None,
        "person.known_since": person.first_seen_at,
        "person.last_seen": person.last_seen_at,
        "person.has_email": person.email is not None,
        "person.marketing": person.marketing,
        **{f"{_TRAIT}{name}": value for name, value in person.traits.items()},
    }


_COLUMNS: Mapping[Kind, str] = {Kind.TEXT: "text", Kind.NUMBER: "number", Kind.BOOLEAN: "flag"}


def _reader(key: str, kind: Kind) -> Callable[[Any], Any]:
    """A value of another kind than its field's is unknown, as it is in the column."""

    def read(row: Mapping[str, Any]) -> Any:
        columns = profile.typed(key, row.get(key))
        return None if columns is None else columns[_COLUMNS[kind]]

    return read


def _trait(name: str, kind: Kind) -> ColumnElement[Any]:
    return (
        select(TraitRow.__table__.c[_COLUMNS[kind]])
        .where(TraitRow.store_id == PERSON.c.store_id, TraitRow.person_id == PERSON.c.person_id, TraitRow.name == name)
        .correlate(PERSON)
        .scalar_subquery()
    )
