"""A made-up subject with a field of every kind, a text set, and two levels of child sets, in SQL and as Python rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, Double, MetaData, String, Table, insert, select

from core.conditions import (
    ChildSet,
    Field,
    Kind,
    Members,
    Moment,
    Money,
    Node,
    Parameter,
    Registry,
    certain_until,
    fold,
    predicate,
)

Row = Mapping[str, Any]

metadata = MetaData()
thing = Table(
    "condition_thing",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("name", String),
    Column("size", BigInteger),
    Column("score", Double),
    Column("price_minor", BigInteger),
    Column("price_currency", String),
    Column("seen_at", BigInteger),
    Column("active", Boolean),
)
tag = Table("condition_tag", metadata, Column("thing_id", BigInteger), Column("tag", String))
visit = Table(
    "condition_visit",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("thing_id", BigInteger),
    Column("at", BigInteger),
    Column("place", String),
    Column("paid_minor", BigInteger),
    Column("paid_currency", String),
)
line = Table(
    "condition_line", metadata, Column("visit_id", BigInteger), Column("sku", String), Column("quantity", BigInteger)
)

LINES = ChildSet(
    name="lines",
    label="lines",
    source=line,
    link=line.c.visit_id == visit.c.id,
    registry=Registry.of(
        "line",
        [
            Field(name="sku", kind=Kind.TEXT, label="article", column=line.c.sku),
            Field(name="quantity", kind=Kind.NUMBER, label="quantity", column=line.c.quantity, unit="pieces"),
        ],
    ),
)
VISITS = ChildSet(
    name="visits",
    label="visits",
    source=visit,
    link=visit.c.thing_id == thing.c.id,
    at=visit.c.at,
    read_at=lambda row: row.get("at"),
    registry=Registry.of(
        "visit",
        [
            Field(name="place", kind=Kind.TEXT, label="place", column=visit.c.place),
            Field(name="at", kind=Kind.INSTANT, label="time", column=visit.c.at),
            Field(
                name="paid",
                kind=Kind.MONEY,
                label="amount paid",
                column=visit.c.paid_minor,
                currency_column=visit.c.paid_currency,
            ),
        ],
        [LINES],
    ),
)
REGISTRY = Registry.of(
    "thing",
    [
        Field(name="name", kind=Kind.TEXT, label="name", column=thing.c.name),
        Field(name="size", kind=Kind.NUMBER, label="size", column=thing.c.size, unit="cm"),
        Field(name="score", kind=Kind.NUMBER, label="score", column=thing.c.score),
        Field(
            name="price",
            kind=Kind.MONEY,
            label="price",
            column=thing.c.price_minor,
            currency_column=thing.c.price_currency,
        ),
        Field(name="seen_at", kind=Kind.INSTANT, label="last seen", column=thing.c.seen_at),
        Field(name="active", kind=Kind.BOOLEAN, label="active", column=thing.c.active),
        Field(
            name="tags",
            kind=Kind.TEXT_SET,
            label="tags",
            column=tag.c.tag,
            members=Members(source=tag, link=tag.c.thing_id == thing.c.id),
        ),
    ],
    [VISITS],
    [
        Parameter("dear", Kind.MONEY, "what four in five things cost less than"),
        Parameter("large", Kind.NUMBER, "the usual size"),
    ],
)


def store(connection: Connection, rows: Sequence[Row]) -> None:
    """Write Python rows into the tables, texts casefolded, as an owner of such fields does."""
    for table in (line, visit, tag, thing):
        connection.execute(table.delete())
    _insert(connection, thing, [_thing(at, row) for at, row in enumerate(rows)])
    _insert(
        connection,
        tag,
        [{"thing_id": at, "tag": fold(member)} for at, row in enumerate(rows) for member in row.get("tags") or ()],
    )
    visits = [(at, child) for at, row in enumerate(rows) for child in row.get("visits") or ()]
    _insert(connection, visit, [_visit(number, at, child) for number, (at, child) in enumerate(visits)])
    lines = [(number, each) for number, (_, child) in enumerate(visits) for each in child.get("lines") or ()]
    _insert(
        connection,
        line,
        [
            {"visit_id": number, "sku": _fold(each.get("sku")), "quantity": each.get("quantity")}
            for number, each in lines
        ],
    )


def selected(connection: Connection, condition: Node, moment: Moment) -> list[int]:
    """Which rows SQL selects."""
    statement = select(thing.c.id).where(predicate(condition, REGISTRY, moment)).order_by(thing.c.id)
    return list(connection.execute(statement).scalars())


def certain(connection: Connection, condition: Node, moment: Moment) -> list[int]:
    """Until when SQL says that each row's truth is certain."""
    statement = select(certain_until(condition, REGISTRY, moment)).select_from(thing).order_by(thing.c.id)
    return list(connection.execute(statement).scalars())


def _insert(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    if rows := list(rows):
        connection.execute(insert(table), rows)


def _thing(at: int, row: Row) -> dict[str, Any]:
    return {
        "id": at,
        "name": _fold(row.get("name")),
        "size": row.get("size"),
        "score": row.get("score"),
        **_money("price", row.get("price")),
        "seen_at": row.get("seen_at"),
        "active": row.get("active"),
    }


def _visit(number: int, owner: int, row: Row) -> dict[str, Any]:
    return {
        "id": number,
        "thing_id": owner,
        "at": row.get("at"),
        "place": _fold(row.get("place")),
        **_money("paid", row.get("paid")),
    }


def _money(name: str, amount: Money | None) -> dict[str, Any]:
    minor, currency = (None, None) if amount is None else (amount.minor, amount.currency)
    return {f"{name}_minor": minor, f"{name}_currency": currency}


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)
