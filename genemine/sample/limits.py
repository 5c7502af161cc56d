"""NCBI's gate: three requests a second for an address, ten for an API key, and no key but one of the right form.

Source: NCBI's usage guidelines (NBK25497, "API Keys"); the JSON bodies are those its servers send.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable

from genemine.sample.answers import JSON_TYPE, Answer

LIMIT_BY_ADDRESS = 3  # requests a second
LIMIT_BY_KEY = 10
WINDOW = 1.0  # seconds
API_KEY = re.compile(r"[0-9a-f]{36}")
MAX_CALLERS = 10_000  # windows remembered at once


class Gate:
    """Counts the requests of each caller in windows of one second; a refused request counts too."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._windows: dict[str, tuple[float, int]] = {}  # caller -> (start of its window, requests in it)
        self._lock = threading.Lock()

    def refusal(self, address: str, api_key: str | None) -> Answer | None:
        """The answer to a request that may not pass, None for one that may. ``api_key`` is None where the parameter is absent."""
        if api_key is not None and not API_KEY.fullmatch(api_key):
            return _json(400, {"error": "API key invalid", "api-key": api_key, "type": "invalid", "status": "unknown"})
        caller, limit = (api_key, LIMIT_BY_KEY) if api_key else (address, LIMIT_BY_ADDRESS)
        count = self._count(caller)
        if count <= limit:
            return None
        # NCBI sends no Retry-After
        return _json(
            429,
            {"error": "API rate limit exceeded", "api-key": caller, "count": str(count), "limit": str(limit)},
            (("X-RateLimit-Limit", str(limit)), ("X-RateLimit-Remaining", "0")),
        )

    def _count(self, caller: str) -> int:
        now = self._clock()
        with self._lock:
            if len(self._windows) >= MAX_CALLERS:
                self._windows = {c: w for c, w in self._windows.items() if now - w[0] < WINDOW}
            start, count = self._windows.get(caller, (now, 0))
            if now - start >= WINDOW:
                start, count = now, 0
            self._windows[caller] = (start, count + 1)
            return count + 1


def _json(status: int, body: dict[str, str], headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(json.dumps(body, separators=(",", ":")).encode() + b"\n", JSON_TYPE, status, headers)
