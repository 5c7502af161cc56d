"""PubMed over the E-utilities, through Bio.Entrez: its transport only, with our own pacing, time-outs and retries.

Bio.Entrez 1.88 retries 429 and 5xx three times without a pause, has no time-out, and does not retry a body that breaks off. So it
is given one try, an opener of ours, and every answer is checked before it counts. Importing this module changes nothing global; a
request sets ``Entrez.max_tries`` and urllib's opener under a lock and puts both back.
"""

from __future__ import annotations

import http.client
import logging
import random
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from Bio import Entrez
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from genemine.config import EntrezSettings
from genemine.errors import ConfigError, SourceError
from genemine.sources.entrez_answers import EMPTY_SET, SearchPage, parse_records, parse_search
from genemine.sources.entrez_transport import EmptyAnswer, Transient, make_opener, read_answer, scrub, translate
from genemine.sources.limiter import RateLimiter, budget_scope

log = logging.getLogger(__name__)
T = TypeVar("T")

# an address that never answered is more probably wrong than down: fewer tries, so that a typing error is told within seconds
TRIES_WHEN_NEVER_REACHED = 3
# longest pause between two tries, in seconds
MAX_WAIT = 60.0
_GLOBALS = threading.Lock()


class BrokenAnswerError(SourceError):
    """Every try of an efetch gave bytes that are no XML; ``body`` is the last of them."""

    def __init__(self, message: str, body: bytes) -> None:
        super().__init__(message)
        self.body = body


class EntrezClient:
    """Asks one E-utilities server, politely and until the answer is whole."""

    def __init__(
        self,
        settings: EntrezSettings,
        *,
        limiter: RateLimiter | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Check the settings; sends nothing.

        Raises:
            ConfigError: NCBI itself is to be asked without an email address, or the base URL is none.
        """
        if settings.is_live and not settings.email:
            raise ConfigError(
                "NCBI asks every program for an email address, so that it can warn before it blocks: "
                "set NCBI_EMAIL, or email in the [entrez] settings"
            )
        self.settings = settings
        self.requests = 0
        self.server_time: datetime | None = None  # what the service's clock said in its newest answer
        self._opener = make_opener(settings)
        scope = budget_scope(settings.base_url, settings.api_key)
        self._limiter = limiter or RateLimiter(scope, settings.requests_per_second, sleep=sleep)
        self._sleep = sleep
        self._answered = False

    def search_page(self, term: str, *, retstart: int = 0, retmax: int = 0, dates: Mapping[str, str] | None = None) -> SearchPage:
        """Ask esearch for one page of PMIDs; ``dates`` are datetype, mindate and maxdate.

        Raises:
            QueryError: the query cannot be understood.
            SourceError: the service cannot be reached or gives no usable answer.
        """

        def parse(body: bytes) -> SearchPage:
            return parse_search(body, retstart, retmax)

        return self._ask(Entrez.esearch, parse, term=term, retstart=retstart, retmax=retmax, **(dates or {}))

    def fetch(self, pmids: Sequence[str]) -> tuple[bytes, dict[str, str]]:
        """Ask efetch for records.

        Returns:
            The XML as sent, and PMID -> digest of each record in it; records may be missing.

        Raises:
            BrokenAnswerError: every try gave bytes that are no XML.
            SourceError: the service cannot be reached or gives no usable answer.
        """

        def parse(body: bytes) -> tuple[bytes, dict[str, str]]:
            return body, parse_records(body)

        return self._ask(Entrez.efetch, parse, id=",".join(pmids), retmode="xml")

    def pause(self, n_tries: int) -> None:
        """Wait before what an answer lacked is asked for again: longer after more tries, with jitter, as between other tries."""
        self._sleep(min(2.0**n_tries, MAX_WAIT) + random.uniform(0, 1))  # noqa: S311  no secret, it only spreads requests

    def _ask(self, call: Callable[..., Any], parse: Callable[[bytes], T], **params: Any) -> T:
        retrying = Retrying(
            stop=self._given_up,
            wait=wait_exponential_jitter(initial=1, max=MAX_WAIT, jitter=1),
            retry=retry_if_exception_type(Transient),
            sleep=self._sleep,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return retrying(self._try, call, parse, params)
        except Transient as failure:
            last = failure
        raise self._failed(call.__name__, last)

    def _try(self, call: Callable[..., Any], parse: Callable[[bytes], T], params: dict[str, Any]) -> T:
        self._limiter.wait()
        self.requests += 1
        try:
            body = self._send(call, params)
        except (OSError, http.client.HTTPException) as error:
            problem: Exception = translate(error, self.settings)
        else:
            self._answered = True
            return parse(body)
        if isinstance(problem, EmptyAnswer):
            return parse(EMPTY_SET)
        self._answered = self._answered or not getattr(problem, "unreachable", False)
        # raised here and not above: chained to the library's error it would carry the URL, and with it the key
        raise problem

    def _send(self, call: Callable[..., Any], params: dict[str, Any]) -> bytes:
        with _contained(self._opener):
            handle = call(
                db="pubmed",
                tool=self.settings.tool,
                email=self.settings.email,
                api_key=self.settings.api_key or None,
                **params,
            )
        with closing(handle):
            body = read_answer(handle)
            self.server_time = _sent_at(handle) or self.server_time
        return body

    def _given_up(self, state: RetryCallState) -> bool:
        problem = state.outcome.exception() if state.outcome else None
        never_reached = isinstance(problem, Transient) and problem.unreachable and not self._answered
        limit = min(TRIES_WHEN_NEVER_REACHED, self.settings.max_tries) if never_reached else self.settings.max_tries
        return state.attempt_number >= limit

    def _tell(self, state: RetryCallState) -> None:
        problem = state.outcome.exception() if state.outcome else None
        log.warning(
            "E-utilities: try %d failed (%s); again in %.0f s", state.attempt_number, self._scrubbed(problem), state.upcoming_sleep
        )

    def _failed(self, name: str, last: Transient) -> SourceError:
        url, why = self.settings.base_url, self._scrubbed(last)
        if last.unreachable and not self._answered:
            return SourceError(f"{url}: cannot be reached ({why}); check the network and the address (GENEMINE_EUTILS_URL)")
        message = (
            f"{url}{name}.fcgi: no usable answer in {self.settings.max_tries} tries (the last: {why}); "
            "what was collected is kept: run again later to go on"
        )
        return BrokenAnswerError(message, last.body) if last.body else SourceError(message)

    def _scrubbed(self, problem: BaseException | None) -> str:
        return scrub(str(problem), self.settings.api_key)


def _sent_at(handle: Any) -> datetime | None:
    response = getattr(handle, "buffer", handle)  # Bio.Entrez wraps text/plain answers
    try:
        sent = parsedate_to_datetime(response.headers["Date"])
    except (TypeError, ValueError):  # no such header, or no date in it
        return None
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


@contextmanager
def _contained(opener: urllib.request.OpenerDirector) -> Iterator[None]:
    """Let Bio.Entrez use ``opener`` and one try, for as long as the request takes to be answered."""
    with _GLOBALS:
        before = Entrez.max_tries, getattr(urllib.request, "_opener", None)
        Entrez.max_tries = 1
        Entrez._open.previous = 0.0  # the limiter paces, across processes; Bio.Entrez's own wait would only add to it
        urllib.request.install_opener(opener)
        try:
            yield
        finally:
            Entrez.max_tries = before[0]
            urllib.request.install_opener(before[1])
