"""Collect: from a query to raw shards and the ledger, so that nothing is lost and nothing is fetched twice.

``collect`` fetches what entered PubMed between two days. ``collect_new`` is the nightly step: it asks for what is new (edat) and
what was revised (mdat) since the query's watermark, with an overlap of days because PubMed dates records before it shows them, and
moves the watermark only after all of it is on disk. When a record is fetched:

- new: if nothing of it is on disk;
- revised: if PubMed lists it under a later mdat day than before, or the day was not over when it was last fetched.

A record that comes back unchanged adds no raw shard.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from genemine.config import Settings
from genemine.errors import QueryError
from genemine.pipeline.collect_batches import Fetched, Fetcher
from genemine.pipeline.collect_resume import resume
from genemine.sources.entrez import EntrezClient
from genemine.sources.entrez_search import Found, Window, search
from genemine.storage.layout import Layout
from genemine.storage.ledger import Ledger
from genemine.storage.lock import held
from genemine.storage.progress import Watermark, begin_query, finish_queries, missing_of, note_missing, watermark_of

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]


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
            lines.append(f"missing: PubMed did not hand out {len(self.missing):,}: {_some(self.missing)}; they are asked for again")
        if self.unknown_phrases:
            lines.append(f"note: PubMed holds no record with: {_some(self.unknown_phrases)}")
        return "\n".join(lines)


def collect(
    query: str,
    since: date | None,
    until: date | None,
    settings: Settings,
    progress: Progress | None = None,
    *,
    allow_empty: bool = False,
    client: EntrezClient | None = None,
) -> CollectReport:
    """Fetch the records of a query that entered PubMed between two days, both included; None leaves an end open.

    Args:
        query: a PubMed query.
        since: first day.
        until: last day.
        settings: all settings.
        progress: called with (records asked for, records wanted).
        allow_empty: whether a query that matches nothing is fine.
        client: asks the service; None makes one from the settings.

    Raises:
        QueryError: the query or the days cannot be asked, or nothing matches.
        ConfigError: NCBI is to be asked without an email address, or refuses the API key.
        SourceError: the service fails; what was fetched is kept.
        StorageError: the data folder cannot be written, or another collection holds it.
    """
    term = checked_query(query)
    if since and until and since > until:
        raise QueryError(f"the first day {since} lies after the last day {until}; swap them")
    with _job(term, settings, datetime.now(UTC).date(), client) as job:
        found = job.search(term, Window("edat", since, until))
        if not found.pmids and not allow_empty:
            raise QueryError(_no_match(term, since, until, found))
        return job.finish(job.new(found), found.unknown_phrases, None, progress)


def collect_new(
    query: str,
    settings: Settings,
    today: date | None = None,
    first_days: int = 30,
    progress: Progress | None = None,
    *,
    client: EntrezClient | None = None,
) -> CollectReport:
    """Fetch what is new or revised since the last complete night of this query; an empty night is fine.

    Args:
        query: a PubMed query; its watermark goes by its words, so another query begins anew.
        settings: all settings.
        today: the night to run for; None for today in UTC.
        first_days: how many days back the first night reaches; 0 for all records, whatever their dates.
        progress: called with (records asked for, records wanted).
        client: asks the service; None makes one from the settings.

    Raises:
        As :func:`collect`, but for an empty result.
    """
    term, night = checked_query(query), today or datetime.now(UTC).date()
    with _job(term, settings, night, client) as job:
        before = watermark_of(job.ledger, job.source, term)
        first_day = night - timedelta(days=first_days) if first_days > 0 else None
        start = before.since if before else first_day
        back = min(before.until if before else night, night) - timedelta(days=settings.entrez.overlap_days)
        found = job.search(term, Window("edat", max(back, start or back) if before else start))
        # asked on the first night too: it tells under which day the new records stand, so that the second need not fetch them again
        wanted = job.new(found) | job.revised(back, night, start)
        return job.finish(wanted, found.unknown_phrases, Watermark(job.source, term, start, night), progress)


def checked_query(query: str) -> str:
    """The query with single spaces.

    Raises:
        QueryError: it is empty, or its quotes or brackets do not match (PubMed would guess, and slices would be wrong).
    """
    term = " ".join(query.split())
    if not term:
        raise QueryError("the query is empty; give one such as 'BRCA1[tiab] AND breast neoplasms[mh]'")
    parts = term.split('"')
    if len(parts) % 2 == 0:
        raise QueryError(f"the query {term!r} has an odd number of quotation marks; close the phrase")
    depth = 0
    for mark in "".join(parts[::2]):
        depth += (mark == "(") - (mark == ")")
        if depth < 0:
            break
    if depth:
        raise QueryError(f"the query {term!r} has brackets without a partner; balance them")
    return term


@dataclass
class _Job:
    """One collection: what it asks, what it found so far."""

    term: str
    client: EntrezClient
    ledger: Ledger
    fetcher: Fetcher
    night: date
    started: float
    query_ids: list[int]
    found: set[str]

    @property
    def source(self) -> str:
        return self.fetcher.source

    def search(self, term: str, window: Window) -> Found:
        found = search(self.client, term, window, page_size=self.client.settings.page_size)
        slices = [(part.term, part.n_found) for part in found.slices]
        self.query_ids.append(begin_query(self.ledger, self.source, term, window.params(), slices, len(found.pmids)))
        self.found.update(found.pmids)
        return found

    def new(self, found: Found) -> dict[str, str]:
        """PMID -> "" of the records of which nothing is on disk."""
        known = self.ledger.kept(self.source, found.pmids)
        return {pmid: "" for pmid in found.pmids if pmid not in known}

    def revised(self, first: date, last: date, since: date | None) -> dict[str, str]:
        """PMID -> mdat day of the records that were revised from ``first`` to ``last`` and are not on disk as revised."""
        term = f"({self.term}) AND {since:%Y/%m/%d}:3000/12/31[edat]" if since else self.term
        wanted: dict[str, str] = {}
        for back in range((last - first).days + 1):
            day = last - timedelta(days=back)
            found = self.search(term, Window("mdat", day, day))
            known = self.ledger.kept(self.source, found.pmids)
            for pmid in found.pmids:
                kept = known.get(pmid)
                if kept is None or kept.revised_on < day.isoformat() or kept.as_of <= day.isoformat() < self.night.isoformat():
                    wanted.setdefault(pmid, day.isoformat())
        return wanted

    def finish(
        self, wanted: dict[str, str], phrases: tuple[str, ...], watermark: Watermark | None, progress: Progress | None
    ) -> CollectReport:
        """Fetch, then note that it is complete."""
        lacking = missing_of(self.ledger, self.source, self.term)
        ordered = sorted(wanted.keys() | lacking.keys(), key=lambda pmid: (len(pmid), pmid))
        fetched = self.fetcher.fetch({pmid: wanted.get(pmid, "") for pmid in ordered}, progress)
        came = missing_of(self.ledger, self.source).keys() & fetched.pmids
        note_missing(self.ledger, self.source, self.term, fetched.missing, came)
        finish_queries(self.ledger, self.query_ids, watermark)
        report = self._report(len(self.found - set(ordered)), fetched, phrases)
        log.info("%s", report.summary())
        return report

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
def _job(term: str, settings: Settings, night: date, client: EntrezClient | None) -> Iterator[_Job]:
    """Everything that can be refused is refused here, before the first request."""
    started = time.monotonic()
    asking = client or EntrezClient(settings.entrez)
    layout = Layout(settings.data_dir)
    layout.prepare()
    with held(layout.raw, "collecting"), Ledger(layout.ledger) as ledger:
        resume(layout, ledger, settings.entrez.source)
        fetcher = Fetcher(asking, layout, ledger, night.isoformat())
        yield _Job(term, asking, ledger, fetcher, night, started, [], set())


def _no_match(term: str, since: date | None, until: date | None, found: Found) -> str:
    days = f" between {since or 'the first day'} and {until or 'today'}" if since or until else ""
    unknown = f" (PubMed holds no record with: {_some(found.unknown_phrases)})" if found.unknown_phrases else ""
    return f"no record matches {term!r}{days}{unknown}; widen the query or the days"


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - 20:,} more" if len(names) > 20 else ""
    return ", ".join(names[:20]) + more
