"""Files that are either whole or not there: written under a temporary name, synced to disk, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genemine.errors import StorageError

# What a killed run leaves behind ends so; nothing else in the data folder may.
TEMPORARY_SUFFIX = ".part"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on leaving, sync it and rename it to ``path``.

    A failure inside the block, a full disk included, removes the temporary file and leaves ``path`` as it was.

    Raises:
        StorageError: the file cannot be written.
    """
    # the process id keeps two writers of one path out of each other's bytes; the last rename wins with a whole file
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        _remove(temporary)


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a crash leaves the old file or the new one, never a part.

    Raises:
        StorageError: the file cannot be written.
    """
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


def sync(path: Path) -> None:
    """Ask the system to put a file, or the names in a folder, on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_parts(folder: Path) -> int:
    """Remove what killed writers left in ``folder``; the caller holds the folder's lock. Returns how many files."""
    parts = sorted(folder.rglob(f"*{TEMPORARY_SUFFIX}"))
    for part in parts:
        _remove(part)
    return len(parts)


def cannot_write(path: Path, error: OSError) -> StorageError:
    """The error to raise where ``path`` cannot be written."""
    why = error.strerror or error
    return StorageError(f"{path}: cannot be written ({why}); free space, make the folder writable or give another with --data-dir")


def cannot_read(path: Path, error: OSError) -> StorageError:
    """The error to raise where ``path`` cannot be read."""
    return StorageError(f"{path}: cannot be read ({error.strerror or error}); check the path and its permissions")


def _remove(path: Path) -> None:
    # a folder that turned read-only keeps the part; the next run that may write removes it
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
