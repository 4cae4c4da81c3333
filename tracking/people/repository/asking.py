"""Asking about many rows at once: statements built once, over a store and a list of numbers."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam

from core.db import Session

_CHUNK = 10_000  # SQLite takes 32,766 parameters in a statement
# Built once: making a statement costs more than running it, and a batch of events needs several.
ONES: BindParameter[Any] = bindparam("ones", expanding=True)
STORE: BindParameter[int] = bindparam("store_id")


def each(
    session: Session, statement: Select[*tuple[Any, ...]], store_id: int, ones: Sequence[int], **more: int
) -> list[Row[*tuple[Any, ...]]]:
    """The rows of a statement over `STORE` and `ONES`, asked in as many pieces as the database needs; nobody: no question."""
    found: list[Row[*tuple[Any, ...]]] = []
    for chunk in chunks(ones):
        found += session.execute(statement, {"store_id": store_id, "ones": chunk, **more}).all()
    return found


def chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[at : at + _CHUNK] for at in range(0, len(numbers), _CHUNK))
