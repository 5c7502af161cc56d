"""The tables of the ledger, and how a ledger of an older version becomes one of today's.

``source`` is the folder below data/raw, so that two servers' records and progress are kept apart. Dates are ISO texts.
"""

from __future__ import annotations

import sqlite3

VERSION = 2
# "genm" in ASCII: marks the file as genemine's own
APPLICATION_ID = 0x67656E6D

_VERSION_1 = """
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
                         detail TEXT NOT NULL, raw BLOB NOT NULL, added_at TEXT NOT NULL, UNIQUE (source, pmid, reason, raw))
"""
# issued: the day by which batches are ordered; deletions: what bulk files ask to delete, so that an older file may come later;
# files: hashes of raw files, valid while size and time stand
_TO_VERSION_2 = """
ALTER TABLE batches ADD COLUMN issued TEXT NOT NULL DEFAULT '';
UPDATE batches SET issued = substr(fetched_at, 1, 10);
CREATE TABLE deletions (source TEXT NOT NULL, pmid TEXT NOT NULL, batch TEXT NOT NULL,
                        PRIMARY KEY (source, pmid, batch)) WITHOUT ROWID;
CREATE TABLE files (path TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL)
"""
# from an empty file up, one step a version
_STEPS = (_VERSION_1, _TO_VERSION_2)


def mark_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """The application id and the version that the file carries; (0, 0) for an empty one."""
    application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    return int(application), int(version)


def bring_up(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file, or bring an older ledger to today's version, in one transaction.

    A run killed here leaves the file as it was. Of two runs that start at once the second finds the work done.

    Raises:
        sqlite3.Error: the file cannot be written.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in _STEPS[mark_of(connection)[1] :]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
