"""Tables as files: each as CSV for people and spreadsheets and as Parquet for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from genemine.errors import StorageError
from genemine.tables.schema import TABLES

# With the byte-order mark spreadsheets read Greek letters right; pandas, DuckDB and R skip it by themselves.
CSV_ENCODING = "utf-8-sig"


def write_tables(frames: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write every table of the schema as NAME.csv and NAME.parquet.

    Args:
        frames: table name -> frame with exactly the schema's columns.
        folder: an existing folder; nobody reads it before the caller publishes it.

    Raises:
        StorageError: the folder cannot be written.
    """
    written = []
    for table in TABLES:
        frame = frames[table.name]
        if tuple(frame.columns) != table.names:
            raise ValueError(f"table {table.name}: columns {tuple(frame.columns)} differ from the schema's {table.names}")
        written.append(_write(folder / f"{table.name}.csv", frame, _to_csv))
        written.append(_write(folder / f"{table.name}.parquet", frame, _to_parquet))
    return written


def _to_csv(frame: pd.DataFrame, path: Path) -> None:
    frame.to_csv(path, index=False, encoding=CSV_ENCODING)


def _to_parquet(frame: pd.DataFrame, path: Path) -> None:
    frame.to_parquet(path, index=False)


def _write(path: Path, frame: pd.DataFrame, save: Callable[[pd.DataFrame, Path], None]) -> Path:
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        save(frame, temporary)
        temporary.replace(path)
    except OSError as error:
        raise StorageError(
            f"{path}: the table cannot be written ({error.strerror}); free the disk or choose another --data-dir"
        ) from error
    return path


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read one table of a run back from its Parquet file.

    Raises:
        StorageError: the run has no such table.
    """
    path = folder / f"{name}.parquet"
    try:
        return pd.read_parquet(path)
    except OSError as error:
        raise StorageError(f"{path}: no such table; the run is incomplete, mine again") from error
