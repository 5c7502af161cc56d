"""A run as one Excel workbook: a sheet a table, what each column means, and what was left out for Excel's sake.

Ids and symbols are cells of text, so that SEPT2 and MARCH1 are no dates and 1E5 no number; no cell is a formula. Rows are written
as they come, by openpyxl, and memory holds a batch of them. The same tables, run and time give the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

from genemine.errors import StorageError
from genemine.tables.schema import ASSOCIATIONS, CANDIDATES, EVIDENCE, INHERITED, Table
from genemine.tables.xlsx_notes import write_about, write_columns
from genemine.tables.xlsx_sheet import ROWS_AT_ONCE, Written, write_sheet

WORKBOOK = "genemine.xlsx"
# Offsets and attention are for programs, which read the tables.
_FOR_PROGRAMS = ("characters", "start-end:percent")


def _for_people(table: Table) -> Table:
    return replace(table, columns=tuple(column for column in table.columns if column.unit not in _FOR_PROGRAMS))


SHEETS = tuple(map(_for_people, (ASSOCIATIONS, CANDIDATES, INHERITED, EVIDENCE)))
# Best first, so these are the best; Excel holds 1,048,576 rows but is no pleasure with so many, and all are in CSV and Parquet.
MAX_ROWS = 50_000
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day of zip files


def write_workbook(folder: Path, about: Mapping[str, str], made: datetime, max_rows: int = MAX_ROWS) -> list[Written]:
    """Write ``genemine.xlsx`` of the tables in a folder, beside them.

    Args:
        folder: holds the Parquet files of :data:`SHEETS`; nobody reads it before the caller publishes it.
        about: what the last sheet tells of the run, by name.
        made: the time in the file's properties.
        max_rows: the most rows of a sheet; what is beyond is told on it.

    Returns:
        What was written of each table.

    Raises:
        StorageError: a table is missing, or the folder cannot be written.
    """
    path = folder / WORKBOOK
    draft = path.with_name(f".{path.name}.tmp")
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    book.properties.creator = "genemine"
    try:
        first_rows = _first_rows(folder, max_rows)
        written = []
        for table in SHEETS:
            with pq.ParquetFile(folder / f"{table.name}.parquet") as source:
                places = first_rows if table.name == ASSOCIATIONS.name else {}
                written.append(write_sheet(book, table, source, max_rows, places))
        write_columns(book, SHEETS)
        write_about(book, about, written)
        with _Archive(draft, "w", ZIP_DEFLATED) as archive:
            ExcelWriter(book, archive).save()
        draft.replace(path)
    except (OSError, pa.ArrowException) as error:
        why = getattr(error, "strerror", None) or error
        raise StorageError(f"{path}: the workbook cannot be written ({why}); free the disk or choose another --data-dir") from error
    return written


def _first_rows(folder: Path, max_rows: int) -> dict[str, int]:
    """The row of the evidence sheet at which each association's sentences begin; the header is row 1."""
    key = EVIDENCE.key[0]
    rows: dict[str, int] = {}
    at = 2
    with pq.ParquetFile(folder / f"{EVIDENCE.name}.parquet") as source:
        for batch in source.iter_batches(ROWS_AT_ONCE, columns=[key]):
            for one in batch.column(0).to_pylist():
                rows.setdefault(one, at)
                at += 1
            if at > max_rows + 1:
                break
    return {one: row for one, row in rows.items() if row <= max_rows + 1}


class _Archive(ZipFile):
    """A zip file that tells nothing of the clock."""

    def writestr(self, zinfo_or_arcname, data, *_args, **_kwargs):  # type: ignore[no-untyped-def]  # as ZipFile has it
        super().writestr(_entry(str(zinfo_or_arcname)), data)

    def write(self, filename, arcname=None, *_args, **_kwargs):  # type: ignore[no-untyped-def]  # as ZipFile has it
        with Path(filename).open("rb") as source, self.open(_entry(str(arcname)), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    return entry
