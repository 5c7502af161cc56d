"""The sheets of a workbook that explain the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment

from genemine.tables.columns import Table
from genemine.tables.xlsx_sheet import BOLD, Written

_LIMITS = "Found by programs in abstracts, for research: read the sentences behind a row before you rely on it. Not for diagnosis."
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def write_columns(book: Workbook, tables: Iterable[Table]) -> None:
    """Add the sheet ``columns``: each column of each sheet, with its unit or range and what it means."""
    sheet = _sheet(book, "columns", (16, 24, 10, 28, 100))
    sheet.freeze_panes = "A2"
    sheet.append(_styled(sheet, ("sheet", "column", "type", "unit or range", "meaning"), font=BOLD))
    n_rows = 1
    for table in tables:
        for column in table.columns:
            row = (table.name, column.name, column.type, column.unit, column.meaning)
            sheet.append(_styled(sheet, row, alignment=_WRAPPED))
            n_rows += 1
    sheet.auto_filter.ref = f"A1:E{n_rows}"


def write_about(book: Workbook, about: Mapping[str, str], sheets: Sequence[Written]) -> None:
    """Add the sheet ``about``: which run this is, and what each sheet holds and leaves out."""
    sheet = _sheet(book, "about", (24, 16, 16, 100))
    for name, value in about.items():
        sheet.append([*_styled(sheet, (name,), font=BOLD), *_styled(sheet, (value,))])
    sheet.append([])
    sheet.append(_styled(sheet, ("sheet", "rows here", "rows in all", "note"), font=BOLD))
    for one in sheets:
        sheet.append([*_styled(sheet, (one.name,)), one.n_shown, one.n_rows, *_styled(sheet, (" ".join(one.notes),))])
    sheet.append([])
    sheet.append(_styled(sheet, (_LIMITS,)))
    sheet.append(_styled(sheet, ("An id in the first column of associations leads to its sentences in evidence.",)))


def _sheet(book: Workbook, name: str, widths: Sequence[int]) -> Any:
    sheet = book.create_sheet(name)
    for letter, width in zip("ABCDEFGH", widths, strict=False):
        sheet.column_dimensions[letter].width = width
    return sheet


def _styled(sheet: Any, values: Iterable[str], **style: Any) -> list[WriteOnlyCell]:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.data_type = "s"
        for name, chosen in style.items():
            setattr(cell, name, chosen)
        cells.append(cell)
    return cells
