"""Collect: from a query to raw shards and the ledger, so that nothing is lost and nothing is fetched twice.

``collect`` fetches what entered PubMed between two days. ``collect_new`` is the nightly step: it asks for what is new (edat) and
what was revised (mdat) since the query's watermark, with an overlap of days because PubMed dates records before it shows them, and
moves the watermark only after all of it is on disk. When a record is fetched:

- new: if nothing of it is on disk;
- revised: if PubMed lists it under a later mdat day than before, or the day was not over when it was last fetched.

A record that comes back unchanged is not stored again. What bulk files brought counts as known to the collector of NCBI's records.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta

from genemine.config import Settings
from genemine.errors import QueryError
from genemine.pipeline.collect_job import Clock, CollectReport, Progress, Tell, begin, some, utc_now
from genemine.sources.entrez import EntrezClient
from genemine.sources.entrez_search import Found, Window
from genemine.storage.progress import Watermark, watermark_of

log = logging.getLogger(__name__)

__all__ = ["CollectReport", "checked_query", "collect", "collect_new"]

# how many days back revisions are asked for where the watermark cannot be trusted; a search for each
MAX_BACK = timedelta(days=366)


def collect(
    query: str,
    since: date | None,
    until: date | None,
    settings: Settings,
    progress: Progress | None = None,
    *,
    allow_empty: bool = False,
    client: EntrezClient | None = None,
    clock: Clock = utc_now,
    tell: Tell | None = None,
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
        clock: the moment, with its time zone.
        tell: called with advice to the user before the fetching begins; None logs it as a warning.

    Raises:
        QueryError: the query or the days cannot be asked, or nothing matches.
        ConfigError: NCBI is to be asked without an email address, or refuses the API key; this machine's clock is days ahead.
        SourceError: the service fails; what was fetched is kept.
        StorageError: the data folder cannot be written, or another collection holds it.
    """
    term = checked_query(query)
    if since and until and since > until:
        raise QueryError(f"the first day {since} lies after the last day {until}; swap them")
    with begin(term, settings, None, client, clock, tell) as job:
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
    clock: Clock = utc_now,
    tell: Tell | None = None,
) -> CollectReport:
    """Fetch what is new or revised since the last complete night of this query; an empty night is fine.

    Args:
        query: a PubMed query; its watermark goes by its words, so another query begins anew.
        settings: all settings.
        today: the night to run for; None for the clock's day.
        first_days: how many days back the first night reaches; 0 for all records, whatever their dates.
        progress: called with (records asked for, records wanted).
        client: asks the service; None makes one from the settings.
        clock: the moment, with its time zone.
        tell: called with advice to the user before the fetching begins; None logs it as a warning.

    Raises:
        As :func:`collect`, but for an empty result.
    """
    term = checked_query(query)
    with begin(term, settings, today, client, clock, tell) as job:
        night, before = job.night, watermark_of(job.ledger, job.source, term)
        first_day = night - timedelta(days=first_days) if first_days > 0 else None
        start = before.since if before else first_day
        back = min(before.until if before else night, night) - timedelta(days=settings.entrez.overlap_days)
        entered = max(back, start or back) if before else start
        ahead = before is not None and before.until > night
        if ahead:
            # noted under a wrong clock, or an earlier night is made up for: nobody knows how far all is on disk, so ask for all
            log.warning("the watermark of %r lies after %s; searching from its first day on", term, night)
            entered, back = start, max(start or date.min, night - MAX_BACK)
        found = job.search(term, Window("edat", entered))
        # asked on the first night too: it tells under which day the new records stand, so that the second need not fetch them again
        wanted = job.new(found) | job.revised(back, night, start)
        return job.finish(wanted, found.unknown_phrases, Watermark(job.source, term, start, night), progress, back=ahead)


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


def _no_match(term: str, since: date | None, until: date | None, found: Found) -> str:
    days = f" between {since or 'the first day'} and {until or 'today'}" if since or until else ""
    unknown = f" (PubMed holds no record with: {some(found.unknown_phrases)})" if found.unknown_phrases else ""
    return f"no record matches {term!r}{days}{unknown}; widen the query or the days"
