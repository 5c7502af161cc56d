"""One writer at a time in a data folder; the second is told who the first is."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from genemine.errors import BusyError
from genemine.storage.files import cannot_write


@contextmanager
def held(folder: Path, what: str, *, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock of ``folder`` while the block runs; the system frees it even after ``kill -9``.

    Args:
        folder: an existing folder; the lock is a file ``.lock`` in it, the holder's name stands in ``.holder``.
        what: what the holder does, for the message to others ("collecting").
        patience: seconds to wait for the other; -1 for as long as it takes.

    Raises:
        BusyError: another process holds the lock.
        StorageError: the folder cannot be written.
    """
    lock, sign = FileLock(folder / ".lock"), folder / ".holder"
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        raise BusyError(f"{folder}: held by {_name(sign)}; wait until it ends, or stop it, and run again") from None
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        # on a full disk there is no sign; the lock holds all the same
        with suppress(OSError):
            sign.write_text(
                f"process {os.getpid()} on {socket.gethostname()}, {what} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
            )
        yield
    finally:
        with suppress(OSError):
            sign.unlink(missing_ok=True)
        lock.release()


def holder(folder: Path) -> str | None:
    """Who holds the lock of ``folder`` at this moment; None for nobody, or where it cannot be asked (a read-only folder)."""
    if not (folder / ".lock").is_file():
        return None
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return _name(folder / ".holder")
    except OSError:
        return None
    lock.release()
    return None


def _name(path: Path) -> str:
    # the other may just be starting or ending
    try:
        return path.read_text() or "another process"
    except OSError:
        return "another process"
