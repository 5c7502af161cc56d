"""One collection as it goes on: what it asks, what it found, what it fetches, and what it reports."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from genemine.config import EntrezSettings, Settings
from genemine.errors import ConfigError
from genemine.pipeline.collect_batches import Fetched, Fetcher
from genemine.pipeline.collect_resume import resume
from genemine.sources.entrez import EntrezClient
from genemine.sources.entrez_search import Found, Window, search
from genemine.sources.offpeak import off_peak_advice
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.lock import held
from genemine.storage.progress import ANY_QUERY, Watermark, begin_query, finish_queries, missing_of, note_missing

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
Tell = Callable[[str], None]
Clock = Callable[[], datetime]

# our clock this far ahead of the service's: more than slow answers and a hurried clock explain
MAX_AHEAD = timedelta(days=1)


def utc_now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class CollectReport:
    """What one collection did.

    ``found`` records matched; of those ``known`` were on disk as they are; ``fetched`` are new or changed, ``unchanged`` were
    fetched and found as before. ``batches`` names the new raw shards ("source/name"), ``missing`` the PMIDs that PubMed lists but
    did not hand out: they are asked for again by the next collection of this query.
    """

    query: str
    found: int
    known: int
    fetched: int
    unchanged: int
    batches: tuple[str, ...]
    missing: tuple[str, ...]
    requests: int
    seconds: float
    unknown_phrases: tuple[str, ...] = ()

    def summary(self) -> str:
        """One line for the screen and the log, with what needs attention below."""
        lines = [
            f"collected: {self.found:,} records match, {self.known:,} on disk already, {self.fetched:,} fetched into "
            f"{len(self.batches):,} raw shards, {self.unchanged:,} unchanged ({self.requests:,} requests, {self.seconds:.1f} s)"
        ]
        if self.missing:
            lines.append(f"missing: PubMed did not hand out {len(self.missing):,}: {some(self.missing)}; they are asked for again")
        if self.unknown_phrases:
            lines.append(f"note: PubMed holds no record with: {some(self.unknown_phrases)}")
        return "\n".join(lines)


@dataclass
class Job:
    """One collection. ``tell`` gets what the user should know before the work begins; the log has it in any case."""

    term: str
    settings: Settings
    client: EntrezClient
    ledger: Ledger
    fetcher: Fetcher
    night: date
    clock: Clock
    tell: Tell | None
    own_night: bool  # the night is what our clock says, not what somebody gave
    started: float = field(default_factory=time.monotonic)
    query_ids: list[int] = field(default_factory=list)
    found: set[str] = field(default_factory=set)

    @property
    def source(self) -> str:
        """The folder below data/raw."""
        return self.fetcher.source

    def search(self, term: str, window: Window) -> Found:
        """Ask for all PMIDs of a term, and note what was asked.

        Raises:
            ConfigError: this machine's clock is days ahead of the service's.
        """
        found = search(self.client, term, window, page_size=self.client.settings.page_size)
        if self.own_night:
            self._check_clock()
        slices = [(part.term, part.n_found) for part in found.slices]
        self.query_ids.append(begin_query(self.ledger, self.source, term, window.params(), slices, len(found.pmids)))
        self.found.update(found.pmids)
        return found

    def new(self, found: Found) -> dict[str, str]:
        """PMID -> "" of the records of which nothing is on disk."""
        known = self.fetcher.known(found.pmids)
        return {pmid: "" for pmid in found.pmids if pmid not in known}

    def revised(self, first: date, last: date, since: date | None) -> dict[str, str]:
        """PMID -> mdat day of the records that were revised from ``first`` to ``last`` and are not on disk as revised."""
        term = f"({self.term}) AND {since:%Y/%m/%d}:3000/12/31[edat]" if since else self.term
        wanted: dict[str, str] = {}
        for back in range((last - first).days + 1):
            day = last - timedelta(days=back)
            found = self.search(term, Window("mdat", day, day))
            known = self.fetcher.known(found.pmids)
            for pmid in found.pmids:
                kept = known.get(pmid)
                if kept is None or kept.revised_on < day.isoformat() or kept.as_of <= day.isoformat() < self.night.isoformat():
                    wanted.setdefault(pmid, day.isoformat())
        return wanted

    def finish(
        self,
        wanted: dict[str, str],
        phrases: tuple[str, ...],
        watermark: Watermark | None,
        progress: Progress | None,
        *,
        back: bool = False,
    ) -> CollectReport:
        """Fetch, then note that it is complete, and move the watermark, with ``back`` backwards too."""
        lacking = missing_of(self.ledger, self.source, self.term) | missing_of(self.ledger, self.source, ANY_QUERY)
        ordered = {pmid: wanted[pmid] for pmid in sorted(wanted, key=_number)}
        self._advise(len(wanted.keys() | lacking.keys()))
        fetched = self.fetcher.fetch(ordered, sorted(lacking, key=_number), progress)
        came = missing_of(self.ledger, self.source).keys() & fetched.pmids
        with self.ledger.transaction():
            note_missing(self.ledger, self.source, self.term, fetched.missing, came)
            finish_queries(self.ledger, self.query_ids, watermark, back=back)
        report = self._report(len(self.found - wanted.keys() - lacking.keys()), fetched, phrases)
        log.info("%s", report.summary())
        return report

    def _advise(self, n_records: int) -> None:
        if not self.settings.entrez.is_live:
            return
        n_requests = self.client.requests - (-n_records // self.client.settings.batch_size)
        if advice := off_peak_advice(n_requests, self.clock()):
            log.log(logging.INFO if self.tell else logging.WARNING, "%s", advice)
            if self.tell:
                self.tell(advice)

    def _check_clock(self) -> None:
        there, here = self.client.server_time, self.clock()
        if there is not None and here - there > MAX_AHEAD:
            raise ConfigError(
                f"this machine's clock says {here:%Y-%m-%d %H:%M} UTC, {self.client.settings.base_url} says "
                f"{there.astimezone(UTC):%Y-%m-%d %H:%M}: a night noted under a day to come would leave a gap; set the clock"
            )

    def _report(self, known: int, fetched: Fetched, phrases: tuple[str, ...]) -> CollectReport:
        return CollectReport(
            query=self.term,
            found=len(self.found),
            known=known,
            fetched=fetched.n_records,
            unchanged=fetched.n_unchanged,
            batches=tuple(f"{self.source}/{name}" for name in fetched.shards),
            missing=tuple(fetched.missing),
            requests=self.client.requests,
            seconds=time.monotonic() - self.started,
            unknown_phrases=phrases,
        )


@contextmanager
def begin(
    term: str, settings: Settings, night: date | None, client: EntrezClient | None, clock: Clock, tell: Tell | None
) -> Iterator[Job]:
    """Everything that can be refused is refused here, before the first request; ``night`` None is the clock's day."""
    asking = client or EntrezClient(settings.entrez)
    layout = Layout(settings.data_dir)
    layout.prepare()
    day = night or clock().date()
    # a moment's patience: whoever looks who holds the lock holds it for that moment
    with held(layout.raw, "collecting", patience=0.5), Ledger(layout.ledger) as ledger:
        resume(layout, ledger, settings.entrez.source)
        fetcher = Fetcher(asking, layout, ledger, day.isoformat(), known_sources(settings))
        yield Job(term, settings, asking, ledger, fetcher, day, clock, tell, night is None)


def some(names: Sequence[str]) -> str:
    """The first names of a list that may be long."""
    more = f" and {len(names) - 20:,} more" if len(names) > 20 else ""
    return ", ".join(names[:20]) + more


def known_sources(settings: Settings) -> tuple[str, ...]:
    """The folders below data/raw whose records the collector knows; the first takes what it fetches."""
    # bulk files hold NCBI's records: another server's are kept apart from them
    own = settings.entrez.source
    return (own, settings.bulk.source) if own == EntrezSettings().source else (own,)


def _number(pmid: str) -> tuple[int, str]:
    return len(pmid), pmid
