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
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from genemine.errors import StorageError
from genemine.storage.ledger_schema import APPLICATION_ID, VERSION, bring_up, mark_of


@dataclass(frozen=True)
class Batch:
    """A raw shard: ``raw/<source>/<name>.xml.gz``, the SHA-256 of that file, and the PMIDs that were asked for.

    ``issued`` is the ISO day that decides the order of batches: for a bulk file the day PubMed issued it, else (and where left
    empty) the UTC day of ``fetched_at``. ``asked`` is empty for bulk files.
    """

    source: str
    name: str
    sha256: str
    n_records: int
    fetched_at: str
    asked: tuple[str, ...]
    issued: str = ""

    def __post_init__(self) -> None:
        if not self.issued:
            object.__setattr__(self, "issued", self.fetched_at[:10])


@dataclass(frozen=True)
class Kept:
    """The newest that is on disk of one PMID.

    ``digest`` is that of the record's XML. ``as_of`` is the ISO date up to which it is known to be current; ``revised_on`` the
    latest mdat day under which PubMed listed it when it was fetched ("" if it was not fetched as a revision). ``source`` is set
    where the ledger gives it.
    """

    pmid: str
    batch: str
    digest: str
    as_of: str
    revised_on: str = ""
    source: str = field(default="", compare=False)


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
            raise StorageError(f"{path}: {_why_not(error)}") from error
        except StorageError:
            self._connection.close()
            raise

    @classmethod
    def existing(cls, path: Path) -> Ledger:
        """Open a ledger that has to be there: whoever only looks makes none.

        Raises:
            StorageError: there is none, or it cannot be opened.
        """
        if not path.is_file():
            raise StorageError(f"{path}: no ledger: nothing was collected here; collect first, or give the folder with --data-dir")
        return cls(path)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of the block or nothing of it; inside another transaction it is part of that one.

        Raises:
            StorageError: the ledger cannot be written.
        """
        if self._connection.in_transaction:
            yield
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled back already
                    self._connection.execute("ROLLBACK")
                raise
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
            raise self._cannot_use(error) from error

    def each(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values; thirty thousand rows take a quarter of a second.

        Raises:
            StorageError: the ledger cannot be written.
        """
        try:
            self._connection.executemany(sql, rows)
        except sqlite3.Error as error:
            raise self._cannot_use(error) from error

    def _cannot_use(self, error: sqlite3.Error) -> StorageError:
        return StorageError(f"{self.path}: ledger cannot be used ({error}); free space or end the other run, and run again")

    def batches(self, source: str | None = None) -> list[Batch]:
        """All raw shards that the ledger knows, of one source or of all, by name."""
        found = self.rows(
            "SELECT source, name, sha256, n_records, fetched_at, asked, issued FROM batches WHERE source = coalesce(?, source) "
            "ORDER BY source, name",
            (source,),
        )
        return [
            Batch(source, name, sha256, n, at, tuple(asked.split()), issued) for source, name, sha256, n, at, asked, issued in found
        ]

    def kept(self, source: str, pmids: Iterable[str]) -> dict[str, Kept]:
        """What is on disk of these PMIDs; those of which nothing is are left out."""
        return self.kept_in((source,), pmids)

    def kept_in(self, sources: Sequence[str], pmids: Iterable[str]) -> dict[str, Kept]:
        """What is on disk of these PMIDs in any of several sources: of each the newest by ``as_of``, then by ``revised_on``.

        Where two are equally new, that of the source named first is given.
        """
        wanted, newest = json.dumps(list(pmids)), dict[str, Kept]()
        for source in sources:
            found = self.rows(
                "SELECT pmid, batch, digest, as_of, revised_on, source FROM pmids "
                "WHERE source = ? AND pmid IN (SELECT value FROM json_each(?))",
                (source, wanted),
            )
            for row in found:
                one = Kept(*row)
                before = newest.get(one.pmid)
                if before is None or (before.as_of, before.revised_on) < (one.as_of, one.revised_on):
                    newest[one.pmid] = one
        return newest

    def add(self, source: str, batch: Batch | None, kept: Iterable[Kept]) -> None:
        """Note a raw shard that is on disk (None: an answer that held nothing new) and what is now kept of its PMIDs."""
        with self.transaction():
            if batch is not None:
                self.rows(
                    "INSERT OR REPLACE INTO batches (source, name, sha256, n_records, fetched_at, asked, issued) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        batch.source,
                        batch.name,
                        batch.sha256,
                        batch.n_records,
                        batch.fetched_at,
                        " ".join(batch.asked),
                        batch.issued,
                    ),
                )
            self.each(
                "INSERT OR REPLACE INTO pmids VALUES (?, ?, ?, ?, ?, ?)",
                ((source, one.pmid, one.batch, one.digest, one.as_of, one.revised_on) for one in kept),
            )

    def forget(self, source: str, name: str) -> int:
        """Drop a batch whose file is gone, so that its records are fetched again; gives the number of records."""
        with self.transaction():
            n_records = self.rows("SELECT count(*) FROM pmids WHERE source = ? AND batch = ?", (source, name))[0][0]
            self.rows("DELETE FROM pmids WHERE source = ? AND batch = ?", (source, name))
            self.rows("DELETE FROM deletions WHERE source = ? AND batch = ?", (source, name))
            self.rows("DELETE FROM batches WHERE source = ? AND name = ?", (source, name))
        return int(n_records)

    def _prepare(self) -> None:
        # emptiness first: another run may be making the ledger at this moment
        empty = not self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        application, version = mark_of(self._connection)
        if not empty and application != APPLICATION_ID:
            raise StorageError(f"{self.path}: an SQLite file of another program; move it away: the next run makes a ledger")
        if version > VERSION:
            raise StorageError(
                f"{self.path}: a ledger of version {version}, this program reads {VERSION}; "
                "use the genemine that made it, or another --data-dir"
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        if version < VERSION:
            bring_up(self._connection)


def _why_not(error: sqlite3.Error) -> str:
    # moving it away is advice for a file that is beyond help, never for a full disk or another run in its way
    in_the_way = (
        sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM,
    )  # fmt: skip
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in in_the_way:
        return f"ledger cannot be opened ({error}); free space, make the folder writable, or end the other run"
    return f"not a ledger, or damaged ({error}); move it away: the next run makes one"
