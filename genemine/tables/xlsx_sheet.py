"""One table as one sheet of a workbook: header, widths, filter, links, formats."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from genemine.tables.columns import LIST_SEPARATOR, Column, Table
from genemine.tables.links import curie_url, pubmed_url
from genemine.tables.schema import EVIDENCE

ROWS_AT_ONCE = 5_000
# Excel's own limits: support.microsoft.com, "Excel specifications and limits"
MAX_CELL = 32_767  # UTF-16 units of a cell
MAX_LINKS = 65_530  # of a sheet
# What XML or openpyxl cannot write; articles hold none of it, names of a user's own file may.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Longer texts are no number nor date; plain cells of them are written faster, and a cell of the format Text shows more than 255
# characters as ####.
_LONG = 60
_TEXT = "@"
_NOT_PLAIN = "=#+-@"  # openpyxl takes "=…" for a formula and "#N/A" for an error, people take the others for one
# Never 1.000, which would claim certainty.
_CHANCE = '[>0.9994]">0.999";0.000'
_NUMBER = "0.00"
_URLS: dict[str, Callable[[str], str]] = {"PubMed id": pubmed_url, "CURIE": curie_url}
_HEADER_FILL = PatternFill("solid", fgColor="DDEBF7")
# Named, since a font without a name is another one in LibreOffice.
_LINK_FONT = Font(name="Calibri", size=11, color="0563C1", underline="single")
BOLD = Font(name="Calibri", size=11, bold=True)


@dataclass(frozen=True, slots=True)
class Written:
    """What a sheet holds of its table, and what had to be left out of it."""

    name: str
    n_rows: int
    n_shown: int
    n_cut: int = 0
    links_end: int = 0

    @property
    def notes(self) -> Iterator[str]:
        """What a reader has to know that the sheet does not show, a sentence each."""
        if self.n_shown < self.n_rows:
            yield f"Only the first {self.n_shown:,} of {self.n_rows:,} rows; all are in {self.name}.csv and {self.name}.parquet."
        if self.n_cut:
            yield f"Excel holds {MAX_CELL:,} characters a cell: {self.n_cut:,} end in … and are whole in {self.name}.parquet."
        if self.links_end:
            yield f"Links up to row {self.links_end:,} only: Excel holds {MAX_LINKS:,} a sheet."


def write_sheet(book: Workbook, table: Table, source: pq.ParquetFile, max_rows: int, places: Mapping[str, int]) -> Written:
    """Add a sheet of a table's first rows.

    Args:
        book: a write-only workbook.
        table: which one.
        source: its Parquet file.
        max_rows: the most rows to write.
        places: row of the evidence sheet to jump to, by the value of the first column; none for no jump.
    """
    sheet = book.create_sheet(table.name)
    n_rows = source.metadata.num_rows
    n_shown = min(n_rows, max_rows)
    pen = _Pen(sheet, table, places)
    for batch in source.iter_batches(ROWS_AT_ONCE, columns=list(table.names)):
        columns = batch.slice(0, max_rows - pen.n_rows).to_pydict()
        values = [columns[name] for name in table.names]
        if not pen.n_rows:
            _begin(sheet, table, values)
        pen.write(values)
        if pen.n_rows >= max_rows:
            break
    if not n_rows:
        _begin(sheet, table, [[] for _ in table.names])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.names))}{n_shown + 1}"
    written = Written(table.name, n_rows, n_shown, pen.n_cut, pen.links_end)
    for note in written.notes:
        sheet.append([])
        sheet.append([note])
    return written


def _begin(sheet: Any, table: Table, values: Sequence[Sequence[Any]]) -> None:
    """Header with a note on each column, which stays in sight; widths by the first rows."""
    sheet.freeze_panes = "A2"
    for at, (name, column) in enumerate(zip(table.names, values, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _width(name, column)
    sheet.append([_header(sheet, column) for column in table.columns])


def _width(name: str, values: Sequence[Any]) -> float:
    """Wide enough for nine of ten values and for the name with its filter button, in characters."""
    lengths = sorted(5 if isinstance(value, float) else len(str(value)) for value in values if value is not None)
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    return max(len(name) + 4, min(usual + 2, 60))


def _header(sheet: Any, column: Column) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, column.name)
    cell.font, cell.fill, cell.alignment = BOLD, _HEADER_FILL, Alignment(vertical="top")
    unit = f" ({column.unit})" if column.unit else ""
    cell.comment = Comment(f"{column.meaning}{unit}", "genemine", height=120, width=320)
    return cell


@dataclass
class _Pen:
    """Writes rows; it holds a cell of each style a column has, since openpyxl writes each at once and making one takes its time."""

    sheet: Any
    table: Table
    places: Mapping[str, int]
    n_rows: int = 0
    n_cut: int = 0
    n_links: int = 0
    links_end: int = 0
    _writers: list[Callable[[Any], Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for at, column in enumerate(self.table.columns):
            if column.type in ("text", "list"):
                self._writers.append(self._text_writer(column, jumps=at == 0 and bool(self.places)))
            elif column.type == "number":
                self._writers.append(self._number_writer(column))
            else:
                self._writers.append(_as_it_is)

    def write(self, columns: Sequence[Sequence[Any]]) -> None:
        for row in zip(*columns, strict=True):
            self.sheet.append([None if value is None else write(value) for write, value in zip(self._writers, row, strict=True)])
            self.n_rows += 1

    def _number_writer(self, column: Column) -> Callable[[Any], Any]:
        cell = WriteOnlyCell(self.sheet)
        cell.number_format = column.shown or (_CHANCE if column.unit == "0-1" else _NUMBER)

        def write(value: float) -> Any:
            if not math.isfinite(value):
                return None
            cell.value = value
            return cell

        return write

    def _text_writer(self, column: Column, *, jumps: bool) -> Callable[[Any], Any]:
        short, linked, long = (WriteOnlyCell(self.sheet) for _ in range(3))
        short.number_format = linked.number_format = _TEXT
        linked.font = _LINK_FONT
        long.quotePrefix = True  # so that it stays a text, also when somebody edits it
        url_of = _URLS.get(column.unit)

        def write(value: str) -> Any:
            text = self._writable(value, column)
            if not text:
                return None
            link = self._link(text, url_of, jumps)
            if len(text) > _LONG and text[0] not in _NOT_PLAIN:
                return text
            cell = linked if link else short if len(text) <= _LONG else long
            cell.value = text
            cell.data_type = "s"
            cell.hyperlink = link
            return cell

        return write

    def _writable(self, text: str, column: Column) -> str:
        text = _UNWRITABLE.sub("", text)
        fitting = fit(text, LIST_SEPARATOR if column.type == "list" else "")
        self.n_cut += fitting is not text
        return fitting

    def _link(self, text: str, url_of: Callable[[str], str] | None, jumps: bool) -> Hyperlink | None:
        row = self.places.get(text) if jumps else None
        url = url_of(text) if url_of and row is None else ""
        if not url and row is None:
            return None
        if self.n_links >= MAX_LINKS:
            self.links_end = self.links_end or self.n_rows + 1
            return None
        self.n_links += 1
        return Hyperlink(ref="", target=url) if url else Hyperlink(ref="", location=f"'{EVIDENCE.name}'!A{row}")


def _as_it_is(value: Any) -> Any:
    return value


def fit(text: str, separator: str = "") -> str:
    """Cut a text to what a cell holds, with … at its end; a list is cut behind one of its items."""
    if len(text) * 2 <= MAX_CELL or len(text.encode("utf-16-le")) // 2 <= MAX_CELL:
        return text
    kept = text.encode("utf-16-le")[: (MAX_CELL - 1) * 2].decode("utf-16-le", errors="ignore")
    if separator and separator in kept:
        kept = kept[: kept.rindex(separator) + 1]
    return f"{kept}…"
