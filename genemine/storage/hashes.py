"""Hashes of raw files without reading the files again: remembered in the ledger while size and time of a file stand."""

from __future__ import annotations

import os
from pathlib import Path

from genemine.storage.files import cannot_read
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.shards import file_sha256


def raw_sha256(layout: Layout, path: Path, ledger: Ledger) -> str:
    """SHA-256 of a raw file as it lies on disk, in hex; the file is read only if its size or time changed since it was hashed.

    Raises:
        StorageError: the file or the ledger cannot be read.
    """
    before = _stat(path)
    known = ledger.rows("SELECT size, mtime_ns, sha256 FROM files WHERE path = ?", (_name(layout, path),))
    if known and known[0][:2] == (before.st_size, before.st_mtime_ns):
        return str(known[0][2])
    sha256 = file_sha256(path)
    after = _stat(path)
    if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):  # not written to while it was read
        remember_sha256(layout, path, sha256, ledger)
    return sha256


def remember_sha256(layout: Layout, path: Path, sha256: str, ledger: Ledger) -> None:
    """Note the hash of a file that was just written, so that it need not be read for it.

    Raises:
        StorageError: the file cannot be found, or the ledger cannot be written.
    """
    stat = _stat(path)
    values = (_name(layout, path), stat.st_size, stat.st_mtime_ns, sha256)
    with ledger.transaction():
        ledger.rows("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", values)


def forget_sha256(layout: Layout, path: Path, ledger: Ledger) -> None:
    """Strike out the hash of a file, so that it is read again."""
    with ledger.transaction():
        ledger.rows("DELETE FROM files WHERE path = ?", (_name(layout, path),))


def _name(layout: Layout, path: Path) -> str:
    # relative, so that the data folder may be moved
    return path.relative_to(layout.data_dir).as_posix() if path.is_relative_to(layout.data_dir) else path.as_posix()


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise cannot_read(path, error) from error
