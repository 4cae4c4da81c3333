"""Queries over exposures."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from core.db import Session, upsert
from personalization.recommendations.models import ExposureRow
from personalization.recommendations.schemas import Exposure, ShownItem

_COLUMNS = tuple(ExposureRow.__table__.c[name] for name in Exposure.__struct_fields__)


def insert_exposures(session: Session, exposures: Sequence[Exposure]) -> None:
    """Write exposures down; one that is already known stays as it is."""
    rows = [msgspec.to_builtins(exposure) for exposure in exposures]
    upsert(session, ExposureRow, rows, key=("store_id", "recommendation_id"))


def exposures(session: Session, store_id: int, *, limit: int) -> list[Exposure]:
    """The newest exposures of a store."""
    statement = select(*_COLUMNS).where(ExposureRow.store_id == store_id).order_by(ExposureRow.at.desc()).limit(limit)
    return [_exposure(dict(row._mapping)) for row in session.execute(statement)]


def _exposure(row: dict[str, object]) -> Exposure:
    items = msgspec.convert(row.pop("items"), tuple[ShownItem, ...])
    return Exposure(items=items, **row)  # type: ignore[arg-type]
