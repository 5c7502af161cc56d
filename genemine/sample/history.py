"""The history server: sets of PMIDs that esearch and epost keep under a WebEnv and a query key, for eight hours."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

LIFETIME = 8 * 3600.0  # seconds without use; NCBI's own is about eight hours
MAX_ENVIRONMENTS = 1_000  # the one longest unused makes room


@dataclass
class _Environment:
    used: float
    sets: list[tuple[int, ...]] = field(default_factory=list)


class History:
    """WebEnv -> the sets kept under it; query keys count from 1."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, lifetime: float = LIFETIME) -> None:
        self._clock = clock
        self._lifetime = lifetime
        self._kept: dict[str, _Environment] = {}
        self._lock = threading.Lock()

    def keep(self, pmids: Sequence[int], web_env: str = "") -> tuple[int, str]:
        """Store a set under a known WebEnv, or under a new one where it is unknown or expired; gives (query key, WebEnv)."""
        with self._lock:
            now = self._clock()
            self._drop_old(now)
            if web_env not in self._kept:
                while len(self._kept) >= MAX_ENVIRONMENTS:
                    del self._kept[min(self._kept, key=lambda name: self._kept[name].used)]
                web_env = f"MCID_{secrets.token_hex(12)}"
                self._kept[web_env] = _Environment(now)
            environment = self._kept[web_env]
            environment.used = now
            environment.sets.append(tuple(pmids))
            return len(environment.sets), web_env

    def recall(self, web_env: str, query_key: int) -> tuple[int, ...] | None:
        """The set, or None where the WebEnv is unknown or expired or has no such key."""
        with self._lock:
            now = self._clock()
            self._drop_old(now)
            environment = self._kept.get(web_env)
            if environment is None or not 1 <= query_key <= len(environment.sets):
                return None
            environment.used = now
            return environment.sets[query_key - 1]

    def _drop_old(self, now: float) -> None:
        self._kept = {name: e for name, e in self._kept.items() if now - e.used < self._lifetime}
