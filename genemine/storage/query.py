"""DuckDB over the shards of batches: out of core, in the order of the batches."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from genemine.errors import StorageError

# What DuckDB may hold before it moves to the disk; millions of records need no more.
MEMORY_LIMIT = "768MB"
_PLACES = pa.schema([("file", pa.string()), ("position", pa.int32())])


@contextmanager
def duck(what: str, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory, with a temporary folder for what does not fit.

    Args:
        what: what is read, for the message, such as "shards of articles".
        folder: where it lies.

    Raises:
        StorageError: a query inside the block fails, so a shard is damaged or the temporary folder is full.
    """
    with tempfile.TemporaryDirectory(prefix="genemine.duckdb.") as spill:
        try:
            with duckdb.connect(config={"temp_directory": spill, "memory_limit": MEMORY_LIMIT}) as connection:
                yield connection
        except duckdb.Error as error:
            first_line = (str(error).splitlines() or [type(error).__name__])[0]
            raise StorageError(
                f"{folder}: {what} cannot be read ({first_line}); delete the damaged one, the next run makes it again"
            ) from error


def add_shards(connection: duckdb.DuckDBPyConnection, name: str, shards: Sequence[tuple[Path, int]]) -> None:
    """Make the view ``name`` of all rows of some shards, with their columns ``position`` (of the batch) and ``row`` (from 0)."""
    places = {"file": [str(path) for path, _ in shards], "position": [position for _, position in shards]}
    connection.register(f"{name}_files", pa.table(places, schema=_PLACES))
    files = ", ".join(f"'{_literal(path)}'" for path, _ in shards)
    connection.execute(
        # no view takes parameters; the names are ours and the paths are quoted
        f"CREATE TEMP VIEW {name} AS SELECT s.* EXCLUDE (filename, file_row_number), f.position, s.file_row_number AS row "  # noqa: S608
        f"FROM read_parquet([{files}], filename = true, file_row_number = true) s JOIN {name}_files f ON f.file = s.filename"
    )


def _literal(path: Path) -> str:
    """Name a file so that DuckDB takes ``[``, ``*`` and ``?`` in a folder's name for themselves."""
    return "".join(f"[{char}]" if char in "[*?" else char for char in str(path)).replace("'", "''")
