"""Queries over products and their versions; each is scoped by store."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, BindParameter, ColumnElement, Row, Select, and_, bindparam, delete, func, or_, select

from core.conditions import fold
from core.db import Session, upsert
from tracking.catalog.describing import Version
from tracking.catalog.models import ProductCategoryRow, ProductRow, ProductVersionRow
from tracking.catalog.schemas import Variant

_CHUNK = 10_000  # SQLite takes 32,766 parameters in a statement
_SHARED = (
    "product_id",
    "described",
    "name",
    "url",
    "image_url",
    "price",
    "currency",
    "stock",
    "categories",
    "attributes",
    "variants",
    "deleted",
    "updated_at",
    "position",
)
_NOW = tuple(ProductRow.__table__.c[name] for name in _SHARED)
_THEN = tuple(ProductVersionRow.__table__.c[name] for name in _SHARED)


def _as_of(*columns: ColumnElement[Any]) -> Select[Any]:
    """The newest version of each product up to a position."""
    row = ProductVersionRow
    newest = (
        select(row.product_id, func.max(row.position).label("position"))
        .where(
            row.store_id == _STORE, row.product_id.in_(_PRODUCTS), row.position <= bindparam("upto", type_=BigInteger)
        )
        .group_by(row.product_id)
        .subquery()
    )
    same = and_(row.product_id == newest.c.product_id, row.position == newest.c.position)
    return select(*columns).join(newest, same).where(row.store_id == _STORE)


# What every batch asks is built once: building a statement costs more than running it.
_STORE: BindParameter[int] = bindparam("store")
_PRODUCTS: BindParameter[Any] = bindparam("products", expanding=True)
_THESE = select(*_NOW).where(ProductRow.store_id == _STORE, ProductRow.product_id.in_(_PRODUCTS))
_DESCRIBED = select(ProductRow.product_id).where(
    ProductRow.store_id == _STORE, ProductRow.product_id.in_(_PRODUCTS), ProductRow.described
)
_AS_OF = _as_of(*_THEN)
_CATEGORIES_AS_OF = _as_of(*(ProductVersionRow.__table__.c[name] for name in ("product_id", "position", "categories")))


def now(session: Session, store_id: int, product_ids: Collection[str]) -> dict[str, Version]:
    """These products as they are now."""
    found: dict[str, Version] = {}
    for chunk in _chunks(list(product_ids)):
        rows = session.execute(_THESE, {"store": store_id, "products": chunk})
        found |= {row.product_id: _version(row) for row in rows}
    return found


def described(session: Session, store_id: int, product_ids: Collection[str]) -> set[str]:
    """Those of these products that the shop has described."""
    found: set[str] = set()
    for chunk in _chunks(list(product_ids)):
        found.update(session.execute(_DESCRIBED, {"store": store_id, "products": chunk}).scalars())
    return found


def as_of(session: Session, store_id: int, product_ids: Collection[str], position: int) -> dict[str, Version]:
    """These products as they were when the log ended at a position."""
    found: dict[str, Version] = {}
    for chunk in _chunks(list(product_ids)):
        rows = session.execute(_AS_OF, {"store": store_id, "products": chunk, "upto": position})
        found |= {row.product_id: _version(row) for row in rows}
    return found


def categories_as_of(
    session: Session, store_id: int, product_ids: Collection[str], position: int
) -> dict[str, tuple[int, tuple[str, ...]]]:
    """The categories these products had when the log ended at a position, each with the position since when."""
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    for chunk in _chunks(list(product_ids)):
        rows = session.execute(_CATEGORIES_AS_OF, {"store": store_id, "products": chunk, "upto": position})
        found |= {product_id: (since, tuple(categories)) for product_id, since, categories in rows}
    return found


def every(session: Session, store_id: int, after: int) -> list[Version]:
    """Every product that changed after a position, by id."""
    statement = select(*_NOW).where(ProductRow.store_id == store_id, ProductRow.position > after)
    return [_version(row) for row in session.execute(statement.order_by(_binary(session, ProductRow.product_id)))]


def page(
    session: Session, store_id: int, *, search: str, category: str | None, after: Version | None, limit: int
) -> list[Version]:
    """Products that are not deleted, by name."""
    name, number = _binary(session, ProductRow.name_folded), _binary(session, ProductRow.product_id)
    statement = select(*_NOW).where(ProductRow.store_id == store_id, ProductRow.deleted.is_(False))
    if search:
        words = ProductRow.name_folded.contains(fold(search), autoescape=True)
        statement = statement.where(or_(words, ProductRow.product_id.contains(search, autoescape=True)))
    if category is not None:
        statement = statement.where(ProductRow.product_id.in_(_in_category(store_id, category)))
    if after is not None:
        folded = fold(after.name)
        statement = statement.where(or_(name > folded, and_(name == folded, number > after.product_id)))
    return [_version(row) for row in session.execute(statement.order_by(name, number).limit(limit))]


def categories(session: Session, store_id: int) -> list[tuple[str, int]]:
    """Every category with its number of products that are not deleted, largest first."""
    row = ProductCategoryRow
    same = and_(ProductRow.store_id == row.store_id, ProductRow.product_id == row.product_id)
    statement = (
        select(row.category, func.count())
        .join(ProductRow, same)
        .where(row.store_id == store_id, ProductRow.deleted.is_(False))
        .group_by(row.category)
        .order_by(func.count().desc(), _binary(session, row.category))
    )
    return [(category, int(count)) for category, count in session.execute(statement)]


def count(session: Session, store_id: int) -> int:
    """How many products are not deleted."""
    statement = select(func.count()).select_from(ProductRow)
    return int(
        session.execute(statement.where(ProductRow.store_id == store_id, ProductRow.deleted.is_(False))).scalar_one()
    )


def write(session: Session, store_id: int, versions: Sequence[Version]) -> None:
    """Keep every version, and the last one of each product as what is so now."""
    upsert(
        session,
        ProductVersionRow,
        [{"store_id": store_id, **_columns(version)} for version in versions],
        key=("store_id", "product_id", "position"),
    )
    current = {version.product_id: version for version in versions}
    rows = [
        {"store_id": store_id, "name_folded": fold(version.name), **_columns(version)} for version in current.values()
    ]
    update = (*(name for name in _SHARED if name != "product_id"), "name_folded")
    upsert(session, ProductRow, rows, key=("store_id", "product_id"), update=update)
    _write_categories(session, store_id, list(current.values()))


def _write_categories(session: Session, store_id: int, current: Sequence[Version]) -> None:
    row = ProductCategoryRow
    for chunk in _chunks([version.product_id for version in current]):
        session.execute(delete(row).where(row.store_id == store_id, row.product_id.in_(chunk)))
    rows = [
        {
            "store_id": store_id,
            "product_id": version.product_id,
            "category": category,
            "category_folded": fold(category),
        }
        for version in current
        for category in version.categories
    ]
    upsert(session, row, rows, key=("store_id", "product_id", "category"))


def _in_category(store_id: int, category: str) -> Select[str]:
    row = ProductCategoryRow
    return select(row.product_id).where(row.store_id == store_id, row.category == category)


def _columns(version: Version) -> dict[str, Any]:
    columns = {name: getattr(version, name) for name in _SHARED}
    return columns | {
        "categories": list(version.categories),
        "variants": msgspec.to_builtins(version.variants),
    }


def _version(row: Row[Any]) -> Version:
    columns = dict(zip(_SHARED, row, strict=True))
    columns["categories"] = tuple(columns["categories"])
    columns["variants"] = tuple(Variant(**variant) for variant in columns["variants"])
    return Version(**columns)


def _binary(session: Session, column: Any) -> ColumnElement[str]:
    """The column compared by code points, so that both databases sort alike."""
    compared: ColumnElement[str] = column if session.is_sqlite else column.collate("C")
    return compared


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))
