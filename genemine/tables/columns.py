"""What a table and a column are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its type ("text", "integer", "number", "yes/no", "list"), its unit or range, and what it means.

    ``shown`` is the number format of a workbook where that of the type and unit does not do.
    """

    name: str
    type: str
    unit: str
    meaning: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what one row is, its columns in order, and the columns that name a row."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)


# pandas types; integers and yes/no keep empty cells empty instead of turning into 1.0
DTYPES = {"text": "string", "list": "string", "integer": "Int64", "number": "float64", "yes/no": "boolean"}
# Between the items of a list column, in CSV and Parquet alike; a list in a cell would not survive CSV.
LIST_SEPARATOR = "|"
