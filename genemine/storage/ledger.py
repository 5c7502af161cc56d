"""The ledger: what was asked, what is on disk, how far each query has come. One SQLite file, small transactions.

A raw shard is written before its row, so the ledger never names a file that is not there; a file without a row is what a killed run
left, and is taken in by the next. Open it as a context manager::

    with Ledger(layout.ledger) as ledger:
        ledger.batches()
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from genemine.errors import StorageError

VERSION = 1
# "genm" in ASCII: marks the file as genemine's own
APPLICATION_ID = 0x67656E6D

# source: the folder below data/raw, so that two servers' records and progress are kept apart
_SCHEMA = """
CREATE TABLE queries (id INTEGER PRIMARY KEY, source TEXT NOT NULL, term TEXT NOT NULL, field TEXT NOT NULL, since TEXT NOT NULL,
                      until TEXT NOT NULL, asked_at TEXT NOT NULL, n_found INTEGER NOT NULL, complete INTEGER NOT NULL DEFAULT 0);
CREATE TABLE slices (query_id INTEGER NOT NULL REFERENCES queries, term TEXT NOT NULL, n_found INTEGER NOT NULL);
CREATE TABLE batches (source TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, n_records INTEGER NOT NULL,
                      fetched_at TEXT NOT NULL, asked TEXT NOT NULL, PRIMARY KEY (source, name));
CREATE TABLE pmids (source TEXT NOT NULL, pmid TEXT NOT NULL, batch TEXT NOT NULL, digest TEXT NOT NULL, as_of TEXT NOT NULL,
                    revised_on TEXT NOT NULL, PRIMARY KEY (source, pmid)) WITHOUT ROWID;
CREATE INDEX pmids_batch ON pmids (source, batch);
CREATE TABLE watermarks (source TEXT NOT NULL, term TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
                         PRIMARY KEY (source, term));
CREATE TABLE missing (source TEXT NOT NULL, term TEXT NOT NULL, pmid TEXT NOT NULL, reason TEXT NOT NULL, since TEXT NOT NULL,
                      PRIMARY KEY (source, term, pmid));
CREATE TABLE quarantine (id INTEGER PRIMARY KEY, source TEXT NOT NULL, pmid TEXT NOT NULL, reason TEXT NOT NULL,
                         detail TEXT NOT NULL, raw BLOB NOT NULL, added_at TEXT NOT NULL, UNIQUE (source, pmid, reason, raw));
"""


@dataclass(frozen=True)
class Batch:
    """A raw shard: ``raw/<source>/<name>.xml.gz``, the SHA-256 of that file, and the PMIDs that were asked for."""

    source: str
    name: str
    sha256: str
    n_records: int
    fetched_at: str
    asked: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """The newest that is on disk of one PMID.

    ``digest`` is that of the record's XML. ``as_of`` is the ISO date up to which it is known to be current; ``revised_on`` the
    latest mdat day under which PubMed listed it when it was fetched ("" if it was not fetched as a revision).
    """

    pmid: str
    batch: str
    digest: str
    as_of: str
    revised_on: str = ""


class Ledger:
    """A connection to the ledger; not shared between threads."""

    def __init__(self, path: Path) -> None:
        """Open the ledger, making it if there is none.

        Raises:
            StorageError: the file cannot be opened, is no ledger, or is one of another version.
        """
        self.path = path
        try:
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None)
        except sqlite3.Error as error:
            raise StorageError(f"{path}: ledger cannot be opened ({error}); check that the folder is there and writable") from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._connection.close()
            raise StorageError(f"{path}: not a ledger, or damaged ({error}); move it away: the next run makes one") from error
        except StorageError:
            self._connection.close()
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing of it.

        Raises:
            StorageError: the ledger cannot be written.
        """
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise StorageError(f"{self.path}: ledger cannot be written ({error}); free space or end the other run") from error

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows that a statement gives.

        Raises:
            StorageError: the ledger cannot be read or written.
        """
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StorageError(f"{self.path}: ledger cannot be used ({error})") from error

    def batches(self, source: str | None = None) -> list[Batch]:
        """All raw shards that the ledger knows, of one source or of all, by name."""
        found = self.rows(
            "SELECT source, name, sha256, n_records, fetched_at, asked FROM batches WHERE source = coalesce(?, source) "
            "ORDER BY source, name",
            (source,),
        )
        return [Batch(source, name, sha256, n, at, tuple(asked.split())) for source, name, sha256, n, at, asked in found]

    def kept(self, source: str, pmids: Iterable[str]) -> dict[str, Kept]:
        """What is on disk of these PMIDs; those of which nothing is are left out."""
        found = self.rows(
            "SELECT pmid, batch, digest, as_of, revised_on FROM pmids "
            "WHERE source = ? AND pmid IN (SELECT value FROM json_each(?))",
            (source, json.dumps(list(pmids))),
        )
        return {row[0]: Kept(*row) for row in found}

    def add(self, source: str, batch: Batch | None, kept: Iterable[Kept]) -> None:
        """Note a raw shard that is on disk (None: an answer that held nothing new) and what is now kept of its PMIDs."""
        with self.transaction():
            if batch is not None:
                self.rows("INSERT OR REPLACE INTO batches VALUES (?, ?, ?, ?, ?, ?)", (*astuple(batch)[:5], " ".join(batch.asked)))
            for one in kept:
                self.rows("INSERT OR REPLACE INTO pmids VALUES (?, ?, ?, ?, ?, ?)", (source, *astuple(one)))

    def forget(self, source: str, name: str) -> int:
        """Drop a batch whose file is gone, so that its records are fetched again; gives the number of records."""
        with self.transaction():
            n_records = self.rows("SELECT count(*) FROM pmids WHERE source = ? AND batch = ?", (source, name))[0][0]
            self.rows("DELETE FROM pmids WHERE source = ? AND batch = ?", (source, name))
            self.rows("DELETE FROM batches WHERE source = ? AND name = ?", (source, name))
        return int(n_records)

    def _prepare(self) -> None:
        application, version = (
            self._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        empty = not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not empty and application != APPLICATION_ID:
            raise StorageError(f"{self.path}: an SQLite file of another program; move it away: the next run makes a ledger")
        if not empty and version != VERSION:
            raise StorageError(
                f"{self.path}: a ledger of version {version}, this program reads {VERSION}; "
                "use the genemine that made it, or another --data-dir"
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if empty:
            self._create()

    def _create(self) -> None:
        # one transaction: a run killed here leaves an empty file or a whole ledger
        marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
        self._connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {marks} COMMIT;")
