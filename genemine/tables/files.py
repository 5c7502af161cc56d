"""Tables as files: each as CSV for people and spreadsheets and as Parquet for programs, written as their rows come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from genemine.errors import StorageError
from genemine.tables.csv_cells import guard_texts
from genemine.tables.frames import empty
from genemine.tables.schema import Table

# With the byte-order mark spreadsheets read Greek letters right; pandas, DuckDB and R skip it by themselves.
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NO_HEADER = pcsv.WriteOptions(include_header=False, quoting_style="needed")


def write_table(table: Table, batches: Iterable[pa.RecordBatch], folder: Path) -> int:
    """Write a table of the schema as NAME.csv and NAME.parquet; memory holds a batch of its rows.

    Args:
        table: which one.
        batches: its rows, with exactly the schema's columns.
        folder: an existing folder; nobody reads it before the caller publishes it.

    Returns:
        The number of rows.

    Raises:
        StorageError: the folder cannot be written.
    """
    # pandas's own notes are part of it: they give integers with empty cells and the like back to those who read with pandas
    schema = pa.Schema.from_pandas(empty(table), preserve_index=False)
    paths = [folder / f"{table.name}.{suffix}" for suffix in ("csv", "parquet")]
    drafts = [path.with_name(f".{path.name}.tmp") for path in paths]
    n_rows = 0
    try:
        with ExitStack() as stack:
            csv = stack.enter_context(drafts[0].open("wb"))
            csv.write(_BYTE_ORDER_MARK + ",".join(table.names).encode() + b"\n")
            parquet = stack.enter_context(pq.ParquetWriter(drafts[1], schema, write_page_checksum=True))
            for batch in batches:
                if tuple(batch.schema.names) != table.names:
                    names = tuple(batch.schema.names)
                    raise ValueError(f"table {table.name}: columns {names} differ from the schema's {table.names}")
                rows = pa.Table.from_batches([batch]).cast(schema)
                parquet.write_table(rows)
                pcsv.write_csv(guard_texts(rows), csv, _NO_HEADER)
                n_rows += rows.num_rows
        for draft, path in zip(drafts, paths, strict=True):
            draft.replace(path)
    except OSError as error:
        raise StorageError(
            f"{paths[0]}: the table cannot be written ({error.strerror or error}); free the disk or choose another --data-dir"
        ) from error
    return n_rows


def write_frame(table: Table, frame: pd.DataFrame, folder: Path) -> int:
    """Write a small table from its frame.

    Raises:
        StorageError: the folder cannot be written.
    """
    return write_table(table, pa.Table.from_pandas(frame, preserve_index=False).to_batches(), folder)


def read_table(folder: Path, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read one table of a run back from its Parquet file; all of its columns, or some.

    Raises:
        StorageError: the run has no such table.
    """
    path = folder / f"{name}.parquet"
    try:
        return pd.read_parquet(path, columns=list(columns) if columns else None)
    except OSError as error:
        raise StorageError(f"{path}: no such table; the run is incomplete, mine again") from error
