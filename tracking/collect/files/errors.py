"""ImportFailure
├── UnknownField
├── MissingField
├── UnknownColumn
└── UnreadableFile
RefusedRow
"""

from collections.abc import Iterable


class ImportFailure(Exception):
    """A file cannot be imported as it was asked; nothing of it was taken."""


class UnknownField(ImportFailure):
    def __init__(self, field: str, fields: Iterable[str]) -> None:
        super().__init__(f"There is no field “{field}” to map a column to; there are {', '.join(sorted(fields))}.")


class MissingField(ImportFailure):
    def __init__(self, field: str) -> None:
        super().__init__(f"The field “{field}” needs a column: add {field}=<column> to the mapping.")


class UnknownColumn(ImportFailure):
    def __init__(self, column: str, field: str, columns: Iterable[str], line: int) -> None:
        super().__init__(
            f"Line {line} names no column “{column}” (for the field “{field}”); its columns are {', '.join(columns)}."
        )


class UnreadableFile(ImportFailure):
    """The file itself is broken; what stood before the line was taken, and a second run takes only what is new."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        super().__init__(f"{name} cannot be read at line {line}: {reason}")


class RefusedRow(Exception):
    """A row is not taken; the reason goes to the reject file with the row's line number."""
