"""A file server asked with patience: what another try may mend is tried again, with waits that double; the rest is told at once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from genemine.errors import SourceError
from genemine.sources.bulk_download import Again, why

log = logging.getLogger(__name__)

T = TypeVar("T")
_LOOPBACK = ("127.", "localhost", "::1")


class Patient:
    """One session of requests, and when they are tried again.

    Args:
        max_tries: tries of one file.
        connect_timeout: seconds.
        read_timeout: seconds without a byte.
        check: what to look at where the server refuses ("check the address (--from)").
        sleep: waits; tests give one that does not.
    """

    def __init__(
        self,
        max_tries: int,
        connect_timeout: float,
        read_timeout: float,
        check: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.max_tries = max_tries
        self._times = (connect_timeout, read_timeout)
        self._check = check
        self.sleep = sleep
        self._session = requests.Session()
        # identity: a file is wanted as it lies there, and its length has to be that of the file
        self._session.headers.update({"User-Agent": "genemine", "Accept-Encoding": "identity"})

    def stay_on_this_machine(self, host: str) -> None:
        """Ask no proxy of the environment for a host that is this machine."""
        self._session.trust_env = not host.startswith(_LOOPBACK)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def patiently(self, url: str, attempt: Callable[[str], T]) -> T:
        """Call ``attempt(url)`` until it raises no :class:`Again`, at most ``max_tries`` times.

        Raises:
            SourceError: every try failed; or what ``attempt`` raises itself.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self.max_tries),
            wait=wait_exponential_jitter(initial=1, max=60, jitter=1),
            retry=retry_if_exception_type(Again),
            sleep=self.sleep,
            before_sleep=_teller(url),
            reraise=True,
        )
        try:
            return retrying(attempt, url)
        except Again as problem:
            raise SourceError(
                f"{url}: could not be had in {self.max_tries} tries (the last: {problem}); "
                "what came is kept: run again later to go on"
            ) from problem

    @contextmanager
    def opened(self, url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        """Ask for ``url``; gives an answer whose body has not come yet. 304 and 416 are answers, too.

        Raises:
            Again: the line or the server failed in a way that may pass.
            SourceError: it refuses.
        """
        try:
            response = self._session.get(url, headers=headers, stream=True, timeout=self._times)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise Again(why(error)) from error
        except requests.RequestException as error:
            raise SourceError(f"{url}: cannot be asked ({error}); {self._check}") from error
        with response:
            status = response.status_code
            if status in (408, 429) or status >= 500:
                raise Again(f"HTTP {status}")
            if status >= 400 and status != 416:
                raise SourceError(f"{url}: refused with HTTP {status}; {self._check}")
            yield response


def _teller(url: str) -> Callable[[RetryCallState], None]:
    def tell(state: RetryCallState) -> None:
        problem = state.outcome.exception() if state.outcome else None
        log.warning("%s: try %d failed (%s); again in %.0f s", url, state.attempt_number, problem, state.upcoming_sleep)

    return tell
