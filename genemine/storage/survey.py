"""What is on disk beside what the ledger and the tables say, in a DuckDB file that lasts as long as the question.

Whole corpora are compared as joins, out of core: neither their PMIDs nor their records have to fit in memory. Tables::

    files     (batch, file, sha256, damage, n_unreadable)       each raw file, as it lies on disk
    records   (batch, file, pmid, version, revised)             each record in them
    deletions (batch, pmid)                                     each PMID that they ask to delete
    known     (batch, source, sha256, n_records)                each raw file that the ledger knows
    kept      (source, pmid, batch)                             where the ledger has the newest of a PMID
    inputs    (batch, file, sha256)                             each raw file that the newest run was made from
    mined     (batch)                                           those of them that are on disk as they were then
    outdated  (batch, file)                                     the others, gone or with other bytes
    run_NAME                                                    a table of the run
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

from genemine.errors import StorageError
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger

_TABLES = """
CREATE TABLE files (batch VARCHAR, file VARCHAR, sha256 VARCHAR, damage VARCHAR, n_unreadable BIGINT);
CREATE TABLE records (batch VARCHAR, file VARCHAR, pmid VARCHAR, version BIGINT, revised VARCHAR);
CREATE TABLE deletions (batch VARCHAR, pmid VARCHAR);
CREATE TABLE known (batch VARCHAR, source VARCHAR, sha256 VARCHAR, n_records BIGINT);
CREATE TABLE kept (source VARCHAR, pmid VARCHAR, batch VARCHAR);
CREATE TABLE inputs (batch VARCHAR, file VARCHAR, sha256 VARCHAR);
CREATE VIEW mined AS SELECT batch FROM inputs JOIN files USING (batch, sha256) WHERE damage = '';
CREATE VIEW outdated AS SELECT batch, file FROM inputs WHERE batch NOT IN (SELECT batch FROM mined);
"""
# rows gathered before they go to DuckDB: an insert takes a millisecond, of one row or of thousands
_AT_ONCE = 50_000


class Survey:
    """The tables above; a context manager, which removes them at its end."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="genemine-survey-")
        folder = Path(self._folder.name)
        self._connection = duckdb.connect(folder / "survey.duckdb", config={"temp_directory": str(folder / "spill")})
        self._connection.execute(_TABLES)
        self._waiting: dict[str, list[tuple[Any, ...]]] = {}

    def __enter__(self) -> Survey:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()
        self._folder.cleanup()

    def add(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put rows into a table; they are there for the next question."""
        waiting = self._waiting.setdefault(table, [])
        waiting.extend(rows)
        if len(waiting) >= _AT_ONCE:
            self._flush(table)

    def add_ledger(self, ledger: Ledger) -> None:
        """Take over what the ledger says of batches and PMIDs, a batch at a time.

        Raises:
            StorageError: the ledger cannot be read.
        """
        batches = ledger.rows("SELECT source || '/' || name, source, sha256, n_records FROM batches")
        self.add("known", batches)
        for source, name in ledger.rows("SELECT DISTINCT source, batch FROM pmids"):
            found = ledger.rows("SELECT pmid FROM pmids WHERE source = ? AND batch = ?", (source, name))
            self.add("kept", ((source, pmid, f"{source}/{name}") for (pmid,) in found))

    def add_run(self, inputs: Mapping[str, str], layout: Layout) -> None:
        """Take over which raw files (batch -> SHA-256) a run was made from."""
        self.add("inputs", ((batch, layout.raw_file(*batch.split("/", 1)).name, sha256) for batch, sha256 in inputs.items()))

    def add_tables(self, folder: Path, names: Iterable[str]) -> None:
        """Make the Parquet tables of a run readable as run_NAME.

        Raises:
            StorageError: a table is missing or no Parquet file.
        """
        for name in names:
            path = _literal(folder / f"{name}.parquet")
            self.rows(f"CREATE OR REPLACE VIEW run_{name} AS SELECT * FROM read_parquet(['{path}'])")  # noqa: S608 (quoted)

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that a statement gives.

        Raises:
            StorageError: a file behind the question cannot be read.
        """
        for table in [name for name, rows in self._waiting.items() if rows]:
            self._flush(table)
        try:
            return self._connection.execute(sql, values or None).fetchall()
        except duckdb.Error as error:
            first_line = (str(error).splitlines() or [type(error).__name__])[0]
            raise StorageError(first_line) from error

    def count_and_some(self, sql: str, values: Sequence[Any] = (), n_some: int = 5) -> tuple[int, tuple[str, ...]]:
        """How many rows a SELECT gives, and the first column of the first few."""
        total = self.rows(f"SELECT count(*) FROM ({sql})", values)[0][0]  # noqa: S608 (SQL of our own, no value from outside)
        some = self.rows(f"SELECT * FROM ({sql}) ORDER BY ALL LIMIT {n_some:d}", values) if total else []  # noqa: S608
        return int(total), tuple(str(row[0]) for row in some)

    def _flush(self, table: str) -> None:
        rows = self._waiting[table]
        names = [name for name, *_ in self._connection.execute(f"DESCRIBE {table}").fetchall()]
        columns = zip(*rows, strict=True)
        arrow = pa.table(dict(zip(names, (pa.array(column) for column in columns), strict=True)))
        self._connection.register("arriving", arrow)
        self._connection.execute(f"INSERT INTO {table} SELECT * FROM arriving")  # noqa: S608 (a table of the list above)
        self._connection.unregister("arriving")
        rows.clear()


def _literal(path: Path) -> str:
    """Name a file inside quotes so that DuckDB takes ``[``, ``*`` and ``?`` in a folder's name for themselves."""
    return "".join(f"[{char}]" if char in "[*?" else char for char in str(path)).replace("'", "''")
