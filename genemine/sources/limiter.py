"""One request budget for every process of this machine that asks the same service.

NCBI counts request *starts* per IP address, or per API key. So all collectors share one small file with the time of the last start:
each takes the next free moment under a lock, then waits for it outside the lock. Spacing starts works where retrying does not.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

log = logging.getLogger(__name__)

# starts spaced at exactly the limit sometimes hit it on the way through the network: 0.333 s did, 0.37 s did not
# (comment in Bio.Entrez._open, Biopython 1.88)
SLACK = 1.1
# a last start this far ahead of the clock (seconds) means that the clock was set back
MAX_AHEAD = 120.0
# whoever holds the shared file for so long (seconds) was stopped, not slow
LOCK_PATIENCE = 30.0
# a service that was not asked for so long (seconds) is dropped from the shared file
FORGOTTEN = 3600.0


class RateLimiter:
    """Hands out the moments at which requests may start."""

    def __init__(
        self,
        scope: str,
        per_second: float,
        *,
        folder: Path | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare a budget; nothing is written before the first :meth:`wait`.

        Args:
            scope: what shares the budget, see :func:`budget_scope`.
            per_second: starts a second that the service allows.
            folder: where the shared file lies; None for a folder of this machine's temporary directory.
            clock: seconds since the epoch; the wall clock, because processes have only that in common.
            sleep: waits so many seconds.
        """
        self.interval = SLACK / per_second
        self._folder = Path(tempfile.gettempdir()) / "genemine-budget" if folder is None else folder
        self._name = hashlib.sha256(scope.encode()).hexdigest()[:20]
        self._clock = clock
        self._sleep = sleep
        self._last = 0.0

    def wait(self) -> float:
        """Return when the next request may start; gives the seconds waited."""
        now = self._clock()
        start = self._reserve(now)
        if start > now:
            self._sleep(start - now)
        return max(0.0, start - now)

    def _reserve(self, now: float) -> float:
        try:
            _make_shared(self._folder)
            with FileLock(self._folder / "starts.lock", timeout=LOCK_PATIENCE, mode=0o666):
                return self._take(self._folder / "starts.json", now)
        except OSError as error:
            # collecting goes on: this process alone still keeps to the limit
            log.warning("%s: request budget cannot be shared with other processes (%s)", self._folder, error.strerror or error)
            self._last = _next_start(self._last, self.interval, now)
            return self._last

    def _take(self, state: Path, now: float) -> float:
        starts = {name: start for name, start in _read(state).items() if abs(now - start) < FORGOTTEN}
        starts[self._name] = start = _next_start(starts.get(self._name, 0.0), self.interval, now)
        _write(state, starts)
        return start


def budget_scope(base_url: str, api_key: str) -> str:
    """What shares a budget: the service's host and, where there is one, a digest of the API key (never the key)."""
    host = urlsplit(base_url).netloc.rpartition("@")[2]
    return f"{host} {hashlib.sha256(api_key.encode()).hexdigest()}" if api_key else host


def _next_start(last: float, interval: float, now: float) -> float:
    return now if last - now > MAX_AHEAD else max(now, last + interval)


def _read(state: Path) -> dict[str, float]:
    # cut off by a crash or never written: at worst one request starts too early, and is retried
    try:
        found = json.loads(state.read_text(encoding="ascii"))
        return {str(name): float(start) for name, start in found.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def _write(state: Path, starts: dict[str, float]) -> None:
    # the folder is open to all users: a link planted there must not lead the write elsewhere
    descriptor = os.open(state, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o666)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(starts, file)
    with suppress(PermissionError):  # the file of another user, who opened it to all already
        state.chmod(0o666)


def _make_shared(folder: Path) -> None:
    # every user of the machine shares its IP address, so every user may write here
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o777)
