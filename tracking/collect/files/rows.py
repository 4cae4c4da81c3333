"""Rows of a CSV file (also .csv.gz) by the names of our fields."""

import csv
import gzip
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from zoneinfo import ZoneInfo

from core import clock
from core.clock import Instant
from tracking.collect.files.errors import MissingField, RefusedRow, UnknownColumn, UnknownField, UnreadableFile

_LARGEST_CELL = 1_000_000
_YES = frozenset({"yes", "true", "1", "y", "t"})
_NO = frozenset({"no", "false", "0", "n", "f"})
_LARGEST_AMOUNT = Decimal(10) ** 15


@dataclass(frozen=True, kw_only=True)
class Fields:
    """What columns can be mapped to; a field that ends with a dot allows any name behind it (`traits.birthday`)."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def check(self, mapping: Mapping[str, str]) -> None:
        """Raise UnknownField or MissingField."""
        known = (*self.required, *self.optional)
        for field in mapping:
            prefix = field.partition(".")[0] + "."
            if field not in known and not (prefix in known and field != prefix):
                raise UnknownField(field, known)
        for field in self.required:
            if field not in mapping:
                raise MissingField(field)


class Row:
    """One row: its cells by field, and the line it ends on. Blanks around a cell are dropped."""

    __slots__ = ("_at", "_columns", "cells", "line")

    def __init__(self, cells: Sequence[str], line: int, at: Mapping[str, int], columns: Mapping[str, str]) -> None:
        self.cells = cells
        self.line = line
        self._at = at
        self._columns = columns

    def text(self, field: str) -> str:
        """The cell; empty where the field has no column."""
        at = self._at.get(field)
        return "" if at is None else self.cells[at].strip()

    def optional(self, field: str) -> str | None:
        """The cell; None where it is empty."""
        return self.text(field) or None

    def needed(self, field: str) -> str:
        """The cell; raises RefusedRow where it is empty."""
        return self.text(field) or self._refuse(field, "it is empty")

    def whole(self, field: str) -> int:
        """A whole number, also as 6.0; raises RefusedRow."""
        text = self.needed(field)
        try:
            return int(text)
        except ValueError:
            number = self._decimal(field, text)
        if number != number.to_integral_value():
            self._refuse(field, f"“{text}” is not a whole number")
        return int(number)

    def amount(self, field: str) -> Decimal:
        """An amount of money in major units; raises RefusedRow."""
        text = self.needed(field)
        return self._decimal(field, text)

    def optional_amount(self, field: str) -> Decimal | None:
        """An amount of money; None where the cell is empty; raises RefusedRow."""
        text = self.text(field)
        return self._decimal(field, text) if text else None

    def instant(self, field: str, zone: str) -> Instant:
        """An ISO 8601 time, in the zone where it names none; raises RefusedRow."""
        text = self.needed(field)
        try:
            moment = datetime.fromisoformat(text)
            return clock.from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone)))
        except (ValueError, OverflowError):
            self._refuse(field, f"“{text[:40]}” is not an ISO 8601 time such as 2026-11-20T18:21:00Z")

    def optional_instant(self, field: str, zone: str) -> Instant | None:
        """The same; None where the cell is empty."""
        return self.instant(field, zone) if self.text(field) else None

    def truth(self, field: str) -> bool | None:
        """Yes or no; None where the cell is empty; raises RefusedRow."""
        text = self.text(field).lower()
        if not text:
            return None
        if text in _YES or text in _NO:
            return text in _YES
        self._refuse(field, f"“{text[:40]}” is neither yes nor no")

    def of(self, prefix: str) -> dict[str, str]:
        """The filled cells of every field that begins with `prefix` and a dot, by what follows."""
        start = prefix + "."
        return {
            field.removeprefix(start): text
            for field in self._at
            if field.startswith(start) and (text := self.text(field))
        }

    def _decimal(self, field: str, text: str) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            self._refuse(field, f"“{text[:40]}” is not a number such as 12.50")
        if not number.is_finite() or abs(number) > _LARGEST_AMOUNT:
            self._refuse(field, f"“{text[:40]}” is not a number such as 12.50")
        return number

    def _refuse(self, field: str, reason: str) -> NoReturn:
        raise RefusedRow(f"column “{self._columns[field]}”: {reason}")


class CsvFile:
    """A CSV file through a mapping {field: column}; a context manager. `position` and `size` count packed bytes."""

    def __init__(self, path: Path, mapping: Mapping[str, str], fields: Fields) -> None:
        fields.check(mapping)
        self.path = path
        self.size = path.stat().st_size
        self.columns: tuple[str, ...] = ()
        self._mapping = mapping
        self._raw: BinaryIO = path.open("rb")
        packed = path.suffix == ".gz"
        unpacked: Any = gzip.GzipFile(fileobj=self._raw) if packed else self._raw
        self._text = io.TextIOWrapper(unpacked, encoding="utf-8-sig", newline="")

    def __enter__(self) -> "CsvFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._text.close()
        self._raw.close()

    @property
    def position(self) -> int:
        """How many bytes of the file were read."""
        return os.lseek(self._raw.fileno(), 0, os.SEEK_CUR)

    def rows(self, refuse: Callable[[int, str, Sequence[str]], None]) -> Iterator[Row]:
        """Every row that has as many cells as the head; raises UnknownColumn or UnreadableFile."""
        csv.field_size_limit(_LARGEST_CELL)
        reader = csv.reader(self._text)
        try:
            self.columns = tuple(column.strip() for column in next(reader, ()))
            at = self._places()
            width = len(self.columns)
            for cells in reader:
                if len(cells) == width:
                    yield Row(cells, reader.line_num, at, self._mapping)
                elif cells:
                    refuse(reader.line_num, f"it has {len(cells)} cells where the head has {width}", cells)
        except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile) as error:
            raise UnreadableFile(self.path.name, reader.line_num + 1, str(error)) from error

    def _places(self) -> dict[str, int]:
        places = {column: at for at, column in enumerate(self.columns)}
        for field, column in self._mapping.items():
            if column not in places:
                raise UnknownColumn(column, field, self.columns, 1)
        return {field: places[column] for field, column in self._mapping.items()}


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
